import type { Caller } from '@wenshu/schema/caller.ts';
import { GraphQLError, getVariableValues } from 'graphql';
import { DataText } from '../lib/data-text.ts';
import type { Json } from '../lib/json.ts';
import type { Log } from '../lib/log.ts';
import type { RefusedArgument } from '../planning/lift-arguments.ts';
import type { Operation } from '../planning/operation.ts';
import type { Planner } from '../planning/planner.ts';
import type { Authorization, Authorize } from '../request/authorization.ts';
import type { GatewayContext } from '../request/context.ts';
import type { DisclosedEnterprises } from '../request/disclosed-enterprises.ts';
import { ExecutionError } from '../request/errors.ts';
import type { Semijoin } from '../semijoin/semijoin.ts';
import type { RelationsOfGraph } from '../supergraph/relations.ts';
import type { Supergraph } from '../supergraph/supergraph.ts';
import { observe } from '../telemetry/observe.ts';
import type { AskSubgraph, GuardedSubgraph } from '../upstream/subgraph.ts';
import { createAsk } from './ask-subgraph.ts';
import type { BulkReading } from './bulk-reading.ts';
import type { Compiled } from './compile-operation.ts';
import { toResponseErrors } from './error-paths.ts';
import { introspect } from './introspection.ts';
import { type KeptOperation, keepOperations, type NamedOperation } from './kept-operations.ts';
import { MergedData } from './merged-data.ts';
import type { Run } from './run.ts';

export type ExecutorOptions = {
  readonly supergraph: Supergraph;
  readonly relations: RelationsOfGraph;
  readonly semijoin: Semijoin;
  readonly planner: Planner;
  readonly subgraphs: ReadonlyMap<string, GuardedSubgraph>;
  readonly operationsKept: number;
  /** Whether the same fetch for several requests at once is one call. */
  readonly sharesFetches: boolean;
  /** What the caller of a request may not see; without it, everybody sees everything. */
  readonly authorize?: Authorize | undefined;
  /** For `@override(label:)`: whether a label applies to this request. Percentages are drawn by the gateway. */
  readonly isLabelActive: (label: string, context: GatewayContext) => boolean;
  readonly log: Log;
};

/** A request whose document is valid for the public schema. */
export type ExecutionRequest = NamedOperation & {
  readonly variables: Json;
  readonly context: GatewayContext;
  /** Where the request is one page of a table that is read whole. */
  readonly bulk?: BulkReading | undefined;
};

/** Without `data` where the operation could not be run at all. */
export type ExecutionAnswer = {
  readonly data?: DataText;
  readonly errors?: readonly GraphQLError[];
};

export type Executor = {
  execute(request: ExecutionRequest): Promise<ExecutionAnswer>;
  /** How many operations are kept compiled. */
  readonly operationsKept: number;
  /** At most so many of those kept, the one asked for last first. */
  recentOperations(count: number): readonly KeptOperation[];
  /** Compiles what another executor kept, if it is valid here, before anybody asks for it. */
  prepare(operation: KeptOperation): Promise<void>;
};

/** A request with its operation and the values of its variables. */
type Asked = ExecutionRequest & { readonly operation: Operation };

/** What the caller of a request may see of it, and where it is noted of which enterprises the answer tells. */
type Authorized = {
  readonly authorization: Authorization | undefined;
  readonly disclosed: DisclosedEnterprises | undefined;
};

/** An operation that is compiled for a request, with the variables that its subgraphs are given. */
type Resolved = { readonly compiled: Compiled; readonly variables: Json };

/** Executes operations in these steps: find, authorize, prepare, resolve, fetch, write. Errors for callers end it early. */
export function createExecutor(options: ExecutorOptions): Executor {
  const { supergraph, planner, semijoin } = options;
  const operations = keepOperations(options, options.operationsKept, options.log);

  async function execute(request: ExecutionRequest): Promise<ExecutionAnswer> {
    const asked = find(request);
    if ('errors' in asked) return asked;
    const { context } = asked;
    const authorized = authorize(asked);
    const { authorization } = authorized;
    if (authorization?.isStrict && authorization.denied.length > 0)
      return refuse(authorization.denied, context);
    const wanted = wantedOf(asked, authorized);
    const compiled = await prepare(asked, wanted);
    const ask = observe(createAsk(options, context, asked.bulk), context);
    const resolved = await resolve(asked, wanted, compiled, ask);
    if ('errors' in resolved) return resolved;
    const run = runOf(asked, authorized, resolved, ask);
    await resolved.compiled.fetch(run);
    return write(run, resolved.compiled, request.variables);
  }

  /** The operation and the values of its variables, or what is wrong with them. */
  function find(request: ExecutionRequest): Asked | { readonly errors: readonly GraphQLError[] } {
    const operation = operations.find(request);
    if (operation instanceof GraphQLError) return { errors: [operation] };
    const { variableDefinitions = [] } = operation.definition;
    const { coerced, errors } = getVariableValues(
      supergraph.publicSchema,
      variableDefinitions,
      request.variables,
    );
    return errors ? { errors } : { ...request, operation, variables: coerced };
  }

  function authorize({ document, operation, variables, context, bulk }: Asked): Authorized {
    const authorization = options.authorize?.(document, operation.definition, variables, context);
    context.record?.noteAuthorization(authorization);
    const disclosed = authorization?.disclosure && context.record?.discloseEnterprises();
    if (authorization?.disclosure?.isInBulk || bulk)
      disclosed?.addAll(authorization?.disclosure?.owners ?? []);
    return { authorization, disclosed };
  }

  function wantedOf(asked: Asked, { authorization, disclosed }: Authorized): KeptOperation {
    const { document, documentKey, operationName, variables, operation, context } = asked;
    return {
      document,
      documentKey,
      operationName,
      decisions: pick(variables, operation.deciding),
      rollout: planner.rollout((label) => options.isLabelActive(label, context)),
      authorization,
      disclosure: disclosed && disclosed.ids !== null ? authorization?.disclosure : undefined,
    };
  }

  async function prepare({ operation, context }: Asked, wanted: KeptOperation): Promise<Compiled> {
    context.record?.startPlanning(operations.isKept(wanted));
    const found = operations.compiled(operation, wanted, context);
    const compiled = found instanceof Promise ? await found : found;
    context.record?.endPlanning(compiled.plan);
    return compiled;
  }

  /** What lifted arguments come to in this request; lists whose arguments come to nothing are compiled out. */
  async function resolve(
    { operation, variables, context, bulk }: Asked,
    wanted: KeptOperation,
    compiled: Compiled,
    ask: AskSubgraph,
  ): Promise<Resolved | (ExecutionAnswer & { readonly errors: readonly GraphQLError[] })> {
    const { lifted } = compiled.operation;
    const filtered = compiled.operation.withFilters(variables);
    if (lifted.length === 0) return { compiled, variables: filtered };
    const { authorization } = wanted;
    const { values, refused } = await semijoin(lifted, filtered, {
      ask,
      signal: context.signal,
      memo: bulk?.keys,
      authorization,
      readsWholeLists: bulk !== undefined,
    });
    const notShared = [...refused.values()].filter(({ code }) => code === 'NOT_SHARED');
    if (authorization?.isStrict && notShared.length > 0) return refuse(notShared, context);
    return {
      compiled:
        refused.size > 0 ? await operations.compiled(operation, { ...wanted, refused }, context) : compiled,
      variables: { ...filtered, ...values },
    };
  }

  const runOf = (
    { context, bulk }: Asked,
    { authorization, disclosed }: Authorized,
    { variables }: Resolved,
    ask: AskSubgraph,
  ): Run => ({
    data: {},
    mergedData: new MergedData(supergraph.isAbstract),
    errors: [],
    rows: context.record?.rows,
    disclosed,
    denied: context.record?.denied,
    variables,
    // What is read in a snapshot is nobody else's answer.
    sharingWith: bulk
      ? () => undefined
      : sharingWith(`${kindOf(context.caller)}\n${authorization?.policy ?? ''}`),
    signal: context.signal,
    ask,
  });

  /** Callers with the same rights may share. */
  const sharingWith = (rights: string) => (subgraph: string) =>
    options.sharesFetches && options.subgraphs.get(subgraph)?.status().breaker === 'closed'
      ? rights
      : undefined;

  function write(run: Run, { operation, serialize }: Compiled, given: Json): ExecutionAnswer {
    const errors = toResponseErrors(run.errors, operation);
    if (operation.introspection.length > 0) {
      const introspected = introspect(operation, supergraph.publicSchema, given);
      Object.assign(run.data, introspected.data);
      errors.push(...(introspected.errors ?? []));
    }
    const data = new DataText(serialize(run, errors));
    // An error without a place would explain all gaps, so it comes after them; one denial is told once.
    const known = new Set(errors.map(({ extensions }) => extensions.coordinate));
    const fragments = operation.deniedFragments.filter(({ details }) => !known.has(details.coordinate));
    errors.push(...fragments.map(errorOf));
    for (const { details } of fragments) run.denied?.add(String(details.coordinate));
    return errors.length > 0 ? { errors, data } : { data };
  }

  return {
    execute,
    get operationsKept() {
      return operations.count;
    },
    recentOperations: operations.recent,
    prepare: operations.prepare,
  };
}

/** The same for callers whom subgraphs answer alike: they are told who asks. */
function kindOf(caller: Caller | undefined): string {
  if (!caller) return '';
  if (caller.kind === 'anonymous') return 'anonymous';
  if (caller.kind === 'partner') return `partner ${caller.keyId}`;
  // What a subgraph that is not ours makes of a user, nobody knows.
  if (caller.kind === 'user') return `user ${JSON.stringify(caller)}`;
  const { department, role, region = '' } = caller;
  return `department ${department} ${role} ${region}`;
}

/** Refuses the operation as a whole, with an error for each thing in it that may not be seen. */
function refuse(denied: readonly RefusedArgument[], { record }: GatewayContext) {
  record?.noteRefused(denied.map(({ details }) => String(details.coordinate)));
  return { errors: denied.map(errorOf) };
}

/** An error of the operation, and of no place in its answer. */
const errorOf = ({ code, message, details }: RefusedArgument) =>
  new ExecutionError(code, message, undefined, details);

function pick(variables: Json, names: readonly string[]): Json {
  const picked: Json = {};
  for (const name of names) picked[name] = variables[name];
  return picked;
}
