import type {
  FetchNode,
  FetchRewrite,
  FlattenNodePathSegment,
  PlanNode,
  QueryPlan,
} from '@graphql-hive/router-query-planner';
import type { Supergraph } from '../supergraph/supergraph.ts';
import { type FetchDocument, parseFetch, type SelectionTree } from './fetch-document.ts';

/** Relations between the fetches of a plan. */
export type PlanPaths = {
  /** Whether entities are fetched at a path of field names, as in `/park/enterprises/nodes`. */
  isEntityAt(path: string): boolean;
  /** Whether several fetches bring objects under this name, so that one object may arrive in parts. */
  isBroughtInParts(name: string): boolean;
  /** Returns the parsed operation of a fetch. Each is parsed once. */
  documentOf(fetch: Pick<FetchNode, 'operation'>): FetchDocument;
};

export function pathsOf(plan: QueryPlan, supergraph: Supergraph): PlanPaths {
  const entities = new Set<string>();
  const brought = new Set<string>();
  const inParts = new Set<string>();
  const documents = new Map<string, FetchDocument>();

  const documentOf: PlanPaths['documentOf'] = ({ operation }) => {
    const document = documents.get(operation) ?? parseFetch(operation, supergraph);
    documents.set(operation, document);
    return document;
  };

  const add = (tree: SelectionTree | undefined, rewrites: readonly FetchRewrite[] = []) => {
    const names = new Set(tree && namesOf(tree));
    for (const name of names) (brought.has(name) ? inParts : brought).add(name);
    for (const rewrite of rewrites) {
      if ('KeyRenamer' in rewrite) inParts.add(rewrite.KeyRenamer.renameKeyTo);
    }
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
      case 'Fetch':
        if (node.requires?.length) entities.add(fieldsIn(path));
        add(documentOf(node).tree, node.outputRewrites);
        break;
      case 'BatchFetch': {
        const { tree } = documentOf(node);
        for (const { alias, paths, outputRewrites } of node.entityBatch.aliases) {
          for (const each of paths) entities.add(fieldsIn(each));
          add(tree.get(alias)?.below, outputRewrites);
        }
        break;
      }
      case 'Defer':
        for (const each of [node.primary, ...node.deferred]) visit(each.node, path);
    }
  };
  visit(plan.node, []);

  return {
    isEntityAt: (path) => entities.has(path),
    isBroughtInParts: (name) => inParts.has(name),
    documentOf,
  };
}

const fieldsIn = (path: readonly FlattenNodePathSegment[]) =>
  path
    .map((segment) => (typeof segment === 'object' && 'Field' in segment ? `/${segment.Field}` : ''))
    .join('');

/** Yields the names of all fields that hold objects. */
function* namesOf(tree: SelectionTree): Iterable<string> {
  for (const [name, { below }] of tree) {
    if (!below) continue;
    yield name;
    yield* namesOf(below);
  }
}
