import { fewestUnits } from '@wenshu/kit/few-units.ts';
import { type Line, type Rule, suppressedCells } from '@wenshu/kit/suppression.ts';

/** How many parks or enterprises are covered, are not covered, and are neither on record as the one nor as the other. */
export interface Tally {
  readonly covered: number;
  readonly notCovered: number;
  readonly unknown: number;
}

/** Parks or enterprises that lie in one region itself and are alike in all by which callers can ask. */
export interface Alike extends Tally {
  /** The region, and all regions above it in order. */
  readonly lineage: readonly string[];
  /** Level of recognition; null if no source states it, undefined if the units have no levels. */
  readonly level?: string | null;
  readonly kind?: string;
}

/** What a number is about: a region with all below it, and perhaps one level and one kind. */
export interface Scope {
  readonly code: string;
  readonly level?: string | null | undefined;
  readonly kind?: string | null | undefined;
}

/** The tallies of all regions, levels and kinds, and the suppressed ones. */
export interface CoverageTable {
  tallyOf(scope: Scope): Tally;
  isSuppressed(scope: Scope): boolean;
  /** Number of units of a scope, whatever its level, of which no source states the level. */
  withoutLevel(scope: Scope): number;
}

/**
 * Rule for tallies: one is shown only if none of its parts is one or two units, who would learn about each other, and if not all units are
 * covered or all not covered, which would disclose each of them. That nothing is on record of any unit discloses none. A negative part
 * shows that the agencies disagree on where something lies.
 */
const tallyRule: Omit<Rule<Tally, 'FEW'>, 'canBeAsked'> = {
  riskOf: (tally) => {
    const parts = partsOf(tally).filter((part) => part !== 0);
    if (parts.length === 1 && tally.unknown > 0) return null;
    return parts.length < 2 || parts.some((part) => part < fewestUnits) ? 'FEW' : null;
  },
  together: (tallies) => tallies.reduce(sum, nothing),
  sizeOf,
};

export const nothing: Tally = { covered: 0, notCovered: 0, unknown: 0 };

const partsOf = ({ covered, notCovered, unknown }: Tally) => [covered, notCovered, unknown];

export function sizeOf(tally: Tally): number {
  return partsOf(tally).reduce((all, part) => all + part, 0);
}

export const sum = (one: Tally, other: Tally): Tally => ({
  covered: one.covered + other.covered,
  notCovered: one.notCovered + other.notCovered,
  unknown: one.unknown + other.unknown,
});

/** Any level or kind, and the level that no source states. */
const any = '';
const unstated = '?';

/** A region itself, without those below it. */
const itself = (code: string) => `${code}*`;

const keyOf = (code: string, level: string, kind: string) => `${code} ${level} ${kind}`;
const keyOfScope = ({ code, level, kind }: Scope) => keyOf(code, level ?? any, kind ?? any);

/** Callers cannot ask for what lies in a region itself or has no stated level, but could compute it by subtraction. */
const canBeAsked = (key: string) => !/[*?]/.test(key);

/** Builds the complete table: whether the number of one region may be disclosed depends on all others. */
export function coverageTable(all: readonly Alike[]): CoverageTable {
  const tallies = new Map<string, Tally>();
  const parts = new Map<string, Set<string>>();
  const addPart = (line: string, part: string) =>
    parts.set(line, (parts.get(line) ?? new Set<string>()).add(part));
  const above = new Set(all.flatMap(({ lineage }) => lineage.slice(1)));
  for (const { lineage, level, kind, ...tally } of all) {
    const [code = ''] = lineage;
    const places = above.has(code) ? [itself(code), ...lineage] : lineage;
    for (const [i, place] of places.entries()) {
      for (const ofLevel of level === undefined ? [any] : [any, level ?? unstated]) {
        for (const ofKind of kind === undefined ? [any] : [any, kind]) {
          const key = keyOf(place, ofLevel, ofKind);
          tallies.set(key, sum(tallies.get(key) ?? nothing, tally));
          const next = places[i + 1];
          if (next) addPart(`region ${keyOf(next, ofLevel, ofKind)}`, key);
          if (ofLevel !== any) addPart(`level ${keyOf(place, any, ofKind)}`, key);
          if (ofKind !== any) addPart(`kind ${keyOf(place, ofLevel, any)}`, key);
        }
      }
    }
  }
  const lines = [...parts].map(
    ([line, of]): Line => ({ total: line.slice(line.indexOf(' ') + 1), parts: [...of] }),
  );
  const suppressed = suppressedCells(tallies, lines, { ...tallyRule, canBeAsked });
  const tallyOf = (scope: Scope) => tallies.get(keyOfScope(scope)) ?? nothing;
  return {
    tallyOf,
    isSuppressed: (scope) => suppressed.has(keyOfScope(scope)),
    withoutLevel: (scope) => sizeOf(tallyOf({ ...scope, level: unstated })),
  };
}

/** Tables by what they were built from: to choose the suppressed cells of a large city takes a tenth of a second. */
const kept = new Map<string, CoverageTable>();
const mostKept = 16;

/** Returns the table of equal tallies, which is built once. */
export function keptCoverageTable(all: readonly Alike[]): CoverageTable {
  const key = JSON.stringify(all);
  const table = kept.get(key) ?? coverageTable(all);
  kept.delete(key);
  kept.set(key, table);
  const [oldest] = kept.keys();
  if (kept.size > mostKept && oldest !== undefined) kept.delete(oldest);
  return table;
}
