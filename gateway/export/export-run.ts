import { defaultsOf } from '../lib/setting.ts';
import type { SlotLimits } from './export-slots.ts';
import { Interrupted } from './read-pages.ts';
import { settings } from './settings.ts';

/** How much of the machine exports may take. */
export type ExportLimits = SlotLimits & {
  /** How long one may take. */
  readonly timeoutMs: number;
  /** How long its reader may take nothing of it. */
  readonly idleMs: number;
};

export const standardExportLimits: ExportLimits = defaultsOf(settings.exportLimits);

/** One export under way. */
export type ExportRun = {
  /** Aborted when it is over, with `Interrupted` as reason where it did not come to its end. */
  readonly signal: AbortSignal;
  end(reason?: Interrupted): void;
  /** Hands on what goes to the reader, for as long as it takes it; then the run is over. */
  toReader<Chunk>(chunks: AsyncIterable<Chunk>): AsyncGenerator<Chunk>;
};

/** It is over also when its caller leaves, its time is up, or its reader stands still; whatever it holds hangs on its signal. */
export function startRun(
  { timeoutMs, idleMs }: ExportLimits,
  caller: AbortSignal,
  onEnd: () => void,
): ExportRun {
  const controller = new AbortController();
  const { signal } = controller;
  const end = (reason?: Interrupted) => {
    if (signal.aborted) return;
    controller.abort(reason ?? new Interrupted('EXPORT_INTERRUPTED', 'The export is over.'));
    clearTimeout(timer);
    clearTimeout(idle);
    caller.removeEventListener('abort', leave);
    onEnd();
  };
  const endFor = (message: string) => () => end(new Interrupted('EXPORT_INTERRUPTED', message));
  const leave = endFor('The caller went away.');
  const timer = setTimeout(endFor(`An export may take ${timeoutMs} ms. Resume it.`), timeoutMs);
  const standStill = endFor(`Nobody took anything of the export for ${idleMs} ms. Resume it.`);
  // Also where nobody ever begins to read.
  let idle = setTimeout(standStill, idleMs);
  caller.addEventListener('abort', leave);
  if (caller.aborted) leave();

  return {
    signal,
    end,
    async *toReader(chunks) {
      try {
        clearTimeout(idle);
        for await (const chunk of chunks) {
          idle = setTimeout(standStill, idleMs);
          yield chunk;
          clearTimeout(idle);
        }
      } finally {
        end();
      }
    },
  };
}

/** Reads on while what came before is taken. */
export async function* ahead<Item>(items: AsyncGenerator<Item>): AsyncGenerator<Item> {
  try {
    let next = items.next();
    for (;;) {
      const { done, value } = await next;
      if (done) return;
      next = items.next();
      // It is awaited when its turn comes.
      next.catch(() => {});
      yield value;
    }
  } finally {
    await items.return(undefined);
  }
}
