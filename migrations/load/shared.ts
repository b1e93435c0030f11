import { type CountedLists, isCounted } from '@wenshu/kit/completeness/published.ts';
import type { SharedTables } from '@wenshu/kit/tables.ts';
import { metrics } from '@wenshu/schema/metrics.ts';
import type { SubgraphName } from '@wenshu/schema/subgraph-sdl.ts';
import { citationsOf, type Dataset, type Rows, rowsOf } from './dataset.ts';

/** The subgraph that owns the records of a type, with their indicators. */
export const homeOf: Readonly<Record<string, SubgraphName>> = {
  Agency: 'policies',
  Enterprise: 'enterprises',
  Event: 'events',
  Park: 'parks',
  PartyBrand: 'party',
  PartyMechanism: 'party',
  PartyUnit: 'party',
  Policy: 'policies',
  Project: 'parks',
  Region: 'enterprises',
  Work: 'events',
};

/**
 * Returns the rows of the shared tables of one subgraph: all regions and sources, its own indicators, and the figures of any
 * subgraph that count its records.
 */
export function sharedRows(
  name: SubgraphName,
  tables: SharedTables,
  counted: CountedLists,
  dataset: Dataset,
): Rows[] {
  const figures = dataset.indicators.map(indicatorRow(dataset));
  const isHome = (id: string) => homeOf[dataset.typeOf(id)] === name;
  return [
    rowsOf(
      tables.regions,
      dataset.regions.map(({ honours, ...region }) => ({
        ...region,
        honours: honours?.map(({ titleZh, source }) => ({ titleZh, citations: citationsOf(source) })) ?? null,
      })),
    ),
    rowsOf(tables.regionClosure, regionClosure(dataset.regions)),
    rowsOf(
      tables.sources,
      dataset.sources.map(({ seed, ...source }) => ({ ...source, fileName: seed })),
    ),
    rowsOf(
      tables.indicators,
      figures.filter(({ subjectId }) => isHome(subjectId)),
    ),
    rowsOf(
      tables.publishedTotals,
      figures.filter((figure) => isCounted(counted, figure)),
    ),
  ];
}

/** Returns each region paired with itself and with everything above it. */
function regionClosure(regions: Dataset['regions']) {
  const parentOf = new Map(regions.map(({ code, parentCode }) => [code, parentCode]));
  return regions.flatMap(({ code }) => {
    const rows: { ancestor: string; code: string }[] = [];
    for (let ancestor: string | null | undefined = code; ancestor; ancestor = parentOf.get(ancestor)) {
      rows.push({ ancestor, code });
    }
    return rows;
  });
}

/** Returns the row of a figure. */
export const indicatorRow =
  ({ typeOf }: Dataset) =>
  ({ value, valueKind, growth, source, ...indicator }: Dataset['indicators'][number]) => ({
    ...indicator,
    stockOrFlow: indicator.stockOrFlow ?? metrics[indicator.metric]?.stockOrFlow ?? null,
    alsoAboutType: indicator.alsoAboutId && typeOf(indicator.alsoAboutId),
    subjectType: typeOf(indicator.subjectId),
    value: String(value),
    kind: valueKind,
    growth: growth && { ...growth, value: String(growth.value) },
    isSidebar: source.some(({ section }) => section === 'SIDEBAR'),
    citations: citationsOf(source),
  });
