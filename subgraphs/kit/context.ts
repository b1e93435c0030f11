import type { Caller } from '@wenshu/schema/caller.ts';
import DataLoader from 'dataloader';
import type { Database } from './database.ts';

/** What a resolver is given for one request. */
export interface Context {
  readonly db: Database;
  /** Who asks; undefined where the gateway serves everybody alike. */
  readonly caller?: Caller | undefined;
  /**
   * The batch of this name in this request, made at its first use. Everything that
   * changes its SQL (columns, arguments) belongs into the name, because all keys of
   * a batch are answered by one statement.
   */
  batch<K, V>(name: string, load: (keys: readonly K[]) => Promise<V[]>): DataLoader<K, V>;
}

/** What the gateway tells of a request with each call. */
export type Asker = Pick<Context, 'caller'>;

export function createContext(db: Database, caller?: Caller): Context {
  const batches = new Map<string, DataLoader<unknown, unknown>>();
  return {
    db,
    caller,
    batch<K, V>(name: string, load: (keys: readonly K[]) => Promise<V[]>) {
      let batch = batches.get(name) as DataLoader<K, V> | undefined;
      if (!batch) {
        batch = new DataLoader<K, V>(load);
        batches.set(name, batch as DataLoader<unknown, unknown>);
      }
      return batch;
    },
  };
}
