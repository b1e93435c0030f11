import type { Caller, Role } from '@wenshu/schema/caller.ts';
import { GraphQLError, getVariableValues } from 'graphql';
import { DataText } from '../lib/data-text.ts';
import type { Json } from '../lib/json.ts';
import type { Log } from '../lib/log.ts';
import type { Operation } from '../planning/operation.ts';
import type { Planner } from '../planning/planner.ts';
import type { Authorization, Authorize } from '../request/authorization.ts';
import type { GatewayContext } from '../request/context.ts';
import type { Denial } from '../request/denial.ts';
import type { DisclosedEnterprises } from '../request/disclosed-enterprises.ts';
import { errorOfDenial } from '../request/errors.ts';
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
import {
  type KeptOperation,
  type KeptOperations,
  keepOperations,
  type NamedOperation,
} from './kept-operations.ts';
import { MergedData } from './merged-data.ts';
import type { Run } from './run.ts';
import { createFindUnknownRegions, type RegionsWithout } from './unknown-regions.ts';

export type ExecutorOptions = {
  readonly supergraph: Supergraph;
  readonly relations: RelationsOfGraph;
  readonly semijoin: Semijoin;
  readonly planner: Planner;
  readonly subgraphs: ReadonlyMap<string, GuardedSubgraph>;
  readonly operationsKept: number;
  /** Whether identical concurrent fetches share one call. */
  readonly sharesFetches: boolean;
  /** Decides what the caller may not see. Without it, every caller sees everything. */
  readonly authorize?: Authorize | undefined;
  /** For `@override(label:)`: whether a label applies to this request. The gateway draws percentages. */
  readonly isLabelActive: (label: string, context: GatewayContext) => boolean;
  /** Without it, codes of regions in conditions are not checked. */
  readonly regionsWithout?: RegionsWithout | undefined;
  readonly log: Log;
};

/** A request whose document is valid for the public schema. */
export type ExecutionRequest = NamedOperation & {
  readonly variables: Json;
  readonly context: GatewayContext;
  /** Settings of an export, when the request is one of its pages. */
  readonly bulk?: BulkReading | undefined;
  /** True for a query of the gateway itself. Its codes of regions are not checked: they were where the caller wrote them, or rows hold them. */
  readonly isOfGateway?: boolean;
};

/** The answer of an operation. `data` is missing when the operation did not run. */
export type ExecutionAnswer = {
  readonly data?: DataText;
  readonly errors?: readonly GraphQLError[];
};

export type Executor = {
  execute(request: ExecutionRequest): Promise<ExecutionAnswer>;
  /** Number of compiled operations in the cache. */
  readonly operationsKept: number;
  /** Returns up to `count` cached operations, most recently used first. */
  recentOperations(count: number): readonly KeptOperation[];
  /** Compiles an operation of another executor's cache, if it is valid here, before a request needs it. */
  prepare(operation: KeptOperation): Promise<void>;
};

/** A request with its operation and variable values. */
type Asked = ExecutionRequest & { readonly operation: Operation };

/** What the caller may see, and where disclosed enterprises are noted. */
type Authorized = {
  readonly authorization: Authorization | undefined;
  readonly disclosed: DisclosedEnterprises | undefined;
};

/** The compiled operation of a request, with the variables for its subgraphs. */
type Resolved = { readonly compiled: Compiled; readonly variables: Json };

/**
 * Executes operations in these steps: find, check codes, authorize, prepare, resolve, fetch, write. Errors for the caller end it
 * early.
 */
export function createExecutor(options: ExecutorOptions): Executor {
  const { supergraph, semijoin } = options;
  const operations = keepOperations(options, options.operationsKept, options.log);
  const findUnknownRegions =
    options.regionsWithout && createFindUnknownRegions(supergraph.publicSchema, options.regionsWithout);

  let changes = 0;

  async function execute(request: ExecutionRequest): Promise<ExecutionAnswer> {
    const asked = find(request, operations, supergraph);
    if ('errors' in asked) return asked;
    const unknown = request.isOfGateway ? [] : await findUnknownRegions?.(asked.operation, asked.variables);
    if (unknown && unknown.length > 0) return { errors: unknown };
    const { context } = asked;
    const authorized = authorize(asked, options);
    const { authorization } = authorized;
    if (authorization?.isStrict && authorization.denied.length > 0)
      return refuse(authorization.denied, context);
    const wanted = wantedOf(asked, authorized, options);
    const compiled = await prepare(asked, wanted);
    const ask = observe(createAsk(options, context, asked.bulk), context);
    const resolved = await resolve(asked, wanted, compiled, ask);
    if ('errors' in resolved) return resolved;
    const run = runOf(asked, authorized, resolved, ask, options, changes);
    await resolved.compiled.fetch(run);
    // A call that began before a change may lack it, so nobody joins it after the change.
    if (asked.operation.definition.operation === 'mutation') changes += 1;
    const answer = write(run, resolved.compiled, request.variables, supergraph);
    context.record?.addFindings(run);
    return answer;
  }

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
  ): Promise<Resolved | (ExecutionAnswer & { readonly errors: readonly GraphQLError[] })> {
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

  return {
    execute,
    get operationsKept() {
      return operations.count;
    },
    recentOperations: operations.recent,
    prepare: operations.prepare,
  };
}

/** Returns the operation and its variable values, or the errors in them. */
function find(
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
  return errors ? { errors } : { ...request, operation, variables: coerced };
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
  { context, bulk }: Asked,
  { authorization, disclosed }: Authorized,
  { variables }: Resolved,
  ask: AskSubgraph,
  options: ExecutorOptions,
  changes: number,
): Run => ({
  data: {},
  mergedData: new MergedData(options.supergraph.isAbstract),
  errors: [],
  rows: context.record?.options.countsRows ? new Map() : undefined,
  disclosed,
  denied: new Set(),
  variables,
  // An answer from a snapshot is not shared with other requests.
  sharingWith:
    bulk || canChange(context.caller)
      ? () => undefined
      : sharingWith(`${changes}\n${kindOf(context.caller)}\n${authorization?.policy ?? ''}`, options),
  signal: context.signal,
  ask,
});

/** Lets callers with the same access policy share calls. */
const sharingWith =
  (accessKey: string, { sharesFetches, subgraphs }: ExecutorOptions) =>
  (subgraph: string) =>
    sharesFetches && subgraphs.get(subgraph)?.status().breaker === 'closed' ? accessKey : undefined;

function write(
  run: Run,
  { operation, serialize }: Compiled,
  given: Json,
  supergraph: Supergraph,
): ExecutionAnswer {
  const errors = toResponseErrors(run.errors, operation);
  if (operation.introspection.length > 0) {
    const introspected = introspect(operation, supergraph.publicSchema, given);
    Object.assign(run.data, introspected.data);
    errors.push(...(introspected.errors ?? []));
  }
  const data = new DataText(serialize(run, errors));
  // An error without a path would explain all gaps, so it comes after them. Each denial is reported once.
  const reported = new Set(errors.map(({ extensions }) => extensions.coordinate));
  const fragments = operation.deniedFragments.filter(({ details }) => !reported.has(details.coordinate));
  errors.push(...fragments.map((denial) => errorOfDenial(denial)));
  for (const { details } of fragments) run.denied.add(String(details.coordinate));
  return errors.length > 0 ? { errors, data } : { data };
}

/**
 * Whether a caller can change something. Such a caller never joins the call of another: it reads its own changes, also
 * those that it made at another gateway, and the actions that it is allowed itself.
 */
function canChange(caller: Caller | undefined): boolean {
  if (caller?.kind === 'partner') return (caller.actions?.length ?? 0) > 0;
  return caller?.kind === 'department' && changers.has(caller.role);
}

const changers: ReadonlySet<Role> = new Set(['editor', 'leader', 'steward']);

/** Returns a key that is equal for callers with equal rights. Subgraphs receive the caller with each call. */
function kindOf(caller: Caller | undefined): string {
  if (!caller) return '';
  if (caller.kind === 'anonymous' || caller.kind === 'system') return caller.kind;
  if (caller.kind === 'partner') return `partner ${caller.keyId}`;
  // It is unknown how a foreign subgraph treats users, so each user has a key of its own.
  if (caller.kind === 'user') return `user ${JSON.stringify(caller)}`;
  const { department, role, region = '' } = caller;
  return `department ${department} ${role} ${region}`;
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
