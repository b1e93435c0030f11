import type { FetchNode, FlattenNodePathSegment } from '@graphql-hive/router-query-planner';
import type { Json, ResponsePath } from '../lib/json.ts';
import { type ErrorAt, fromFailure, fromSubgraph, SubgraphFailure } from '../request/errors.ts';
import type { Supergraph } from '../supergraph/supergraph.ts';
import type { Answer } from '../upstream/subgraph.ts';
import { type FetchGates, noGates } from './fetch-gates.ts';
import { compileInternable, Interning } from './interning.ts';
import { compilePathWalker } from './plan-path-walker.ts';
import type { PlanPaths } from './plan-paths.ts';
import { compileRewrites } from './rewrites.ts';
import type { Step } from './run.ts';
import { createSharedCalls } from './shared-calls.ts';
import { compileVariables } from './variables.ts';

/** Compiles a fetch of root fields, at the top of the answer or where a field returns the root type. */
export function compileRootFetch(
  fetch: FetchNode,
  path: readonly FlattenNodePathSegment[],
  planPaths: PlanPaths,
  supergraph: Supergraph,
  { gatesOn, rowFilters }: FetchGates = noGates,
): Step {
  const { serviceName: subgraph, operation: query, operationName } = fetch;
  const kind = fetch.operationKind ?? 'query';
  const { roots, tree } = planPaths.documentOf(fetch);
  const keys = roots.map((field) => field.key);
  const walker = compilePathWalker(path, supergraph, gatesOn(path));
  const rewrite = compileRewrites(fetch.outputRewrites, supergraph);
  const internable = compileInternable(tree, planPaths, supergraph);
  const share = createSharedCalls();
  const pickVariables = compileVariables(fetch.variableUsages);

  const prepare = (answer: Answer | SubgraphFailure) => {
    if (answer instanceof SubgraphFailure || !answer.data) return answer;
    rewrite(answer.data);
    new Interning().intern(answer.data, internable);
    return answer;
  };

  return async (run) => {
    const targets: { object: Json; path: ResponsePath }[] = [];
    walker.trace(run, (object, path) => targets.push({ object, path: [...path] }));
    if (targets.length === 0) return;

    const fail = (error: ErrorAt, path: ResponsePath | undefined) => {
      const paths = path ? [path] : keys.map((key) => [key]);
      for (const target of targets) {
        for (const each of paths) run.errors.push(error([...target.path, ...each]));
      }
    };

    const variables = pickVariables(run.variables);
    const ask = async (signal?: AbortSignal) =>
      prepare(
        await run.ask(subgraph, {
          kind,
          query,
          ...(operationName !== undefined && { operationName }),
          variables,
          ...(rowFilters && { rowFilters }),
          signal,
        }),
      );
    // A mutation completes even when its caller leaves, rather than half-done. An event belongs to its run alone.
    const answer = await (kind === 'query' ? share(run, subgraph, JSON.stringify(variables), ask) : ask());
    if (answer instanceof SubgraphFailure) return fail(fromFailure(answer), undefined);

    for (const error of answer.errors) {
      fail(fromSubgraph(subgraph, error), keys.includes(String(error.path?.[0])) ? error.path : undefined);
    }
    if (!answer.data) return;
    for (const { object } of targets) run.mergedData.add(object, answer.data);
  };
}
