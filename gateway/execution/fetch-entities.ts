import type { BatchFetchNode, EntityBatchAlias } from '@graphql-hive/router-query-planner';
import { compileEntityCheck } from './entity-check.ts';
import { EntityErrors } from './entity-errors.ts';
import { fromFailure, fromSubgraph, misplaced, SubgraphFailure } from './errors.ts';
import { type FetchedField, fieldsOn, parseFetch } from './fetch-document.ts';
import { isObject, type Json } from './json.ts';
import { merge } from './merge.ts';
import { compilePlaces, type Places } from './places.ts';
import { compileRepresentation, type Represent, type Representation } from './representations.ts';
import { compileRewrites, type Rewrite } from './rewrites.ts';
import type { Answer, Run, Step } from './run.ts';
import type { Supergraph } from './supergraph.ts';
import { compileVariables } from './variables.ts';

export type EntityFetch = Pick<
  BatchFetchNode,
  'serviceName' | 'operation' | 'operationName' | 'variableUsages'
> & {
  readonly batches: readonly EntityBatchAlias[];
};

/**
 * Asks a subgraph for more of entities that the answer already names, in one call.
 * Each different entity is sent once, however often it stands in the answer.
 */
export function compileEntityFetch(fetch: EntityFetch, supergraph: Supergraph): Step {
  const { serviceName: subgraph, operation: query, operationName } = fetch;
  const document = parseFetch(query);
  const batches = fetch.batches.map((batch) =>
    compileBatch(subgraph, batch, document.fieldsOf(batch.alias), supergraph),
  );
  const pickVariables = compileVariables(fetch.variableUsages);

  return async (run) => {
    const variables = pickVariables(run.variables);
    const lists = new Map<string, RepresentationList>();
    const asked = batches.map((batch) => {
      const list = lists.get(batch.variable) ?? createRepresentationList();
      lists.set(batch.variable, list);
      variables[batch.variable] = list.items;
      return batch.collect(run, list);
    });
    if ([...lists.values()].every((list) => list.items.length === 0)) return;

    const answer = await run.ask(subgraph, {
      kind: 'query',
      query,
      ...(operationName !== undefined && { operationName }),
      variables,
    });
    for (const batch of asked) batch.settle(answer);
  };
}

/** The representations of one call, each of them once. */
type RepresentationList = { readonly items: Representation[]; add(item: Representation): number };

function createRepresentationList(): RepresentationList {
  const items: Representation[] = [];
  const indexOf = new Map<string, number>();
  return {
    items,
    add(item) {
      const identity = JSON.stringify(item);
      const known = indexOf.get(identity);
      if (known !== undefined) return known;
      indexOf.set(identity, items.length);
      return items.push(item) - 1;
    },
  };
}

/** One `_entities` field of a call. */
type Batch = {
  readonly variable: string;
  collect(run: Run, list: RepresentationList): { settle(answer: Answer | SubgraphFailure): void };
};

function compileBatch(
  subgraph: string,
  batch: EntityBatchAlias,
  fields: readonly FetchedField[],
  supergraph: Supergraph,
): Batch {
  const places = batch.paths.map((path) => compilePlaces(path, supergraph));
  const represent = compileRepresentation(subgraph, batch.requires, batch.inputRewrites, supergraph);
  const rewrite = compileRewrites(batch.outputRewrites, supergraph);
  const check = compileEntityCheck(subgraph, fields, supergraph);
  const wrong = fromFailure(misplaced(subgraph));

  return {
    variable: batch.representationsVariableName,
    collect(run, list) {
      const indexOf = collectEntities(run.data, places, represent, list);

      const settle = (answer: Answer | SubgraphFailure) => {
        const problems = new EntityErrors();
        if (answer instanceof SubgraphFailure) problems.addToAll(fromFailure(answer));
        else {
          for (const error of answer.errors) {
            const [alias, index, ...tail] = error.path ?? [];
            if (alias !== undefined && alias !== batch.alias && alias !== '_entities') continue;
            const problem = fromSubgraph(subgraph, error);
            if (typeof index === 'number') problems.add(index, problem, tail);
            else problems.addToAll(problem);
          }
          place(answer, problems);
        }
        if (problems.isEmpty) return;
        const fieldsAt = (index: number) => fieldsOn(list.items[index]?.__typename, fields, supergraph);
        for (const each of places) {
          each(run.data, (object, path) => {
            const index = indexOf.get(object);
            if (index !== undefined) run.errors.push(...problems.at(index, path, fieldsAt(index)));
          });
        }
      };

      const place = (answer: Answer, problems: EntityErrors) => {
        const entities = readEntities(answer.data, batch.alias, rewrite);
        if (entities?.length !== list.items.length) {
          for (const index of indexOf.values()) if (!problems.has(index)) problems.add(index, wrong);
          return;
        }
        const misplacedAt = new Set<number>();
        for (const index of new Set(indexOf.values())) {
          const entity = entities[index];
          const representation = list.items[index];
          if (isObject(entity) && representation && !check(representation, entity)) {
            misplacedAt.add(index);
            if (!problems.has(index)) problems.add(index, wrong);
          }
        }
        for (const [object, index] of indexOf) {
          const entity = entities[index];
          if (isObject(entity) && !misplacedAt.has(index)) merge(object, entity, supergraph.isAbstract);
        }
      };

      return { settle };
    },
  };
}

/** Which representation stands for which object of the data. */
function collectEntities(
  data: Json,
  places: readonly Places[],
  represent: Represent,
  list: RepresentationList,
): ReadonlyMap<Json, number> {
  const indexOf = new Map<Json, number>();
  for (const each of places) {
    each(data, (object) => {
      if (indexOf.has(object)) return;
      const representation = represent(object);
      if (representation) indexOf.set(object, list.add(representation));
    });
  }
  return indexOf;
}

function readEntities(
  data: Json | undefined,
  alias: string,
  rewrite: Rewrite,
): readonly unknown[] | undefined {
  const entities = data?.[alias];
  if (!Array.isArray(entities)) return undefined;
  rewrite(entities);
  return entities;
}
