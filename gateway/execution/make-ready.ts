import { GraphQLError, getVariableValues } from 'graphql';
import type { Json } from '../lib/json.ts';
import type { Operation } from '../planning/operation.ts';
import type { Authorization } from '../request/authorization.ts';
import type { GatewayContext } from '../request/context.ts';
import type { Denial } from '../request/denial.ts';
import type { DisclosedEnterprises } from '../request/disclosed-enterprises.ts';
import { errorOfDenial } from '../request/errors.ts';
import type { Supergraph } from '../supergraph/supergraph.ts';
import { observe } from '../telemetry/observe.ts';
import type { AskSubgraph, StreamedEvent } from '../upstream/subgraph.ts';
import { createAsk } from './ask-subgraph.ts';
import type { Compiled } from './compile-operation.ts';
import type { ExecutionAnswer, ExecutionRequest, ExecutorOptions } from './execution.ts';
import type { KeptOperation, KeptOperations } from './kept-operations.ts';
import { MergedData } from './merged-data.ts';
import type { Run } from './run.ts';
import { canChange, kindOf, sharingWith } from './sharing.ts';
import { answerByEvent } from './source.ts';

/** A request with its operation and variable values. `given` are the variables as the caller sent them. */
export type Asked = ExecutionRequest & { readonly operation: Operation; readonly given: Json };

/** An answer without data: the operation does not run. */
export type Refused = ExecutionAnswer & { readonly errors: readonly GraphQLError[] };

/** A request that can be run. */
export type Ready = { readonly resolved: Resolved; readonly authorized: Authorized; readonly run: Run };

/** What the caller may see, and where disclosed enterprises are noted. */
type Authorized = {
  readonly authorization: Authorization | undefined;
  readonly disclosed: DisclosedEnterprises | undefined;
};

/** The compiled operation of a request, with the variables for its subgraphs. */
type Resolved = { readonly compiled: Compiled; readonly variables: Json };

/** Authorizes, prepares and resolves a request. `changes` counts the changes of this gateway before it; an event answers the source of a subscription. */
export type MakeReady = (asked: Asked, changes: number, event?: StreamedEvent) => Promise<Ready | Refused>;

export function createMakeReady(options: ExecutorOptions, operations: KeptOperations): MakeReady {
  const { semijoin } = options;

  async function prepare({ operation, context }: Asked, wanted: KeptOperation): Promise<Compiled> {
    context.record?.startPlanning(operations.isKept(wanted));
    const found = operations.compiled(operation, wanted, context);
    const compiled = found instanceof Promise ? await found : found;
    context.record?.endPlanning(compiled.plan);
    return compiled;
  }

  /** Resolves the lifted arguments of a request. Lists whose arguments resolve to nothing are compiled out. */
  async function resolve(
    { operation, variables, context, bulk }: Asked,
    wanted: KeptOperation,
    compiled: Compiled,
    ask: AskSubgraph,
  ): Promise<Resolved | Refused> {
    const { lifted } = compiled.operation;
    const filtered = compiled.operation.withFilters(variables);
    if (lifted.length === 0) return { compiled, variables: filtered };
    const { authorization } = wanted;
    const { values, failures } = await semijoin(lifted, filtered, {
      ask,
      signal: context.signal,
      memo: bulk?.keys,
      authorization,
      readsWholeLists: bulk !== undefined,
    });
    const denied = [...failures.values()].flatMap(({ denial }) => denial ?? []);
    if (authorization?.isStrict && denied.length > 0) return refuse(denied, context);
    return {
      compiled:
        failures.size > 0 ? await operations.compiled(operation, { ...wanted, failures }, context) : compiled,
      variables: { ...filtered, ...values },
    };
  }

  return async (asked, changes, event) => {
    const { context } = asked;
    const authorized = authorize(asked, options);
    const { authorization } = authorized;
    if (authorization?.isStrict && authorization.denied.length > 0)
      return refuse(authorization.denied, context);
    const wanted = wantedOf(asked, authorized, options);
    const compiled = await prepare(asked, wanted);
    const observed = observe(createAsk(options, context, asked.bulk), context);
    const ask = event ? answerByEvent(observed, event) : observed;
    const resolved = await resolve(asked, wanted, compiled, ask);
    if ('errors' in resolved) return resolved;
    return {
      resolved,
      authorized,
      run: runOf(asked, authorized, resolved, ask, options, { changes, event }),
    };
  };
}

/** Returns the operation and its variable values, or the errors in them. */
export function find(
  request: ExecutionRequest,
  operations: KeptOperations,
  supergraph: Supergraph,
): Asked | { readonly errors: readonly GraphQLError[] } {
  const operation = operations.find(request);
  if (operation instanceof GraphQLError) return { errors: [operation] };
  const { variableDefinitions = [] } = operation.definition;
  const { coerced, errors } = getVariableValues(
    supergraph.publicSchema,
    variableDefinitions,
    request.variables,
  );
  return errors ? { errors } : { ...request, operation, variables: coerced, given: request.variables };
}

function authorize(
  { document, operation, variables, context, bulk }: Asked,
  options: ExecutorOptions,
): Authorized {
  const authorization = options.authorize?.(document, operation.definition, variables, context);
  context.record?.noteAuthorization(authorization);
  const disclosed = authorization?.disclosure && context.record?.discloseEnterprises();
  if (authorization?.disclosure?.isInBulk || bulk) disclosed?.addAll(authorization?.disclosure?.owners ?? []);
  return { authorization, disclosed };
}

function wantedOf(
  asked: Asked,
  { authorization, disclosed }: Authorized,
  options: ExecutorOptions,
): KeptOperation {
  const { document, documentKey, operationName, variables, operation, context } = asked;
  return {
    document,
    documentKey,
    operationName,
    decisions: pick(variables, operation.deciding),
    rollout: options.planner.rollout((label) => options.isLabelActive(label, context)),
    authorization,
    disclosure: disclosed && disclosed.ids !== null ? authorization?.disclosure : undefined,
  };
}

const runOf = (
  asked: Asked,
  { authorization, disclosed }: Authorized,
  { variables }: Resolved,
  ask: AskSubgraph,
  options: ExecutorOptions,
  { changes, event }: { readonly changes: number; readonly event: StreamedEvent | undefined },
): Run => ({
  data: {},
  mergedData: new MergedData(options.supergraph.isAbstract),
  errors: [],
  rows: asked.context.record?.options.countsRows ? new Map() : undefined,
  disclosed,
  denied: new Set(),
  variables,
  sharingWith: sharingOf(asked, authorization, options, changes, event),
  signal: asked.context.signal,
  ask,
});

/**
 * An answer from a snapshot is not shared with other requests. What an event asks for is shared by the answers of the same event alone: a call
 * that began before it may lack what it is about.
 */
function sharingOf(
  { context, bulk }: Asked,
  authorization: Authorization | undefined,
  options: ExecutorOptions,
  changes: number,
  event: StreamedEvent | undefined,
): Run['sharingWith'] {
  if (bulk || (event ? event.position === undefined : canChange(context.caller))) return () => undefined;
  const since = event ? `event ${event.position}` : changes;
  return sharingWith(`${since}\n${kindOf(context.caller)}\n${authorization?.policy ?? ''}`, options);
}

/** Refuses the whole operation, with an error for each part of it that may not be seen. */
function refuse(denied: readonly Denial[], { record }: GatewayContext) {
  record?.noteRefused(denied.map(({ details }) => String(details.coordinate ?? details.argument)));
  return { errors: denied.map((denial) => errorOfDenial(denial)) };
}

function pick(variables: Json, names: readonly string[]): Json {
  const picked: Json = {};
  for (const name of names) picked[name] = variables[name];
  return picked;
}
