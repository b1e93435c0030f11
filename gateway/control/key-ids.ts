import type { Log } from '../lib/log.ts';
import type { Changes } from './changes.ts';

/** The ids of the keys on record that may be good, as far as this gateway has heard of them. */
export type KeyIds = {
  /** Waits for ids that are being read, where this is not one of those known. */
  has(id: string): Promise<boolean>;
};

/**
 * Tells a key that may be good from one that was made up, without the database: an id is twelve random digits, so that
 * whoever makes up keys meets none. Where the ids cannot be read, the next key that is asked about tries again.
 */
export function watchKeyIds(
  list: () => Promise<readonly string[]>,
  changes: Pick<Changes, 'observe'>,
  log: Log,
): KeyIds {
  let ids: ReadonlySet<string> = new Set();
  let reading: Promise<void> | undefined;
  let isStale = true;

  /** Reads once more after a change that came during a read. */
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
