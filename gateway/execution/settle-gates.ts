import type { FetchDependencies } from './fetch-dependencies.ts';
import { overlap } from './fetch-graph.ts';
import type { Gate } from './row-gates.ts';

/** A fetch of a plan with its reads, writes and gates. */
export type Gated = {
  readonly dependencies: FetchDependencies;
  readonly gates: readonly Gate[];
  /** Gates that test what it brings, also when the answer is written. */
  readonly tests: readonly Gate[];
  /** Fetches before it in sequence. */
  readonly before: readonly Gated[];
};

export type Settled<Fetch extends Gated> = {
  /** Whether a fetch obeys a gate. */
  heeds(fetch: Fetch, gate: Gate): boolean;
  /** Returns the fetches that bring the fields its gates read, in plan order. */
  waitsFor(fetch: Fetch): readonly Fetch[];
};

/**
 * Decides which gates each fetch obeys, and for which fetches it waits first. A fetch does not obey a gate that needs
 * what it brings itself, nor gates behind that one, nor a gate beyond which another fetch that does not obey it reads
 * what this one brings: a fact computed under a standing agreement, or fields that rows are tested by. When two fetches
 * would wait for each other, one does not obey.
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
      return [fetch, new Set(fetch.gates.filter((gate) => isBehind(gate, served)).map(gateKeyOf))];
    }),
  );
  const heeded = (fetch: Gated) => fetch.gates.filter(({ key }) => !exempt.get(fetch)?.has(key));
  const waits = (fetch: Gated) =>
    fetches.filter((other) => other !== fetch && heeded(fetch).some((gate) => brings(other, gate)));

  const spread = (): boolean => {
    let isChanged = false;
    for (const taker of fetches) {
      const heedsOfTaker = new Set(heeded(taker).map(gateKeyOf));
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
      ...fetch.before.filter((other) => overlap(fetch.dependencies.reads, other.dependencies.writes)),
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

const gateKeyOf = ({ key }: Gate) => key;

const brings = ({ dependencies }: Gated, { needs }: Gate) =>
  needs.some((path) => dependencies.writes.has(path));

/** Whether a gate is behind a place. Fields that test rows are fetched for all rows, whatever gates follow. */
const isBehind = ({ place }: Gate, served: readonly string[]) =>
  served.some((each) => place === each || place.startsWith(`${each}/`));

/** Whether a fetch reads what another brings, other than `__typename`. */
function gives({ dependencies: { writes } }: Gated, { dependencies: { reads } }: Gated): boolean {
  const isType = (path: string) => path.endsWith('/__typename');
  const isOfTypes = [...writes].every(isType);
  for (const path of reads) if (writes.has(path) && (isOfTypes || !isType(path))) return true;
  return false;
}

/** Finds a cycle of fetches that wait for each other. Returns its edges as pairs. */
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
