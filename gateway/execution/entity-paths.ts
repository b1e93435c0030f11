import type { FlattenNodePathSegment, PlanNode, QueryPlan } from '@graphql-hive/router-query-planner';

/** Where a plan fetches entities: paths of field names, as in `/park/enterprises/nodes`. */
export function entityPaths(plan: QueryPlan): ReadonlySet<string> {
  const paths = new Set<string>();
  const add = (path: readonly FlattenNodePathSegment[]) => paths.add(namesIn(path));

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
      case 'Fetch':
        if (node.requires?.length) add(path);
        break;
      case 'BatchFetch':
        for (const alias of node.entityBatch.aliases) for (const each of alias.paths) add(each);
        break;
    }
  };
  visit(plan.node, []);
  return paths;
}

const namesIn = (path: readonly FlattenNodePathSegment[]) =>
  path
    .map((segment) => (typeof segment === 'object' && 'Field' in segment ? `/${segment.Field}` : ''))
    .join('');
