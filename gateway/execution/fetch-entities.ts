import type { BatchFetchNode, EntityBatchAlias } from '@graphql-hive/router-query-planner';
import { isObject, type Json } from '../lib/json.ts';
import { fromFailure, fromSubgraph, misplaced, SubgraphFailure } from '../request/errors.ts';
import type { Supergraph } from '../supergraph/supergraph.ts';
import type { Answer } from '../upstream/subgraph.ts';
import { compileEntityCheck } from './entity-check.ts';
import { EntityErrors } from './entity-errors.ts';
import { type FetchDocument, fieldsOn } from './fetch-document.ts';
import { type FetchGates, noGates } from './fetch-gates.ts';
import { compileInternable, Interning } from './interning.ts';
import { compilePathWalker, type PathWalker } from './plan-path-walker.ts';
import type { PlanPaths } from './plan-paths.ts';
import { compileRepresentation, type Represent, type Representation } from './representations.ts';
import { compileRewrites } from './rewrites.ts';
import type { Run, Step } from './run.ts';
import { createSharedCalls } from './shared-calls.ts';
import { compileVariables } from './variables.ts';

export type EntityFetch = Pick<
  BatchFetchNode,
  'serviceName' | 'operation' | 'operationName' | 'variableUsages'
> & {
  readonly batches: readonly EntityBatchAlias[];
};

/**
 * Compiles a fetch of more fields for entities in the data, as one call. Each entity is sent once, however often it
 * occurs (bench case `wide`).
 */
export function compileEntityFetch(
  fetch: EntityFetch,
  planPaths: PlanPaths,
  supergraph: Supergraph,
  gates: FetchGates = noGates,
): Step {
  const { serviceName: subgraph, operation: query, operationName } = fetch;
  const document = planPaths.documentOf(fetch);
  const batches = fetch.batches.map((batch) =>
    compileBatch(subgraph, batch, document, planPaths, supergraph, gates),
  );
  const pickVariables = compileVariables(fetch.variableUsages);
  const share = createSharedCalls();

  const prepare = (answer: Answer | SubgraphFailure) => {
    if (answer instanceof SubgraphFailure || !answer.data) return answer;
    const interning = new Interning();
    for (const batch of batches) batch.prepare(answer.data, interning);
    return answer;
  };

  return async (run) => {
    const variables = pickVariables(run.variables);
    const question = [JSON.stringify(variables)];
    const lists = new Map<string, RepresentationList>();
    const asked = batches.map((batch) => {
      const list = lists.get(batch.variable) ?? createRepresentationList();
      lists.set(batch.variable, list);
      variables[batch.variable] = list.items;
      return batch.collect(run, list);
    });
    let isEmpty = true;
    for (const list of lists.values()) {
      if (list.items.length > 0) isEmpty = false;
      question.push([...list.indexOf.keys()].join());
    }
    if (isEmpty) return;

    const ask = async (signal?: AbortSignal) =>
      prepare(
        await run.ask(subgraph, {
          kind: 'query',
          query,
          ...(operationName !== undefined && { operationName }),
          variables,
          ...(gates.rowFilters && { rowFilters: gates.rowFilters }),
          signal,
        }),
      );
    const answer = await share(run, subgraph, question.join('\n'), ask);
    for (const batch of asked) batch.settle(answer);
  };
}

/** Unique representations of one call. */
type RepresentationList = {
  readonly items: Representation[];
  readonly indexOf: Map<string, number>;
};

const createRepresentationList = (): RepresentationList => ({ items: [], indexOf: new Map() });

/** One `_entities` field of a call. */
type Batch = {
  readonly variable: string;
  /** Prepares an answer for merging. Runs once for each answer. */
  prepare(data: Json, interning: Interning): void;
  collect(run: Run, list: RepresentationList): { settle(answer: Answer | SubgraphFailure): void };
};

function compileBatch(
  subgraph: string,
  batch: EntityBatchAlias,
  document: FetchDocument,
  planPaths: PlanPaths,
  supergraph: Supergraph,
  { gatesOn }: FetchGates,
): Batch {
  const fields = document.fieldsOf(batch.alias);
  const walker = batch.paths.map((path) => compilePathWalker(path, supergraph, gatesOn(path, fields)));
  const represent = compileRepresentation(subgraph, batch.requires, batch.inputRewrites, supergraph);
  const rewrite = compileRewrites(batch.outputRewrites, supergraph);
  const tree = document.tree.get(batch.alias)?.below ?? new Map();
  const internable = compileInternable(tree, planPaths, supergraph);
  const check = compileEntityCheck(subgraph, fields, supergraph);
  const wrong = fromFailure(misplaced(subgraph));

  return {
    variable: batch.representationsVariableName,
    prepare(data, interning) {
      const entities = data[batch.alias];
      if (!Array.isArray(entities)) return;
      rewrite(entities);
      interning.intern(entities, internable);
    },
    collect(run, list) {
      const entries = collectEntities(run, walker, represent, list);

      const settle = (answer: Answer | SubgraphFailure) => {
        const problems = problemsIn(answer, subgraph, batch.alias);
        if (!(answer instanceof SubgraphFailure)) place(answer, problems);
        if (!problems.isEmpty) report(problems);
      };

      const place = (answer: Answer, problems: EntityErrors) => {
        const entities = readEntities(answer.data, batch.alias);
        const isWhole = entities?.length === list.items.length;
        const checked: (Json | undefined)[] = [];
        for (const { object, index } of entries) {
          if (!(index in checked)) {
            const entity = isWhole ? entities[index] : undefined;
            const representation = list.items[index];
            const isRight =
              isWhole && (!isObject(entity) || !representation || check(representation, entity));
            if (!isRight && !problems.has(index)) problems.add(index, wrong);
            checked[index] = isRight && isObject(entity) ? entity : undefined;
          }
          const entity = checked[index];
          if (entity) run.mergedData.add(object, entity);
        }
      };

      /** Reports an error of an entity at every place where the entity occurs. */
      const report = (problems: EntityErrors) => {
        // During this fetch, another may have merged some of its objects with others.
        const indexOf = new Map(
          entries.map(({ object, index }) => [run.mergedData.representative(object), index]),
        );
        const fieldsAt = (index: number) => fieldsOn(list.items[index]?.__typename, fields, supergraph);
        for (const each of walker) {
          each.trace(run, (object, path) => {
            const index = indexOf.get(run.mergedData.representative(object));
            if (index !== undefined) run.errors.push(...problems.at(index, path, fieldsAt(index)));
          });
        }
      };

      return { settle };
    },
  };
}

/** Collects the errors of an answer that concern one `_entities` field. */
function problemsIn(answer: Answer | SubgraphFailure, subgraph: string, batchAlias: string): EntityErrors {
  const problems = new EntityErrors();
  if (answer instanceof SubgraphFailure) {
    problems.addToAll(fromFailure(answer));
    return problems;
  }
  for (const error of answer.errors) {
    const [alias, index, ...tail] = error.path ?? [];
    if (alias !== undefined && alias !== batchAlias && alias !== '_entities') continue;
    const problem = fromSubgraph(subgraph, error);
    if (typeof index === 'number') problems.add(index, problem, tail);
    else problems.addToAll(problem);
  }
  return problems;
}

/** An object of the data, and the index of its representation. */
type Entry = { readonly object: Json; readonly index: number };

function collectEntities(
  run: Run,
  walker: readonly PathWalker[],
  { represent, identify }: Represent,
  { items, indexOf }: RepresentationList,
): readonly Entry[] {
  const { mergedData } = run;
  const entries: Entry[] = [];
  const seen = new Set<Json>();
  /** First object of each representation. It can stand for other objects with the same content. */
  const firsts: Json[] = [];

  const collect = (found: Json) => {
    const object = mergedData.representative(found);
    if (seen.has(object)) return;
    const identity = identify(object, mergedData);
    if (identity === undefined) return;
    let index = indexOf.get(identity);
    if (index === undefined) {
      const representation = represent(object, mergedData);
      if (!representation) return;
      index = items.push(representation) - 1;
      indexOf.set(identity, index);
    }
    const first = firsts[index];
    if (first === undefined) firsts[index] = object;
    else if (mergedData.alias(object, first)) return;
    seen.add(object);
    entries.push({ object, index });
  };
  for (const place of walker) place.each(run, collect);
  return entries;
}

function readEntities(data: Json | undefined, alias: string): readonly unknown[] | undefined {
  const entities = data?.[alias];
  return Array.isArray(entities) ? entities : undefined;
}
