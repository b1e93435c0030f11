import type { Asker } from '@wenshu/schema/signature.ts';
import DataLoader from 'dataloader';
import type { Database } from './database.ts';
import type { AskedPage } from './page-args.ts';

/** A value for each key, in their order. */
export type Load<K, V> = (keys: readonly K[], db: Database) => Promise<V[]>;

/**
 * What the gateway says of the rows that its caller may see: filters, as GraphQL text, by the type whose rows are
 * looked up (`Event`), or by the field that is shown of some rows only (`Enterprise.inspections`). A row that is
 * hidden is then found no more than one that is not there, and nothing is read for it.
 */
export type RowFilters = Readonly<Record<string, string>>;

/** Whether a field is shown of a row; undefined where it is of all rows, or nothing here can tell. */
export type ShownOf = (
  context: Context,
  coordinate: string,
) => ((row: { readonly id: string }) => Promise<boolean>) | undefined;

/** What a resolver is given for one request. */
export interface Context extends Asker {
  readonly db: Database;
  /** What the caller may see of rows, as the gateway says. */
  readonly rowFilters?: RowFilters | undefined;
  /** Whether a field is shown of a row; undefined where it is of all rows. */
  shownOf(coordinate: string): ((row: { readonly id: string }) => Promise<boolean>) | undefined;
  /** Whether synthetic rows are read where nobody says which: `readsSynthetic`. */
  readonly isTrial: boolean;
  /** Told of a page of a whole list in place of the database, by who wants to read it in another way. */
  readonly onPage?: (page: AskedPage) => void;
  /**
   * The batch of this name in this request, made at its first use. Everything that
   * changes its SQL (columns, arguments) belongs into the name, because all keys of
   * a batch are answered by one statement.
   */
  batch<K, V>(name: string, load: Load<K, V>): DataLoader<K, V>;
}

/** What holds for all that is answered in a context. */
export type ContextRules = {
  readonly isTrial?: boolean;
  readonly rowFilters?: RowFilters | undefined;
  readonly shownOf?: ShownOf;
};

export function createContext(
  db: Database,
  { caller, purposeOfUse, snapshot, requestId }: Asker,
  { isTrial = false, rowFilters, shownOf = () => undefined }: ContextRules = {},
): Context {
  const batches = new Map<string, DataLoader<unknown, unknown>>();
  return {
    db,
    ...(rowFilters && { rowFilters }),
    shownOf(coordinate) {
      return this.rowFilters && shownOf(this, coordinate);
    },
    isTrial,
    ...(caller && { caller }),
    ...(purposeOfUse && { purposeOfUse }),
    ...(snapshot && { snapshot }),
    ...(requestId && { requestId }),
    batch<K, V>(name: string, load: Load<K, V>) {
      let batch = batches.get(name) as DataLoader<K, V> | undefined;
      if (!batch) {
        batch = new DataLoader<K, V>((keys) => load(keys, db));
        batches.set(name, batch as DataLoader<unknown, unknown>);
      }
      return batch;
    },
  };
}
