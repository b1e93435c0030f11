import type { Department } from '@wenshu/schema/caller.ts';
import type { RowSharing } from '@wenshu/schema/sharing.ts';
import { isPart, type PolicyModel } from './policy-model.ts';

type Graph = Pick<PolicyModel, 'sharing' | 'shape'>;

/**
 * Returns which rows of a type are about an enterprise: those with its id at `path`; all, if the type is a part of
 * such rows and is reached only through them; or none.
 */
export function enterpriseRowsOf(
  typeName: string,
  { sharing, shape }: Graph,
): { readonly path: readonly string[] } | 'all' | 'none' {
  const path = sharing.ofType(typeName).enterpriseId;
  if (path) return { path };
  // If no open field leads to the type, only the partner's own rows lead to it.
  const isClosed = (leader: string) => !sharing.of(leader)?.open;
  return isPart(typeName, { sharing, shape }) && shape.leadersTo(typeName).every(isClosed) ? 'all' : 'none';
}

/**
 * The departments that must approve a field of the partner's own enterprise, in ordinary rows and in exceptional rows
 * (`@sharingRows`).
 */
export type Approvers = { readonly inMost: readonly Department[]; readonly inOthers: readonly Department[] };

export function approversOf(coordinate: string, typeName: string, { sharing }: Graph): Approvers {
  const field = sharing.of(coordinate);
  if (!field) return { inMost: [], inOthers: [] };
  const { rows, keeper } = sharing.ofType(typeName);
  const inMost = field.open ? [] : [field.owner];
  if (!rows || !isClosed(rows)) return { inMost, inOthers: inMost };
  const others = [field.owner, keeper, rows.jointly].filter((each) => each !== undefined);
  return { inMost, inOthers: [...new Set(others)] };
}

/**
 * Returns whether exceptional rows (`@sharingRows`) are not open. They are open only if they merely add a second
 * owner.
 */
export const isClosed = (rows: RowSharing): boolean => rows.class !== 'UNCONDITIONAL';

/**
 * Lists the coordinates that a key for an enterprise opens in addition to open data, by the department that must
 * approve them.
 */
export function closedByOwner(graph: Graph, typeNames: readonly string[]): Map<Department, string[]> {
  const byOwner = new Map<Department, string[]>();
  for (const typeName of typesOfEnterprise(graph, typeNames)) {
    for (const coordinate of graph.shape.fieldsOf(typeName)) {
      if (graph.sharing.of(coordinate)?.class === 'WORK_SECRET') continue;
      const { inMost, inOthers } = approversOf(coordinate, typeName, graph);
      for (const owner of new Set([...inMost, ...inOthers])) {
        byOwner.set(owner, [...(byOwner.get(owner) ?? []), coordinate]);
      }
    }
  }
  return byOwner;
}

/** Returns the types with rows about an enterprise, and the types that are parts of those rows. */
function typesOfEnterprise(graph: Graph, typeNames: readonly string[]): ReadonlySet<string> {
  const rowsOf = (typeName: string) => enterpriseRowsOf(typeName, graph);
  const found = new Set(typeNames.filter((each) => typeof rowsOf(each) === 'object'));
  const parts = typeNames.filter((each) => rowsOf(each) === 'all');
  const isReached = (typeName: string) =>
    graph.shape.leadersTo(typeName).some((leader) => found.has(leader.slice(0, leader.indexOf('.'))));
  for (let size = 0; size < found.size; ) {
    size = found.size;
    for (const part of parts.filter(isReached)) found.add(part);
  }
  return found;
}
