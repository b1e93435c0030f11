import type { FlattenNodePathSegment } from '@graphql-hive/router-query-planner';
import type { FetchedField } from './fetch-document.ts';
import type { Gate, Gates, GatesOnPath } from './row-gates.ts';

type Path = readonly FlattenNodePathSegment[];

/** What a fetch has to do with rows that its caller may not see. */
export type FetchGates = {
  /** On the way to its objects, and before the fields that it asks of them. */
  gatesOn(path: Path, fields?: readonly FetchedField[]): GatesOnPath;
  /** What its subgraph is told of the rows that it looks up. */
  readonly rowFilters: Readonly<Record<string, string>> | undefined;
};

export const noGates: FetchGates = { gatesOn: () => [], rowFilters: undefined };

/** All gates on the way to some objects, the last of them before what is asked of these. */
export function gatesTo(gates: Gates, path: Path, fields: readonly FetchedField[] = []): GatesOnPath {
  const onPath = gates.onPath(path);
  const last = gates.beforeFields(path, fields);
  return last ? onPath.with(path.length, [...(onPath[path.length] ?? []), last]) : onPath;
}

/** Those gates that a fetch heeds. */
export const heeding = (gates: Gates, operation: string, heeds: (gate: Gate) => boolean): FetchGates => ({
  gatesOn: (path, fields) => gatesTo(gates, path, fields).map((here) => here.filter(heeds)),
  rowFilters: gates.filtersOf(operation),
});
