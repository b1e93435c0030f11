import type postgres from 'postgres';
import { orCancelled, type Sent } from './cancellation.ts';

/** Maximum length of a prepared text. Longer texts come from long queries of callers and are planned each time. */
const maxPreparedLength = 4 * 1024;

/** Maximum number of characters of prepared texts on one connection: Postgres keeps some tens of bytes for each. */
const maxPreparedCharacters = 128 * 1024;

type Rows = (postgres.Row & Iterable<postgres.Row>)[];

/** Converts a statement to the wanted form of rows. */
export type Form = (query: postgres.PendingQuery<Rows>) => Sent;

export interface Statement {
  readonly text: string;
  readonly parameters: readonly unknown[];
  readonly form: Form;
}

/** One connection to Postgres. It is opened at first use, and again when it holds too many prepared statements. */
export class Connection {
  readonly #open: () => postgres.Sql;
  readonly #prepared = new Set<string>();
  #client: postgres.Sql;
  #characters = 0;
  /** The number of statements under way. */
  #running = 0;

  /** `open` returns a pool with one connection. */
  constructor(open: () => postgres.Sql) {
    this.#open = open;
    this.#client = open();
  }

  get client(): postgres.Sql {
    return this.#client;
  }

  /** Runs a statement, in `transaction` if one is given. Postgres cancels it when `signal` aborts. */
  async run<T>(
    statement: Statement,
    signal: AbortSignal | undefined,
    transaction?: postgres.TransactionSql,
  ): Promise<T> {
    const { text, parameters, form } = statement;
    // Statements that are under way would be lost with the client that they were sent on.
    const prepare = this.#mayPrepare(text, transaction === undefined && this.#running === 0);
    const query = (transaction ?? this.#client).unsafe(text, parameters as never[], { prepare });
    this.#running++;
    try {
      return await orCancelled<T>(form(query), signal);
    } finally {
      this.#running--;
    }
  }

  close(): Promise<void> {
    return this.#client.end({ timeout: 5 });
  }

  /**
   * True if a text may be prepared. A prepared text stays in Postgres, with its plan, as long as the connection lasts, and callers
   * influence many texts. So a full connection is replaced by a new one.
   */
  #mayPrepare(text: string, mayRenew: boolean): boolean {
    if (text.length > maxPreparedLength) return false;
    if (this.#prepared.has(text)) return true;
    if (this.#characters + text.length > maxPreparedCharacters) {
      if (!mayRenew) return false;
      void this.#client.end();
      this.#client = this.#open();
      this.#prepared.clear();
      this.#characters = 0;
    }
    this.#prepared.add(text);
    this.#characters += text.length;
    return true;
  }
}
