import type { Changes } from '../hub/changes.ts';
import type { Log } from '../log.ts';

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
  let ids = new Set<string>();
  /** Those heard of since a read began, which may not be in what it brings. */
  let heard = new Set<string>();
  let reading: Promise<void> | undefined;
  let isStale = true;

  async function read() {
    isStale = false;
    heard = new Set();
    try {
      ids = new Set([...(await list()), ...heard]);
    } catch (cause) {
      isStale = true;
      log.warn({ cause }, 'The ids of API keys cannot be read.');
    }
  }
  const readOnce = (): Promise<void> => {
    reading ??= read().finally(() => {
      reading = undefined;
    });
    return reading;
  };

  changes.observe((change) => {
    if (!change) {
      isStale = true;
      void readOnce();
    } else if (change.table === 'api_keys') {
      ids.add(change.id);
      heard.add(change.id);
    }
  });

  void readOnce();
  return {
    async has(id) {
      if (!ids.has(id) && (isStale || reading)) await readOnce();
      return ids.has(id);
    },
  };
}
