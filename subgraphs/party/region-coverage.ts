import type { Context } from '@wenshu/kit/context.ts';
import type { CountsByRegion } from '@wenshu/kit/counts-by-region.ts';
import { type Line, type Share, shareRule, suppressedCells } from '@wenshu/kit/suppression.ts';
import { readsSynthetic } from '@wenshu/kit/synthetic.ts';
import { rateOf } from './coverage.ts';
import { coveredByRegion, type RegionParent, regionParents } from './queries.ts';

/** A region with the number of parks and enterprises in each region, from their agencies; null if an agency does not answer. */
export interface RegionWithCounts {
  readonly code: string;
  readonly parksByRegion?: unknown;
  readonly enterprisesByRegion?: unknown;
}

export async function regionCoverage(
  { code, parksByRegion, enterprisesByRegion }: RegionWithCounts,
  asked: boolean | null | undefined,
  context: Context,
) {
  const synthetic = readsSynthetic(context, asked);
  const [parents, covered] = await Promise.all([regionParents(context), coveredByRegion(context, synthetic)]);
  const figuresOf = (type: 'Park' | 'Enterprise', given: unknown) => {
    // The SDL says JSON; `countsByRegion` of the kit creates it.
    const counts = given as CountsByRegion | null | undefined;
    return (
      counts && figuresAt(code, tableOf(parents, counts[synthetic ? 'synthetic' : 'real'], covered[type]))
    );
  };
  const parks = figuresOf('Park', parksByRegion);
  const enterprises = figuresOf('Enterprise', enterprisesByRegion);
  return {
    parkCount: parks?.count ?? null,
    parksCovered: parks?.covered ?? null,
    parkRate: parks?.rate ?? null,
    areParksSuppressed: parks?.isSuppressed ?? false,
    enterpriseCount: enterprises?.count ?? null,
    enterprisesCovered: enterprises?.covered ?? null,
    enterpriseRate: enterprises?.rate ?? null,
    areEnterprisesSuppressed: enterprises?.isSuppressed ?? false,
    synthetic,
  };
}

/** Shares of all regions, and the suppressed ones. */
interface Table {
  readonly shares: ReadonlyMap<string, Share>;
  readonly hidden: ReadonlyMap<string, unknown>;
}

function figuresAt(code: string, { shares, hidden }: Table) {
  const { units: count, counted } = shares.get(code) ?? none;
  // Without any parks nothing is suppressed.
  const isSuppressed = count > 0 && hidden.has(code);
  if (count === 0 || isSuppressed) return { count, covered: null, rate: null, isSuppressed };
  return { count, covered: counted, rate: rateOf(counted, count), isSuppressed };
}

const none: Share = { units: 0, counted: 0 };

const tables = new WeakMap<Readonly<Record<string, number>>, Table>();

/**
 * Builds the complete table, once for all regions of a request. Units in no lower region form one more part of a region: callers cannot
 * ask for it, but could compute it by subtraction.
 */
function tableOf(
  parents: readonly RegionParent[],
  units: Readonly<Record<string, number>>,
  covered: Readonly<Record<string, number>>,
): Table {
  const known = tables.get(covered);
  if (known) return known;
  const parentOf = new Map(parents.map(({ code, parent }) => [code, parent]));
  const shares = new Map<string, Share>();
  for (const code of new Set([...Object.keys(units), ...Object.keys(covered)])) {
    const direct = { units: units[code] ?? 0, counted: covered[code] ?? 0 };
    for (const above of lineageOf(code, parentOf)) {
      shares.set(above, shareRule.together([shares.get(above) ?? none, direct]));
    }
  }
  const below = Map.groupBy(shares.keys(), (code) => parentOf.get(code) ?? null);
  const lines: Line[] = [];
  for (const [total, parts] of below) {
    if (total === null) continue;
    const direct = { units: units[total] ?? 0, counted: covered[total] ?? 0 };
    const isEmpty = direct.units === 0 && direct.counted === 0;
    if (!isEmpty) shares.set(directOf(total), direct);
    lines.push({ total, parts: isEmpty ? parts : [...parts, directOf(total)] });
  }
  const table = {
    shares,
    hidden: suppressedCells(shares, lines, { ...shareRule, canBeAsked: (key) => !key.endsWith('*') }),
  };
  tables.set(covered, table);
  return table;
}

const directOf = (code: string) => `${code}*`;

/** Returns a region and all regions above it. A cycle of regions, which a register should not contain, must not hang the subgraph. */
function lineageOf(code: string, parentOf: ReadonlyMap<string, string | null>): string[] {
  const lineage: string[] = [];
  for (let at: string | null = code; at !== null && lineage.length < 10; at = parentOf.get(at) ?? null) {
    lineage.push(at);
  }
  return lineage;
}
