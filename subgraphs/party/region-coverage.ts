import type { Context } from '@wenshu/kit/context.ts';
import { readsSynthetic } from '@wenshu/kit/synthetic.ts';
import { countedEnterprises, countedParks, countOf, countWithoutTotal } from './coverage-count.ts';
import {
  type Alike,
  type CoverageTable,
  keptCoverageTable,
  nothing,
  type Scope,
  sum,
  type Tally,
} from './coverage-table.ts';
import {
  type RegionParent,
  regionParents,
  type StateOfTarget,
  type StatesInRegion,
  statesOfEnterprises,
  statesOfParks,
} from './queries.ts';

/** What other agencies say of all regions; null if an agency does not answer. The SDL says JSON. */
export interface RegionWithSubjects {
  readonly code: string;
  readonly parksByRegion?: unknown;
  readonly enterprisesByRegion?: unknown;
}

/** The parks that count, by the agency of parks: `countedParks` of its queries. */
interface CountedParks {
  readonly code: string;
  readonly level: string | null;
  readonly kind: string;
  readonly ids: readonly string[];
}

/** The enterprises by their agency: how many lie in each region itself, and which of all do not count. */
interface CountedEnterprises {
  readonly counts: Readonly<Record<string, number>>;
  readonly uncounted: readonly string[];
}

type OfBothKinds<Subjects> = { readonly real: Subjects; readonly synthetic: Subjects } | null | undefined;

type Asked = Omit<Scope, 'code'> & { readonly synthetic?: boolean | null | undefined };

type Side = 'organisation' | 'work';

/** Returns the coverage of a region; of its parks those of a level and a kind, if asked. */
export async function regionCoverage(region: RegionWithSubjects, asked: Asked, context: Context) {
  const { code } = region;
  const synthetic = readsSynthetic(context, asked.synthetic);
  const [level, kind] = [asked.level ?? null, asked.kind ?? null];
  const ofKind = <Subjects>(given: unknown) =>
    (given as OfBothKinds<Subjects>)?.[synthetic ? 'synthetic' : 'real'];
  const parks = ofKind<readonly CountedParks[]>(region.parksByRegion);
  const enterprises = ofKind<CountedEnterprises>(region.enterprisesByRegion);
  const [parents, ofParks, ofEnterprises] = await Promise.all([
    regionParents(context),
    parks && statesOfParks(context, synthetic),
    enterprises && statesOfEnterprises(context, synthetic, enterprises.uncounted),
  ]);
  const lineageOf = lineages(parents);
  const countParks = (side: Side) =>
    parks && ofParks
      ? countOf(
          tableOf(ofParks, side, () => alikeParks(parks, ofParks, side, lineageOf)),
          { code, level, kind },
          countedParks,
        )
      : countWithoutTotal(countedParks);
  const countEnterprises = (side: Side) =>
    enterprises && ofEnterprises
      ? countOf(
          tableOf(ofEnterprises, side, () => alikeEnterprises(enterprises, ofEnterprises, side, lineageOf)),
          { code },
          countedEnterprises,
        )
      : countWithoutTotal(countedEnterprises);
  return {
    code,
    level,
    kind,
    synthetic,
    parks: { count: countParks },
    enterprises: { count: countEnterprises },
  };
}

export type RegionCoverageRow = Awaited<ReturnType<typeof regionCoverage>>;

/** What is counted of a region: each side is computed only when it is asked for. */
export interface RegionCounts {
  count(side: Side): ReturnType<typeof countOf> | ReturnType<typeof countWithoutTotal>;
}

const tables = new WeakMap<readonly unknown[], Partial<Record<Side, CoverageTable>>>();

/** Returns the table over these states, once for all regions of a request. */
function tableOf(states: readonly unknown[], side: Side, alike: () => readonly Alike[]): CoverageTable {
  const known = tables.get(states) ?? {};
  const table = known[side] ?? keptCoverageTable(alike());
  tables.set(states, { ...known, [side]: table });
  return table;
}

type LineageOf = (code: string) => readonly string[];

const partOf = { COVERED: 'covered', NOT_COVERED: 'notCovered', UNKNOWN: 'unknown' } as const;
const tallyOf = (state: string, count = 1): Tally => ({
  ...nothing,
  [partOf[state as keyof typeof partOf]]: count,
});

function alikeParks(
  parks: readonly CountedParks[],
  states: readonly StateOfTarget[],
  side: Side,
  lineageOf: LineageOf,
): Alike[] {
  const stateOf = new Map(states.map((row) => [row.targetId, row[side]]));
  return parks.map(({ code, level, kind, ids }) => ({
    lineage: lineageOf(code),
    level,
    kind,
    ...ids.map((id) => tallyOf(stateOf.get(id) ?? 'UNKNOWN')).reduce(sum, nothing),
  }));
}

function alikeEnterprises(
  { counts }: CountedEnterprises,
  states: readonly StatesInRegion[],
  side: Side,
  lineageOf: LineageOf,
): Alike[] {
  const recorded = Map.groupBy(states, ({ code }) => code);
  return [...new Set([...Object.keys(counts), ...recorded.keys()])].sort().map((code) => {
    const rows = recorded.get(code) ?? [];
    const { covered, notCovered } = rows.map((row) => tallyOf(row[side], row.count)).reduce(sum, nothing);
    const unknown = (counts[code] ?? 0) - covered - notCovered;
    return { lineage: lineageOf(code), covered, notCovered, unknown };
  });
}

/** Returns a region and all regions above it. A cycle of regions, which a register should not contain, must not hang the subgraph. */
function lineages(parents: readonly RegionParent[]): LineageOf {
  const parentOf = new Map(parents.map(({ code, parent }) => [code, parent]));
  return (code) => {
    const lineage: string[] = [];
    for (let at: string | null = code; at !== null && lineage.length < 10; at = parentOf.get(at) ?? null) {
      lineage.push(at);
    }
    return lineage;
  };
}
