import type { FetchDependencies } from './fetch-dependencies.ts';
import { overlap } from './fetch-graph.ts';
import type { Gate } from './row-gates.ts';

/** A fetch of a plan with what it takes and brings, and with the gates on its way. */
export type Gated = {
  readonly access: FetchDependencies;
  readonly gates: readonly Gate[];
  /** All by which something that it brings is tested, be it when the answer is written. */
  readonly tests: readonly Gate[];
  /** The fetches that precede it in sequence. */
  readonly before: readonly Gated[];
};

export type Settled<Fetch extends Gated> = {
  /** Whether a fetch heeds a gate. */
  heeds(fetch: Fetch, gate: Gate): boolean;
  /** The fetches that bring what its gates test rows by, in their order in the plan. */
  waitsFor(fetch: Fetch): readonly Fetch[];
};

/**
 * Finds which gates each fetch heeds, and for whom it waits before it does. A fetch does not heed a gate that needs
 * what it brings itself, nor those behind that, nor one beyond which a fetch that does not heed it takes what this one brings: a fact that is
 * computed by a standing agreement, or what rows are tested by. Where two would wait for each other, one does not heed.
 */
export function settleGates<Fetch extends Gated>(fetches: readonly Fetch[]): Settled<Fetch> {
  const tests = [
    ...new Map(
      fetches.flatMap((each) => [...each.gates, ...each.tests]).map((gate) => [gate.key, gate]),
    ).values(),
  ];
  const exempt = new Map<Gated, Set<string>>(
    fetches.map((fetch) => {
      const served = tests.filter((gate) => brings(fetch, gate)).map(({ place }) => place);
      return [fetch, new Set(fetch.gates.filter((gate) => isBehind(gate, served)).map(keyOf))];
    }),
  );
  const heeded = (fetch: Gated) => fetch.gates.filter(({ key }) => !exempt.get(fetch)?.has(key));
  const waits = (fetch: Gated) =>
    fetches.filter((other) => other !== fetch && heeded(fetch).some((gate) => brings(other, gate)));

  const spread = (): boolean => {
    let isChanged = false;
    for (const taker of fetches) {
      const heedsOfTaker = new Set(heeded(taker).map(keyOf));
      for (const giver of taker.before.filter((each) => gives(each, taker))) {
        for (const { key } of heeded(giver).filter((gate) => !heedsOfTaker.has(gate.key))) {
          exempt.get(giver)?.add(key);
          isChanged = true;
        }
      }
    }
    return isChanged;
  };

  for (;;) {
    while (spread());
    const ring = findRing(fetches, (fetch) => [
      ...fetch.before.filter((other) => overlap(fetch.access.reads, other.access.writes)),
      ...waits(fetch),
    ]);
    const [fetch, other] = ring?.find(([each, next]) => waits(each).some((one) => one === next)) ?? [];
    if (!fetch || !other) break;
    for (const gate of heeded(fetch).filter((each) => brings(other, each))) {
      exempt.get(fetch)?.add(gate.key);
    }
  }
  return { heeds: (fetch, gate) => heeded(fetch).includes(gate), waitsFor: waits };
}

const keyOf = ({ key }: Gate) => key;

const brings = ({ access }: Gated, { needs }: Gate) => needs.some((path) => access.writes.has(path));

/** What rows at a place are tested by is fetched for all of them, whatever stands on the way from there. */
const isBehind = ({ place }: Gate, served: readonly string[]) =>
  served.some((each) => place === each || place.startsWith(`${each}/`));

/** Whether a fetch takes from what another brings, more than of what type it is. */
function gives({ access: { writes } }: Gated, { access: { reads } }: Gated): boolean {
  const isType = (path: string) => path.endsWith('/__typename');
  const isOfTypes = [...writes].every(isType);
  for (const path of reads) if (writes.has(path) && (isOfTypes || !isType(path))) return true;
  return false;
}

/** Fetches each of which waits for the next, and the last for the first, as pairs. */
function findRing(
  fetches: readonly Gated[],
  nextOf: (fetch: Gated) => readonly Gated[],
): readonly (readonly [Gated, Gated])[] | undefined {
  const done = new Set<Gated>();
  const way: Gated[] = [];
  const search = (fetch: Gated): readonly (readonly [Gated, Gated])[] | undefined => {
    const start = way.indexOf(fetch);
    if (start >= 0) {
      const ring = way.slice(start);
      return ring.map((each, i) => [each, ring[i + 1] ?? fetch] as const);
    }
    if (done.has(fetch)) return undefined;
    way.push(fetch);
    for (const next of nextOf(fetch)) {
      const ring = search(next);
      if (ring) return ring;
    }
    way.pop();
    done.add(fetch);
    return undefined;
  };
  for (const fetch of fetches) {
    const ring = search(fetch);
    if (ring) return ring;
  }
  return undefined;
}
