import type { Log } from '../lib/log.ts';
import type { Changes } from './changes.ts';

/** Ids of the keys that may be valid, as far as this gateway knows. */
export type KeyIds = {
  /** Whether an id is known. Waits for a read in progress before it answers false. */
  has(id: string): Promise<boolean>;
};

/**
 * Distinguishes issued keys from invented ones without the database: an id has twelve random digits, so a guess does
 * not meet one. When a read fails, the next unknown key starts another.
 */
export function watchKeyIds(
  list: () => Promise<readonly string[]>,
  changes: Pick<Changes, 'observe'>,
  log: Log,
): KeyIds {
  let ids: ReadonlySet<string> = new Set();
  let reading: Promise<void> | undefined;
  let isStale = true;

  /** Reads again when a change arrived during a read. */
  async function readWhileStale() {
    while (isStale) {
      isStale = false;
      try {
        ids = new Set(await list());
      } catch (cause) {
        isStale = true;
        log.warn({ cause }, 'The ids of API keys cannot be read.');
        return;
      }
    }
  }
  const reread = (): Promise<void> => {
    reading ??= readWhileStale().finally(() => {
      reading = undefined;
    });
    return reading;
  };

  changes.observe((change) => {
    if (change && change.table !== 'api_keys') return;
    isStale = true;
    void reread();
  });

  void reread();
  return {
    async has(id) {
      if (!ids.has(id) && (isStale || reading)) await reread();
      return ids.has(id);
    },
  };
}
