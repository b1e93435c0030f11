import type { BatchFetchNode, EntityBatchAlias, QueryPlan } from '@graphql-hive/router-query-planner';
import type { Caller } from '@wenshu/schema/caller.ts';
import { type DocumentNode, GraphQLError, getVariableValues, validate } from 'graphql';
import { LRUCache } from 'lru-cache';
import { payerOfRequest } from '../admission/payer.ts';
import { DataText } from '../lib/data-text.ts';
import type { Json } from '../lib/json.ts';
import type { Log } from '../lib/log.ts';
import { checkPlan } from '../planning/check-plan.ts';
import { cutFetches } from '../planning/cut-fetches.ts';
import type { Refusal } from '../planning/lift-arguments.ts';
import {
  findOperation,
  type Operation,
  type PlannedOperation,
  prepareOperation,
} from '../planning/operation.ts';
import type { PlanAsked, Planner, Rollout } from '../planning/planner.ts';
import { splitFetches } from '../planning/split-fetches.ts';
import type { EnterpriseNaming, Restrict, Restriction } from '../request/authorization.ts';
import type { GatewayContext } from '../request/context.ts';
import { ExecutionError, unplannable } from '../request/errors.ts';
import { createKeyCalls } from '../semijoin/key-calls.ts';
import { type RelationLimits, standardRelationLimits } from '../semijoin/relation-limits.ts';
import { resolveArguments } from '../semijoin/resolve-arguments.ts';
import { readRelations } from '../supergraph/relations.ts';
import type { Supergraph } from '../supergraph/supergraph.ts';
import { observe } from '../telemetry/observe.ts';
import type { AskSubgraph, GuardedSubgraph } from '../upstream/subgraph.ts';
import { createAsk } from './ask-subgraph.ts';
import type { BulkReading } from './bulk-reading.ts';
import { compilePlan } from './compile-plan.ts';
import { toResponseErrors } from './error-paths.ts';
import { accessOfEntityFetch } from './fetch-dependencies.ts';
import { parseFetch } from './fetch-document.ts';
import { introspect } from './introspection.ts';
import { Layers } from './merged-data.ts';
import { pathsOf } from './plan-paths.ts';
import { createGates } from './row-gates.ts';
import type { Run, Step } from './run.ts';
import { compileSerializer, type Serialize } from './serialize.ts';

export type ExecutorOptions = {
  readonly supergraph: Supergraph;
  readonly planner: Planner;
  readonly subgraphs: ReadonlyMap<string, GuardedSubgraph>;
  readonly operationsKept: number;
  /** Whether the same fetch for several requests at once is one call. */
  readonly sharesFetches: boolean;
  /** What the caller of a request may not see; without it, everybody sees everything. */
  readonly restrict?: Restrict | undefined;
  /** For `@override(label:)`: whether a label applies to this request. Percentages are drawn by the gateway. */
  readonly isLabelActive: (label: string, context: GatewayContext) => boolean;
  /** What conditions and orders on something related may come to; what is not named is as in `standardRelationLimits`. */
  readonly relationLimits?: Partial<RelationLimits> | undefined;
  readonly log: Log;
};

/** A request whose document is valid for the public schema. */
export type ExecutionRequest = {
  readonly document: DocumentNode;
  /** Stands for the document in caches, as its hash does. */
  readonly documentKey: string;
  readonly operationName: string | undefined;
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

/** An operation as the caller names it. */
type NamedOperation = Pick<ExecutionRequest, 'document' | 'documentKey' | 'operationName'>;

/** What an operation is compiled from; nothing of it is of one supergraph or one request. */
export type KeptOperation = NamedOperation & {
  /** Values of the variables that decide what is asked for. */
  readonly decisions: Json;
  readonly rollout: Rollout;
  readonly restriction?: Restriction | undefined;
  /** Where the enterprises are named that the answer tells of. */
  readonly naming?: EnterpriseNaming | undefined;
  /** Why arguments could not be resolved, by variable. */
  readonly refused?: ReadonlyMap<string, Refusal> | undefined;
};

/** An operation with all the work done that does not depend on values. */
type Compiled = {
  readonly operation: PlannedOperation;
  readonly plan: QueryPlan;
  readonly fetch: Step;
  readonly serialize: Serialize;
};

type Kept = { readonly wanted: KeptOperation; readonly compiled: Compiled };

export function createExecutor(options: ExecutorOptions): Executor {
  const { supergraph, planner, sharesFetches, isLabelActive, log } = options;
  const { publicSchema } = supergraph;
  const relations = readRelations(supergraph);
  const { maxKeys, fewKeys, maxDepth } = { ...standardRelationLimits, ...options.relationLimits };
  const operations = new LRUCache<string, Operation>({ max: options.operationsKept });
  const kept = new LRUCache<string, Kept>({ max: options.operationsKept });
  /** For each payer apart: who waits for another's turn could wait long. */
  const compiling = new Map<string, Promise<Compiled>>();

  /** Callers with the same rights may share. */
  const sharingWith = (rights: string) => (subgraph: string) =>
    sharesFetches && options.subgraphs.get(subgraph)?.status().breaker === 'closed' ? rights : undefined;

  async function execute(request: ExecutionRequest): Promise<ExecutionAnswer> {
    const { document, documentKey, operationName, variables: given, context, bulk } = request;

    // operation
    const operation = find(request);
    if (operation instanceof GraphQLError) return { errors: [operation] };

    // variables
    const { variableDefinitions = [] } = operation.definition;
    const { coerced: variables, errors: badVariables } = getVariableValues(
      publicSchema,
      variableDefinitions,
      given,
    );
    if (badVariables) return { errors: badVariables };

    // sharing
    const restriction = options.restrict?.(document, operation.definition, variables, context);
    context.record?.noteRestriction(restriction);
    if (restriction?.isStrict && restriction.denied.length > 0) return refusing(restriction.denied, context);

    // audit
    const told = restriction?.naming && context.record?.tellOfEnterprises();
    if (restriction?.naming?.isInBulk || bulk) told?.addAll(restriction?.naming?.owners ?? []);
    const naming = told?.ids === null ? undefined : told && restriction?.naming;

    // compile
    const rollout = planner.rollout((label) => isLabelActive(label, context));
    const decisions = pick(variables, operation.deciding);
    const wanted: KeptOperation = {
      document,
      documentKey,
      operationName,
      decisions,
      rollout,
      restriction,
      naming,
    };
    const key = keyOf(wanted);
    context.record?.startPlanning(kept.has(key));
    const known = kept.get(key)?.compiled ?? (await remember(key, operation, wanted, context));
    context.record?.endPlanning(known.plan);

    // relations
    const ask = observe(createAsk(options, context, bulk), context);
    const narrowed = known.operation.withFilters(variables);
    const resolved =
      known.operation.lifted.length > 0
        ? await resolve(request, known, narrowed, ask, restriction)
        : undefined;
    const notShared = [...(resolved?.refused.values() ?? [])].filter(({ code }) => code === 'NOT_SHARED');
    if (restriction?.isStrict && notShared.length > 0) return refusing(notShared, context);
    const compiled = resolved?.refused.size
      ? await recompile(operation, { ...wanted, refused: resolved.refused }, context)
      : known;
    const { operation: planned, fetch, serialize } = compiled;

    // fetch
    const run: Run = {
      data: {},
      layers: new Layers(supergraph.isAbstract),
      errors: [],
      rows: context.record?.rows,
      told,
      denied: context.record?.denied,
      variables: resolved ? { ...narrowed, ...resolved.values } : narrowed,
      // What is read in a snapshot is nobody else's answer.
      sharingWith: bulk
        ? () => undefined
        : sharingWith(`${kindOf(context.caller)}\n${restriction?.rights ?? ''}`),
      signal: context.signal,
      ask,
    };
    await fetch(run);

    // serialize
    const errors = [...toResponseErrors(run.errors, planned), ...planned.deniedFragments.map(errorOf)];
    for (const { details } of planned.deniedFragments) run.denied?.add(String(details.coordinate));
    if (planned.introspection.length > 0) {
      const known = introspect(planned, publicSchema, given);
      Object.assign(run.data, known.data);
      errors.push(...(known.errors ?? []));
    }
    const data = new DataText(serialize(run, errors));
    return errors.length > 0 ? { errors, data } : { data };
  }

  function find({ document, documentKey, operationName }: NamedOperation): Operation | GraphQLError {
    const key = `${documentKey}\n${operationName ?? ''}`;
    const operation = operations.get(key) ?? findOperation(document, operationName);
    if (!(operation instanceof GraphQLError)) operations.set(key, operation);
    return operation;
  }

  /** What lifted arguments come to in this request. */
  const resolve = (
    { context, bulk }: ExecutionRequest,
    { operation }: Compiled,
    variables: Json,
    ask: AskSubgraph,
    restriction: Restriction | undefined,
  ) =>
    resolveArguments(operation.lifted, variables, {
      relations,
      calls: createKeyCalls({
        ask,
        limit: maxKeys,
        few: fewKeys,
        signal: context.signal,
        memo: bulk?.keys,
        restriction,
      }),
      maxDepth,
      readsWholeLists: bulk !== undefined,
    });

  /** Without the lists whose arguments could not be resolved. */
  const recompile = (operation: Operation, wanted: KeptOperation, context: GatewayContext) =>
    remember(keyOf(wanted), operation, wanted, context);

  async function compile(
    operation: Operation,
    { decisions, rollout, restriction, naming, refused }: KeptOperation,
    asked: PlanAsked,
  ): Promise<Compiled> {
    const isRestricted = restriction !== undefined && restriction.key !== '';
    const planned = prepareOperation(operation, publicSchema, decisions, {
      restriction: isRestricted ? restriction : undefined,
      naming,
      relations,
      refused,
    });
    const { source } = planned;
    const planWhole =
      source === undefined
        ? ({ kind: 'QueryPlan' } as const)
        : await planner.plan(source, operation.definition.name?.value, rollout, asked);
    checkPlan(planWhole);
    const { shown, definition } = planned;
    const rootType = supergraph.rootTypeOf(definition.operation) ?? '';
    const gates = shown && createGates(shown, rootType, supergraph);
    const plan =
      shown && gates
        ? splitFetches(
            cutFetches(planWhole, shown, rootType, supergraph),
            gates.rowsOfField,
            (fetch, alias) => gates.servedAt(alias.paths, writesOf(fetch, alias, supergraph)),
          )
        : planWhole;
    const paths = pathsOf(plan, supergraph);
    return {
      operation: planned,
      plan,
      fetch: compilePlan(plan, paths, supergraph, gates),
      serialize: compileSerializer(planned, supergraph, paths.isEntityAt),
    };
  }

  /** Many requests of a caller for a new operation wait for one compilation; one that failed is tried again. */
  async function remember(
    key: string,
    operation: Operation,
    wanted: KeptOperation,
    context?: GatewayContext,
  ): Promise<Compiled> {
    const known = kept.get(key);
    if (known) return known.compiled;
    const payer = payerOfRequest(context ?? {});
    const own = `${payer}\n${key}`;
    const compiled = compiling.get(own) ?? compileFor(payer, key, operation, wanted);
    compiling.set(own, compiled);
    try {
      return await compiled;
    } catch (cause) {
      if (cause instanceof ExecutionError) throw cause;
      log.error({ requestId: context?.requestId, cause }, 'An operation could not be planned.');
      throw unplannable();
    } finally {
      compiling.delete(own);
    }
  }

  async function compileFor(
    payer: string,
    key: string,
    operation: Operation,
    wanted: KeptOperation,
  ): Promise<Compiled> {
    const compiled = await compile(operation, wanted, { payer, known: () => kept.get(key)?.compiled.plan });
    kept.set(key, { wanted, compiled });
    return compiled;
  }

  return {
    execute,
    get operationsKept() {
      return kept.size;
    },
    // What a restriction takes away, and what tells of an enterprise, is said by the supergraph that goes.
    recentOperations: (count) =>
      [...kept.values()]
        .map(({ wanted }) => wanted)
        .filter(({ restriction, naming, refused }) => !restriction?.key && !naming && !refused)
        .slice(0, count),
    async prepare(wanted) {
      if (validate(publicSchema, wanted.document).length > 0) return;
      const operation = find(wanted);
      if (!(operation instanceof GraphQLError)) await remember(keyOf(wanted), operation, wanted);
    },
  };
}

const writesOf = (fetch: BatchFetchNode, alias: EntityBatchAlias, supergraph: Supergraph) =>
  accessOfEntityFetch({ ...fetch, batches: [alias] }, parseFetch(fetch.operation, supergraph)).writes;

/** Operations with the same key are compiled alike. */
const keyOf = ({
  documentKey,
  operationName,
  decisions,
  rollout,
  restriction,
  naming,
  refused,
}: KeptOperation) =>
  `${documentKey}\n${operationName ?? ''}\n${Object.values(decisions).join()}\n${rollout.key}\n${restriction?.key ?? ''}` +
  (naming ? '\nnaming' : '') +
  (refused ? `\n${JSON.stringify([...refused])}` : '');

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

/** Of the operation as a whole, for each thing in it that may not be seen. */
function refusing(denied: readonly Refusal[], { record }: GatewayContext): ExecutionAnswer {
  record?.noteRefused(denied.map(({ details }) => String(details.coordinate)));
  return { errors: denied.map(errorOf) };
}

/** Of the operation, and of no place in its answer. */
const errorOf = ({ code, message, details }: Refusal) =>
  new ExecutionError(code, message, undefined, details);

function pick(variables: Json, names: readonly string[]): Json {
  const picked: Json = {};
  for (const name of names) picked[name] = variables[name];
  return picked;
}
