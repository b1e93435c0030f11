import { scalars } from '@wenshu/schema/scalars.ts';
import type { List } from '../list.ts';
import { factsOf } from '../reference.ts';
import type { Resolvers } from '../schema-types.ts';
import type { SharedTables } from '../tables.ts';
import type { PartsOfSubjects } from './additivity-of-figures.ts';
import { indicatorGraph } from './indicators.ts';
import { createRefer } from './references.ts';
import { regionGraph } from './regions.ts';
import { sourceGraph, sourceListOf } from './sources.ts';

type RecordRow = { readonly id: string; readonly facts: Record<string, unknown> };

/**
 * Returns the shared resolvers of a subgraph, over its own lists and its copy of the shared tables: regions, sources, citations,
 * indicators. `partsOfSubjects` says which subjects of its indicators are parts of others.
 */
export function sharedGraph(
  tables: SharedTables,
  ownLists: readonly List[],
  partsOfSubjects: PartsOfSubjects,
) {
  const regions = regionGraph(tables);
  const sourceList = sourceListOf(tables);
  const refer = createRefer([regions.regionList, sourceList, ...ownLists]);
  const sources = sourceGraph(sourceList, regions, refer);
  const indicators = indicatorGraph(tables, regions, refer, partsOfSubjects);

  const resolvers: Resolvers = {
    ...sources.resolvers,
    Region: regions.resolvers,
    Indicator: indicators.resolvers,
  };

  return {
    ...regions,
    ...sources,
    ...indicators,
    refer,
    resolvers: { ...scalars, Subject: typeOfTarget, Actor: typeOfTarget, ...resolvers },
    /** Resolvers of every record type, to be spread into the type's own. */
    record: {
      region: regions.ofRow,
      facts: (row: RecordRow) => factsOf(row.facts),
    },
  };
}

const typeOfTarget = { __resolveType: (target: { readonly __typename: string }) => target.__typename };
