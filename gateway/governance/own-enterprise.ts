import type { Department } from '@wenshu/schema/caller.ts';
import type { RowSharing } from '@wenshu/schema/sharing.ts';
import { isPart, type PolicyModel } from './policy-model.ts';

type Graph = Pick<PolicyModel, 'sharing' | 'shape'>;

/** Whether a type is about an enterprise: each row of it about one, or, as a part of such rows, all that can be reached. */
export function enterpriseRowsOf(
  typeName: string,
  { sharing, shape }: Graph,
): { readonly path: readonly string[] } | 'all' | 'none' {
  const path = sharing.ofType(typeName).enterpriseId;
  if (path) return { path };
  // What nothing open leads to is only ever reached from the partner's own rows.
  const isClosed = (leader: string) => !sharing.of(leader)?.open;
  return isPart(typeName, { sharing, shape }) && shape.leadersTo(typeName).every(isClosed) ? 'all' : 'none';
}

/** Who has to approve that a partner sees a field of its own enterprise: in most rows, and in those that are shared otherwise. */
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

/** Rows that are shared otherwise than their type are never open, unless they only have another owner beside. */
export const isClosed = (rows: RowSharing): boolean => rows.class !== 'UNCONDITIONAL';

/** All that a key for an enterprise opens beyond what is open, by the department that has to approve it. */
export function closedByOwner(graph: Graph, typeNames: readonly string[]): Map<Department, string[]> {
  const byOwner = new Map<Department, string[]>();
  for (const typeName of typesOfEnterprise(graph, typeNames)) {
    for (const coordinate of graph.shape.fieldsOf(typeName)) {
      const { inMost, inOthers } = approversOf(coordinate, typeName, graph);
      for (const owner of new Set([...inMost, ...inOthers])) {
        byOwner.set(owner, [...(byOwner.get(owner) ?? []), coordinate]);
      }
    }
  }
  return byOwner;
}

/** Types with rows about an enterprise, and those that are reached from these as parts. */
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
