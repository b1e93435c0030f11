import type { BatchFetchNode, EntityBatchAlias, QueryPlan } from '@graphql-hive/router-query-planner';
import type { Json } from '../lib/json.ts';
import { checkPlan } from '../planning/check-plan.ts';
import { cutFetches } from '../planning/cut-fetches.ts';
import { type Operation, type PlannedOperation, prepareOperation } from '../planning/operation.ts';
import type { PlanAsked, Planner, Rollout } from '../planning/planner.ts';
import { sourceAsFetch } from '../planning/source-as-fetch.ts';
import { splitFetches } from '../planning/split-fetches.ts';
import type { ArgumentFailure } from '../request/argument-failure.ts';
import type { Authorization, EnterpriseDisclosure } from '../request/authorization.ts';
import type { RelationsOfGraph } from '../supergraph/relations.ts';
import type { Supergraph } from '../supergraph/supergraph.ts';
import { compilePlan } from './compile-plan.ts';
import { dependenciesOfEntityFetch } from './fetch-dependencies.ts';
import { parseFetch } from './fetch-document.ts';
import { pathsOf } from './plan-paths.ts';
import { createGates } from './row-gates.ts';
import type { Step } from './run.ts';
import { compileSerializer, type Serialize } from './serialize.ts';

export type CompileOptions = {
  readonly supergraph: Supergraph;
  readonly relations: RelationsOfGraph;
  readonly planner: Planner;
};

/** Input of the compilation of an operation. */
export type CompileFor = {
  /** Values of the variables that decide which fields are requested. */
  readonly decisions: Json;
  readonly rollout: Rollout;
  readonly authorization?: Authorization | undefined;
  /** Where the answer discloses enterprises. */
  readonly disclosure?: EnterpriseDisclosure | undefined;
  /** The failures of arguments, by variable. */
  readonly failures?: ReadonlyMap<string, ArgumentFailure> | undefined;
};

/** A compiled operation. It holds all work that does not depend on values. */
export type Compiled = {
  readonly operation: PlannedOperation;
  readonly plan: QueryPlan;
  readonly fetch: Step;
  readonly serialize: Serialize;
};

/** Plans an operation and compiles its plan. Rejects when it cannot be planned. */
export async function compileOperation(
  { supergraph, relations, planner }: CompileOptions,
  operation: Operation,
  { decisions, rollout, authorization, disclosure, failures }: CompileFor,
  asked: PlanAsked,
): Promise<Compiled> {
  const hasDenials = authorization !== undefined && authorization.key !== '';
  const planned = prepareOperation(operation, supergraph.publicSchema, decisions, {
    authorization: hasDenials ? authorization : undefined,
    disclosure,
    relations,
    failures,
  });
  const { source } = planned;
  const whole =
    source === undefined
      ? ({ kind: 'QueryPlan' } as const)
      : sourceAsFetch(await planner.plan(source, operation.definition.name?.value, rollout, asked));
  checkPlan(whole);
  const { plan, gates } = cutPlan(whole, planned, supergraph);
  const paths = pathsOf(plan, supergraph);
  return {
    operation: planned,
    plan,
    fetch: compilePlan(plan, paths, supergraph, gates),
    serialize: compileSerializer(planned, supergraph, paths.isEntityAt),
  };
}

/** Removes requests for rows that the caller may not see from a plan, and creates the gates that test rows. */
function cutPlan(whole: QueryPlan, { shown, definition }: PlannedOperation, supergraph: Supergraph) {
  const rootType = supergraph.rootTypeOf(definition.operation) ?? '';
  const gates = shown && createGates(shown, rootType, supergraph);
  if (!shown || !gates) return { plan: whole, gates };
  const plan = splitFetches(
    cutFetches(whole, shown, rootType, supergraph),
    gates.rowsOfField,
    (fetch, alias) => gates.servedAt(alias.paths, writesOf(fetch, alias, supergraph)),
    supergraph.shapeOfField,
  );
  return { plan, gates };
}

const writesOf = (fetch: BatchFetchNode, alias: EntityBatchAlias, supergraph: Supergraph) =>
  dependenciesOfEntityFetch({ ...fetch, batches: [alias] }, parseFetch(fetch.operation, supergraph)).writes;
