import type {
  FetchRewrite,
  FlattenNodePathSegment,
  PlanNode,
  QueryPlan,
} from '@graphql-hive/router-query-planner';
import { parseFetch, type SelectionTree } from './fetch-document.ts';

/** What happens where in the data: paths of field names, without list positions, as in `/park/enterprises/nodes`. */
export type PlanPaths = {
  /** Whether entities are fetched here, so that one of them may stand in many places. */
  isEntityAt(path: string): boolean;
  /** Whether several fetches bring this object, so that what it holds is known only from all of them. */
  isJoinedAt(path: string): boolean;
};

export function pathsOf(plan: QueryPlan): PlanPaths {
  const entities = new Set<string>();
  const brought = new Set<string>();
  const joined = new Set<string>();
  const renamed = new Set<string>();

  const bring = (tree: SelectionTree, places: readonly string[], own: Set<string>): void => {
    for (const [key, below] of tree) {
      const paths = places.map((place) => `${place}/${key}`);
      for (const path of paths) own.add(path);
      bring(below, paths, own);
    }
  };
  const addFetch = (parts: readonly (readonly [SelectionTree | undefined, readonly string[]])[]) => {
    const own = new Set<string>();
    for (const [tree, places] of parts) if (tree) bring(tree, places, own);
    for (const path of own) (brought.has(path) ? joined : brought).add(path);
  };
  const addRewrites = (rewrites: readonly FetchRewrite[] = []) => {
    for (const rewrite of rewrites) if ('KeyRenamer' in rewrite) renamed.add(rewrite.KeyRenamer.renameKeyTo);
  };

  const visit = (node: PlanNode | undefined, path: readonly FlattenNodePathSegment[]): void => {
    switch (node?.kind) {
      case 'Sequence':
      case 'Parallel':
        for (const each of node.nodes) visit(each, path);
        break;
      case 'Flatten':
        visit(node.node, [...path, ...node.path]);
        break;
      case 'Condition':
        visit(node.ifClause, path);
        visit(node.elseClause, path);
        break;
      case 'Fetch': {
        const { tree } = parseFetch(node.operation);
        const place = namesIn(path);
        addRewrites(node.outputRewrites);
        if (node.requires?.length) {
          entities.add(place);
          addFetch([[tree.get('_entities'), [place]]]);
        } else addFetch([[tree, [place]]]);
        break;
      }
      case 'BatchFetch': {
        const { tree } = parseFetch(node.operation);
        addFetch(
          node.entityBatch.aliases.map(({ alias, paths, outputRewrites }) => {
            const places = paths.map(namesIn);
            for (const place of places) entities.add(place);
            addRewrites(outputRewrites);
            return [tree.get(alias), places];
          }),
        );
        break;
      }
      case 'Defer':
        for (const each of [node.primary, ...node.deferred]) visit(each.node, path);
    }
  };
  visit(plan.node, []);

  return {
    isEntityAt: (path) => entities.has(path),
    isJoinedAt: (path) => joined.has(path) || path.split('/').some((name) => renamed.has(name)),
  };
}

export const namesIn = (path: readonly FlattenNodePathSegment[]) =>
  path
    .map((segment) => (typeof segment === 'object' && 'Field' in segment ? `/${segment.Field}` : ''))
    .join('');
