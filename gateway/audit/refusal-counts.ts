import type { CallerOnRecord } from '../request/caller-on-record.ts';
import type { Refusals } from './record.ts';

/** A request that was turned away, and so often is that each is not worth a record. */
export type Refused = {
  /** Undefined for a stranger. */
  readonly caller: CallerOnRecord | undefined;
  /** The network that it came from. */
  readonly network: string;
  readonly code: string;
};

export type RefusalCountsOptions = {
  /** Puts counts on record, strangers' or those of callers; false where there is no room: they are counted on. */
  readonly write: (refusals: Refusals, isOfStranger: boolean) => boolean;
  readonly everyMs: number;
  /** How many networks, and how many callers, are told apart; those that come later are counted together. */
  readonly most?: number;
};

export type RefusalCounts = {
  count(refused: Refused): void;
  /** Puts on record what was counted. */
  flush(): void;
  close(): void;
};

type Counted = { readonly refusals: Refusals; readonly counts: Record<string, number> };

/** Counts refusals by network, or by caller, so that whoever sends very many fills neither disk nor memory. */
export function countRefusals({ write, everyMs, most = 100 }: RefusalCountsOptions): RefusalCounts {
  const ofStrangers = new Map<string, Counted>();
  const ofCallers = new Map<string, Counted>();

  function flush() {
    for (const each of [ofCallers, ofStrangers]) {
      for (const [key, { refusals }] of each) {
        if (write(refusals, each === ofStrangers)) each.delete(key);
      }
    }
  }
  const timer = setInterval(flush, everyMs).unref();

  return {
    count({ caller, network, code }) {
      const of = caller ? ofCallers : ofStrangers;
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

/** Stands for all networks, or all callers, that are not told apart. */
const others = 'others';
