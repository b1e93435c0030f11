import type { CallerOnRecord } from '../request/caller-on-record.ts';
import type { Refusals } from './record.ts';

/** A refused request. Such requests are too frequent for a record each. */
export type Refused = {
  /** The caller; undefined if unauthenticated. */
  readonly caller: CallerOnRecord | undefined;
  /** The network that the request came from. */
  readonly network: string;
  readonly code: string;
};

export type RefusalCountsOptions = {
  /**
   * Records counts of unauthenticated or of known callers. Returns false if there is no room; the counts then
   * continue.
   */
  readonly write: (refusals: Refusals, isUnauthenticated: boolean) => boolean;
  readonly everyMs: number;
  /** The number of networks, and of callers, that are counted separately. Later ones are counted together. */
  readonly most?: number;
};

export type RefusalCounts = {
  count(refused: Refused): void;
  /** Records the counts so far. */
  flush(): void;
  close(): void;
};

type Counted = { readonly refusals: Refusals; readonly counts: Record<string, number> };

/** Counts refusals by network or by caller, so that a caller who sends very many fills neither disk nor memory. */
export function countRefusals({ write, everyMs, most = 100 }: RefusalCountsOptions): RefusalCounts {
  const ofUnauthenticated = new Map<string, Counted>();
  const ofCallers = new Map<string, Counted>();

  function flush() {
    for (const each of [ofCallers, ofUnauthenticated]) {
      for (const [key, { refusals }] of each) {
        if (write(refusals, each === ofUnauthenticated)) each.delete(key);
      }
    }
  }
  const timer = setInterval(flush, everyMs).unref();

  return {
    count({ caller, network, code }) {
      const of = caller ? ofCallers : ofUnauthenticated;
      const own = caller ? JSON.stringify(caller) : network;
      const key = of.size < most || of.has(own) ? own : others;
      let counted = of.get(key);
      if (!counted) {
        const who =
          key === others ? { clientAddress: others } : caller ? { caller } : { clientAddress: network };
        const counts: Record<string, number> = {};
        const since = new Date().toISOString();
        counted = { counts, refusals: { kind: 'refusals', ...who, since, counts } };
        of.set(key, counted);
      }
      counted.counts[code] = (counted.counts[code] ?? 0) + 1;
    },
    flush,
    close() {
      clearInterval(timer);
      flush();
    },
  };
}

/** The name for all networks, or all callers, that are not counted separately. */
const others = 'others';
