import type { QueryPlan } from '@graphql-hive/router-query-planner';
import { type DocumentNode, GraphQLError, getVariableValues } from 'graphql';
import { LRUCache } from 'lru-cache';
import type { GatewayContext } from '../context.ts';
import type { Log } from '../log.ts';
import { observe } from '../telemetry/observe.ts';
import { createAsk } from './ask-subgraph.ts';
import { checkPlan } from './check-plan.ts';
import { compilePlan } from './compile-plan.ts';
import { DataText } from './data-text.ts';
import { entityPaths } from './entity-paths.ts';
import { toResponseErrors } from './error-paths.ts';
import { ExecutionError, unplannable } from './errors.ts';
import { introspect } from './introspection.ts';
import type { Json } from './json.ts';
import { Layers } from './layers.ts';
import { findOperation, type Operation, type PlannedOperation, prepareOperation } from './operation.ts';
import type { Planner, Rollout } from './planner.ts';
import type { Run, Step } from './run.ts';
import { compileSerializer, type Serialize } from './serialize.ts';
import type { GuardedSubgraph } from './subgraph.ts';
import type { Supergraph } from './supergraph.ts';

export type ExecutorOptions = {
  readonly supergraph: Supergraph;
  readonly planner: Planner;
  readonly subgraphs: ReadonlyMap<string, GuardedSubgraph>;
  readonly operationsKept: number;
  /** Whether the same fetch for several requests at once is one call. */
  readonly sharesFetches: boolean;
  /** For `@override(label:)`: whether a label applies to this request. Percentages are drawn by the gateway. */
  readonly isLabelActive: (label: string, context: GatewayContext) => boolean;
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
};

/** Without `data` where the operation could not be run at all. */
export type ExecutionAnswer = {
  readonly data?: DataText;
  readonly errors?: readonly GraphQLError[];
};

export type Executor = (request: ExecutionRequest) => Promise<ExecutionAnswer>;

/** An operation with all the work done that does not depend on values. */
type Compiled = {
  readonly operation: PlannedOperation;
  readonly plan: QueryPlan;
  readonly fetch: Step;
  readonly serialize: Serialize;
};

export function createExecutor(options: ExecutorOptions): Executor {
  const { supergraph, planner, sharesFetches, isLabelActive, log } = options;
  const { publicSchema } = supergraph;
  const operations = new LRUCache<string, Operation>({ max: options.operationsKept });
  const compiled = new LRUCache<string, Promise<Compiled>>({ max: options.operationsKept });

  /** Callers have no rights of their own yet, so all of them may share. */
  const sharingWith = (subgraph: string) =>
    sharesFetches && options.subgraphs.get(subgraph)?.status().breaker === 'closed' ? '' : undefined;

  return async ({ document, documentKey, operationName, variables: given, context }) => {
    // operation
    const operationKey = `${documentKey}\n${operationName ?? ''}`;
    const operation = operations.get(operationKey) ?? findOperation(document, operationName);
    if (operation instanceof GraphQLError) return { errors: [operation] };
    operations.set(operationKey, operation);

    // variables
    const { variableDefinitions = [] } = operation.definition;
    const { coerced: variables, errors: badVariables } = getVariableValues(
      publicSchema,
      variableDefinitions,
      given,
    );
    if (badVariables) return { errors: badVariables };

    // compile
    const rollout = planner.rollout((label) => isLabelActive(label, context));
    const decisions = operation.deciding.map((name) => variables[name]).join();
    const planKey = `${operationKey}\n${decisions}\n${rollout.key}`;
    context.record?.startPlanning(compiled.has(planKey));
    const {
      operation: planned,
      plan,
      fetch,
      serialize,
    } = await remember(planKey, () => compile(operation, variables, rollout));
    context.record?.endPlanning(plan, compiled.size);

    // fetch
    const run: Run = {
      data: {},
      layers: new Layers(supergraph.isAbstract),
      errors: [],
      variables,
      sharingWith,
      ask: observe(createAsk(options, context), context),
    };
    await fetch(run);

    // serialize
    const errors = toResponseErrors(run.errors, planned);
    if (planned.introspection.length > 0) {
      const known = introspect(planned, publicSchema, given);
      Object.assign(run.data, known.data);
      errors.push(...(known.errors ?? []));
    }
    const data = new DataText(serialize(run, errors));
    return errors.length > 0 ? { errors, data } : { data };
  };

  async function compile(operation: Operation, variables: Json, rollout: Rollout): Promise<Compiled> {
    const planned = prepareOperation(operation, publicSchema, variables);
    const { source } = planned;
    const plan =
      source === undefined
        ? ({ kind: 'QueryPlan' } as const)
        : await planner.plan(source, operation.definition.name?.value, rollout);
    checkPlan(plan);
    const paths = entityPaths(plan);
    return {
      operation: planned,
      plan,
      fetch: compilePlan(plan, supergraph),
      serialize: compileSerializer(planned, publicSchema, (path) => paths.has(path)),
    };
  }

  /** Many requests for a new operation wait for one compilation; one that failed is tried again. */
  function remember(key: string, make: () => Promise<Compiled>): Promise<Compiled> {
    const known = compiled.get(key);
    if (known) return known;
    const made = make().catch((cause) => {
      compiled.delete(key);
      if (cause instanceof ExecutionError) throw cause;
      log.error({ cause }, 'An operation could not be planned.');
      throw unplannable();
    });
    compiled.set(key, made);
    return made;
  }
}
