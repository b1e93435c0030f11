import { Refusal } from '../request/refusal.ts';
import type { ExportLimits } from './export-run.ts';
import { Interrupted } from './read-pages.ts';

/** The place of one export. */
export type Slot = {
  /** Lets others read while this export waits. */
  pause(): void;
  /** Resolves when the export may read again, in its turn. */
  resume(signal: AbortSignal): Promise<void>;
  /** Releases the place. */
  end(): void;
};

export type ExportSlots = {
  /**
   * Takes a place, or throws a Refusal when there is none. `interrupt` is called when the export must make room for
   * others.
   */
  take(payer: string, interrupt: (reason: Interrupted) => void): Slot;
};

type Entry = {
  readonly payer: string;
  readonly interrupt: (reason: Interrupted) => void;
  /** Set while the export waits to read again. */
  turn?: PromiseWithResolvers<void> | undefined;
};

/** Creates the slots of reading exports. As many exports again may wait for rate limits. */
export function createExportSlots({
  concurrency,
  perCaller,
}: Pick<ExportLimits, 'concurrency' | 'perCaller'>): ExportSlots {
  const reading = new Set<Entry>();
  /**
   * Paused exports, longest wait first. Each holds a snapshot in every subgraph that it reads, so their number is
   * small.
   */
  const paused = new Set<Entry>();

  const countOf = (payer: string) => [...reading, ...paused].filter((entry) => entry.payer === payer).length;

  function fill() {
    for (const entry of paused) {
      if (reading.size >= concurrency) return;
      if (!entry.turn) continue;
      paused.delete(entry);
      reading.add(entry);
      entry.turn.resolve();
      entry.turn = undefined;
    }
  }

  function pause(entry: Entry) {
    if (!reading.delete(entry)) return;
    paused.add(entry);
    const [first] = paused;
    if (paused.size > concurrency && first) {
      paused.delete(first);
      first.interrupt(
        new Interrupted(
          'EXPORT_INTERRUPTED',
          'Too many exports wait for their rate limits. Resume this export later.',
          { messageZh: '等待速率限制的导出过多。请稍后续传。' },
        ),
      );
    }
    fill();
  }

  async function resume(entry: Entry, signal: AbortSignal) {
    if (!paused.has(entry)) return;
    const turn = Promise.withResolvers<void>();
    entry.turn = turn;
    const leave = () => turn.reject(signal.reason);
    signal.addEventListener('abort', leave);
    fill();
    await turn.promise.finally(() => signal.removeEventListener('abort', leave));
  }

  return {
    take(payer, interrupt) {
      const own = countOf(payer);
      if (own >= perCaller) throw tooManyOfOne(own);
      if (reading.size >= concurrency) throw tooMany(reading.size);
      const entry: Entry = { payer, interrupt };
      reading.add(entry);
      return {
        pause: () => pause(entry),
        resume: (signal) => resume(entry, signal),
        end() {
          reading.delete(entry);
          paused.delete(entry);
          fill();
        },
      };
    },
  };
}

const retryAfter = { 'retry-after': '5' };

const tooMany = (running: number) =>
  new Refusal(
    'OVERLOADED',
    `${running} exports are running, which is the limit. Try again later.`,
    { messageZh: `正在进行的导出已有 ${running} 个,达到上限。请稍后再试。` },
    retryAfter,
  );

const tooManyOfOne = (running: number) =>
  new Refusal(
    'OVERLOADED',
    `${running} of your exports are running, which is the limit for one caller. Try again when one has ended.`,
    { messageZh: `您正在进行的导出已有 ${running} 个,达到每个调用方的上限。请待其中一个结束后再试。` },
    retryAfter,
  );
