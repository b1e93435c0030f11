import { Refusal } from '../request/refusal.ts';
import { Interrupted } from './read-pages.ts';

/** How many exports may be under way. */
export type SlotLimits = {
  /** How many may read at a time; as many again may wait for the rate limits of their callers. */
  readonly concurrency: number;
  /** How many a caller may have under way, reading or waiting. */
  readonly perCaller: number;
};

/** The place of an export among those under way. */
export type Slot = {
  /** Lets others read, for as long as this export waits. */
  pause(): void;
  /** Resolves when it may read again, in its turn. */
  resume(signal: AbortSignal): Promise<void>;
  /** Gives the place up. */
  end(): void;
};

export type ExportSlots = {
  /** Throws a Refusal where there is none. `interrupt` is called where the export has to make room for others. */
  take(payer: string, interrupt: (reason: Interrupted) => void): Slot;
};

type Entry = {
  readonly payer: string;
  readonly interrupt: (reason: Interrupted) => void;
  /** Set while it waits for its turn to read again. */
  turn?: PromiseWithResolvers<void> | undefined;
};

export function createExportSlots({ concurrency, perCaller }: SlotLimits): ExportSlots {
  const reading = new Set<Entry>();
  /** Those that began to wait first come first. Each holds a snapshot in every subgraph that it reads: so these are few. */
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
          'Too many exports wait for their rate limits. Resume it later.',
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
    `${running} exports are under way, which is as many as may be. Try again later.`,
    { messageZh: `正在进行的导出已有 ${running} 个,达到上限。请稍后再试。` },
    retryAfter,
  );

const tooManyOfOne = (running: number) =>
  new Refusal(
    'OVERLOADED',
    `${running} exports of yours are under way, which is as many as a caller may have. Try again when one is over.`,
    { messageZh: `您正在进行的导出已有 ${running} 个,达到每个调用方的上限。请待其中一个结束后再试。` },
    retryAfter,
  );
