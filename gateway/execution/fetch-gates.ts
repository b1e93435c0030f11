import type { FlattenNodePathSegment } from '@graphql-hive/router-query-planner';
import type { FetchedField } from './fetch-document.ts';
import type { Gate, Gates, GatesOnPath } from './row-gates.ts';

type Path = readonly FlattenNodePathSegment[];

/** What a fetch does about rows that the caller may not see. */
export type FetchGates = {
  /** Returns the gates on the way to its objects, and before the fields that it requests of them. */
  gatesOn(path: Path, fields?: readonly FetchedField[]): GatesOnPath;
  /** Row filters that its subgraph receives for the rows that it looks up. */
  readonly rowFilters: Readonly<Record<string, string>> | undefined;
};

export const noGates: FetchGates = { gatesOn: () => [], rowFilters: undefined };

/** Returns all gates on the way to objects, the last of them before what is requested of these objects. */
export function gatesTo(gates: Gates, path: Path, fields: readonly FetchedField[] = []): GatesOnPath {
  const onPath = gates.onPath(path);
  const last = gates.beforeFields(path, fields);
  return last ? onPath.with(path.length, [...(onPath[path.length] ?? []), last]) : onPath;
}

/** Selects the gates that a fetch obeys. */
export const heeding = (gates: Gates, operation: string, heeds: (gate: Gate) => boolean): FetchGates => ({
  gatesOn: (path, fields) => gatesTo(gates, path, fields).map((here) => here.filter(heeds)),
  rowFilters: gates.filtersOf(operation),
});
