import { setTimeout as wait } from 'node:timers/promises';
import type { SubgraphName } from '@wenshu/schema/subgraph-sdl.ts';
import { medianOf } from '../support/median.ts';
import type { Exchange } from './load.ts';
import type { Question } from './questions.ts';
import { type Figure, note, time } from './scenario.ts';

const lookEveryMs = 50;
const addedMostMs = 5;

export interface BreakerWatch {
  /** When it was first seen to be open, on the clock of `performance.now()`; ends the watch. */
  end(): Promise<number | undefined>;
}

/** Looks at `/metrics` of a gateway for the moment from which it leaves a subgraph alone. */
export function watchBreaker(origin: string, subgraph: SubgraphName): BreakerWatch {
  const isClosed = `wenshu_subgraph_breaker{subgraph="${subgraph}",state="closed"} 1`;
  let isOver = false;
  const look = async () => {
    while (!isOver) {
      const metrics = await (await fetch(`${origin}/metrics`)).text();
      if (!metrics.includes(isClosed)) return performance.now();
      await wait(lookEveryMs);
    }
    return undefined;
  };
  const opened = look();
  return {
    end() {
      isOver = true;
      return opened;
    },
  };
}

/** The same question with the fields that fail, and without. */
export interface Pair {
  readonly affected: Question;
  readonly control: Question;
}

/** What fields that fail add to the time of an answer while the breaker is open: medians. */
export function addedTime(
  exchanges: readonly Exchange[],
  { affected, control }: Pair,
  { openedAt, endedAt }: { readonly openedAt: number | undefined; readonly endedAt: number },
): Figure[] {
  if (openedAt === undefined) return [{ name: 'added p50', text: 'no breaker opened', isMet: false }];
  const during = exchanges.filter(({ sentAt, tookMs }) => sentAt >= openedAt && sentAt + tookMs <= endedAt);
  const medianFor = (asked: Question, kind: 'partial' | 'whole') =>
    medianOf(
      during
        .filter(({ question, outcome }) => question === asked && outcome.kind === kind)
        .map(({ tookMs }) => tookMs),
    );
  const without = medianFor(control, 'whole');
  const failing = medianFor(affected, 'partial');
  return [
    time('added p50', failing - without, addedMostMs),
    note(`p50 ${without.toFixed(1)} ms without the fields, ${failing.toFixed(1)} ms with them failing`),
  ];
}
