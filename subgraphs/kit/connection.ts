import type postgres from 'postgres';
import { orCancelled, type Sent } from './cancellation.ts';

/** Longer texts are those that callers have made long; they are planned each time that they are sent. */
const maxPreparedLength = 4 * 1024;

/** Characters of prepared texts that a connection may come to: Postgres keeps some tens of bytes for each of them. */
const maxPreparedCharacters = 128 * 1024;

type Rows = (postgres.Row & Iterable<postgres.Row>)[];

/** In which form the rows of a statement are wanted. */
export type Form = (query: postgres.PendingQuery<Rows>) => Sent;

export interface Statement {
  readonly text: string;
  readonly parameters: readonly unknown[];
  readonly form: Form;
}

/** One connection to Postgres, which is made when it is needed, and anew when it holds too many prepared statements. */
export class Connection {
  readonly #open: () => postgres.Sql;
  readonly #prepared = new Set<string>();
  #client: postgres.Sql;
  #characters = 0;
  /** The number of statements under way. */
  #running = 0;

  /** `open` gives a pool of one. */
  constructor(open: () => postgres.Sql) {
    this.#open = open;
    this.#client = open();
  }

  get client(): postgres.Sql {
    return this.#client;
  }

  /** Runs a statement, in `transaction` where one is given; Postgres breaks it off once `signal` aborts. */
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
   * A text that is prepared stays in Postgres, with its plan, for as long as the connection lasts, and callers have a say
   * in many texts. So a connection that has had its fill makes way for a new one.
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
