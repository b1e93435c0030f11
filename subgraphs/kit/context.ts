import type { Evidence } from '@wenshu/schema/evidence.ts';
import type { UnknownName } from '@wenshu/schema/named-records.ts';
import type { Asker } from '@wenshu/schema/signature.ts';
import { type Calendar, standardCalendar } from '@wenshu/schema/working-days.ts';
import DataLoader from 'dataloader';
import type { Database } from './database.ts';
import { KeptValues } from './kept-values.ts';
import type { AskedPage } from './page-args.ts';
import type { Waker } from './waker.ts';
import type { Deadlines } from './workflow/days.ts';

/** Loads a value for each key, in their order. */
export type Load<K, V> = (keys: readonly K[], db: Database) => Promise<V[]>;

/**
 * Row filters from the gateway, as GraphQL text: by the type whose rows are looked up (`Event`), or by a field that is shown for some rows
 * only (`Enterprise.inspections`). A hidden row is then the same as a row that does not exist, and nothing is read for it.
 */
export type RowFilters = Readonly<Record<string, string>>;

/** Returns a test whether a field is shown for a row; undefined if it is shown for all rows, or if this subgraph cannot tell. */
export type ShownOf = (
  context: Context,
  coordinate: string,
) => ((row: Readonly<Record<string, unknown>>) => Promise<boolean>) | undefined;

/** Context of the resolvers for one request. */
export interface Context extends Asker {
  readonly db: Database;
  /** Row filters from the gateway. */
  readonly rowFilters?: RowFilters | undefined;
  /** The mutation that is carried out, by name. */
  readonly mutation?: string;
  /** For a change with `@writable(evidence:)`: what the gateway found out for it. */
  readonly evidence?: Evidence | undefined;
  /** For a change with `@writable(names:)`: the records that its input names and its caller could not find. */
  readonly unknownNames?: readonly UnknownName[] | undefined;
  /** Returns a test whether a field is shown for a row; undefined if it is shown for all rows. */
  shownOf(coordinate: string): ((row: Readonly<Record<string, unknown>>) => Promise<boolean>) | undefined;
  /** True on a trial hub, where synthetic rows are the default; see `readsSynthetic`. */
  readonly isTrial: boolean;
  /** The calendar of working days. */
  readonly calendar: Calendar;
  /** Working days of workflows in place of those of their tables. */
  readonly deadlines?: Deadlines | undefined;
  /** Values that are computed from a whole register, for all requests. */
  readonly kept: KeptValues;
  /** Of a subscription: the position after which it goes on; undefined for what happens from now on. */
  readonly after?: string | undefined;
  /** Wakes those who follow the outbox of this subgraph. */
  readonly waker?: Waker | undefined;
  /** Aborts when the time of the call is over, or when nobody waits for it any more. */
  readonly signal?: AbortSignal;
  /** Called with a page of a whole list instead of reading it, by a reader that reads it in another way. */
  readonly onPage?: (page: AskedPage) => void;
  /**
   * Returns the batch of this name in this request; it is created at first use. Everything that changes its SQL (columns, arguments) must
   * be in the name, because one statement answers all keys of a batch.
   */
  batch<K, V>(name: string, load: Load<K, V>): DataLoader<K, V>;
}

/** Settings of a context. */
export type ContextRules = {
  readonly isTrial?: boolean;
  readonly calendar?: Calendar | undefined;
  readonly deadlines?: Deadlines | undefined;
  readonly rowFilters?: RowFilters | undefined;
  readonly evidence?: Evidence | undefined;
  readonly unknownNames?: readonly UnknownName[] | undefined;
  readonly shownOf?: ShownOf;
  readonly kept?: KeptValues;
  readonly after?: string | undefined;
  readonly waker?: Waker | undefined;
  readonly signal?: AbortSignal;
  /** True for the resolver of a subscription, which lasts: what its batches loaded is loaded anew. */
  readonly lasts?: boolean;
};

export function createContext(
  db: Database,
  { caller, purposeOfUse, snapshot, requestId }: Asker,
  {
    isTrial = false,
    calendar = standardCalendar,
    deadlines,
    rowFilters,
    evidence,
    unknownNames,
    shownOf = () => undefined,
    kept = new KeptValues(),
    after,
    waker,
    signal,
    lasts = false,
  }: ContextRules = {},
): Context {
  const batches = new Map<string, DataLoader<unknown, unknown>>();
  return {
    db,
    ...(rowFilters && { rowFilters }),
    ...(evidence && { evidence }),
    ...(unknownNames && { unknownNames }),
    shownOf(coordinate) {
      return this.rowFilters && shownOf(this, coordinate);
    },
    isTrial,
    calendar,
    ...(deadlines && { deadlines }),
    kept,
    ...(after !== undefined && { after }),
    ...(waker && { waker }),
    ...(signal && { signal }),
    ...(caller && { caller }),
    ...(purposeOfUse && { purposeOfUse }),
    ...(snapshot && { snapshot }),
    ...(requestId && { requestId }),
    batch<K, V>(name: string, load: Load<K, V>) {
      let batch = batches.get(name) as DataLoader<K, V> | undefined;
      if (!batch) {
        batch = new DataLoader<K, V>((keys) => load(keys, db), { cache: !lasts });
        batches.set(name, batch as DataLoader<unknown, unknown>);
      }
      return batch;
    },
  };
}
