import type { ValuesOf } from '../lib/setting.ts';
import { Interrupted } from './read-pages.ts';
import type { settings } from './settings.ts';

/** Limits of the resources that exports use. */
export type ExportLimits = ValuesOf<typeof settings.exportLimits>;

/** One export in progress. */
export type ExportRun = {
  /** Aborts when the export is over; its reason is `Interrupted` when the export did not complete. */
  readonly signal: AbortSignal;
  end(reason?: Interrupted): void;
  /** Passes chunks to the reader while it takes them. Then the run is over. */
  toReader<Chunk>(chunks: AsyncIterable<Chunk>): AsyncGenerator<Chunk>;
};

/**
 * Starts a run. It also ends when its caller leaves, its time is up, or its reader stalls. Everything that it holds is
 * released by its signal.
 */
export function startRun(
  { timeoutMs, idleMs }: ExportLimits,
  caller: AbortSignal | undefined,
  onEnd: () => void,
): ExportRun {
  const controller = new AbortController();
  const { signal } = controller;
  const end = (reason?: Interrupted) => {
    if (signal.aborted) return;
    controller.abort(
      reason ?? new Interrupted('EXPORT_INTERRUPTED', 'The export is over.', { messageZh: '导出已结束。' }),
    );
    clearTimeout(timer);
    clearTimeout(idle);
    caller?.removeEventListener('abort', leave);
    onEnd();
  };
  const endFor = (message: string, messageZh: string) => () =>
    end(new Interrupted('EXPORT_INTERRUPTED', message, { messageZh }));
  const leave = endFor('The caller went away.', '调用方已离开。');
  const timer = setTimeout(
    endFor(
      `The export reached its time limit of ${timeoutMs} ms. Resume it.`,
      `导出已达 ${timeoutMs} 毫秒的时限。请续传。`,
    ),
    timeoutMs,
  );
  const standStill = endFor(
    `Nobody read the export for ${idleMs} ms. Resume it.`,
    `导出已有 ${idleMs} 毫秒无人读取。请续传。`,
  );
  // The timer also covers a reader that never begins.
  let idle = setTimeout(standStill, idleMs);
  caller?.addEventListener('abort', leave);
  if (caller?.aborted) leave();

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

/** Reads the next item while the current one is taken. */
export async function* ahead<Item>(items: AsyncGenerator<Item>): AsyncGenerator<Item> {
  try {
    let next = items.next();
    for (;;) {
      const { done, value } = await next;
      if (done) return;
      next = items.next();
      // The rejection is handled when the item's turn comes.
      next.catch(() => {});
      yield value;
    }
  } finally {
    await items.return(undefined);
  }
}
