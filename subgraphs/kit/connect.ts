import { createTurns } from '@wenshu/schema/turns.ts';
import { drizzle } from 'drizzle-orm/postgres-js';
import postgres from 'postgres';
import { arrayTypes } from './array-types.ts';
import { Connection, type Form } from './connection.ts';
import type { Call, Database } from './database.ts';
import { createLeases, type Leases } from './leases.ts';
import { createSnapshots, type Snapshots } from './snapshots.ts';
import type { Listening } from './waker.ts';

export interface DatabaseConnection {
  /** Database for statements outside of any call. */
  readonly db: Database;
  /** Returns the database for the statements of one call. */
  dbOf(call: Call): Database;
  readonly snapshots: Snapshots;
  /** Listens on a channel over a connection of its own, which is opened again when it breaks. */
  listen(channel: string, listener: () => void): Promise<Listening>;
  /** Rejects if the database does not answer. */
  ready(): Promise<void>;
  close(): Promise<void>;
}

export interface DatabaseOptions {
  /** `postgres://role:password@host:port/database` */
  url: string;
  /** Maximum number of connections. */
  maxConnections?: number;
  /** Timeout of a call in milliseconds. It is shorter than the gateway's, so that the call is answered and its statements end. */
  callTimeoutMs?: number | undefined;
  /** Called with each SQL statement that is sent. */
  onStatement?: (sql: string) => void;
}

/** Default timeout of a call in milliseconds; it is below the gateway's default. */
export const standardCallTimeoutMs = 8_000;

const ownCall: Call = { caller: '' };

const openPool = (url: string, max: number, callTimeoutMs: number) =>
  postgres(url, {
    max,
    idle_timeout: 60,
    connect_timeout: 5,
    // The default waits up to 20 s after a failed attempt: far longer than most failures of a database.
    backoff: () => 0.1 + Math.random() * 0.1,
    // Ends a statement that this process can no longer cancel, because it hangs or has gone.
    connection: { statement_timeout: callTimeoutMs },
    onnotice: () => {},
    fetch_types: false,
    types: arrayTypes,
  }) as unknown as postgres.Sql;

/**
 * Opens connections to one agency's database; each serves the statements of one call at a time. Numbers of any size, dates and timestamps
 * arrive as text, so that no value is rounded.
 */
export function connect(options: DatabaseOptions): DatabaseConnection {
  const { url, maxConnections = 10, callTimeoutMs = standardCallTimeoutMs, onStatement } = options;
  const pool = (max: number) => openPool(url, max, callTimeoutMs);
  const openOne = () => {
    const client = pool(1);
    // Drizzle sets the parsers of values.
    drizzle(client);
    return client;
  };
  const connections = Array.from({ length: maxConnections }, () => new Connection(openOne));
  const turns = createTurns(connections.length, (index) => connections[index] as Connection);
  const [{ client }] = connections as [Connection];
  const listening = createListening(() => openPool(url, 1, callTimeoutMs));

  async function inTurn<T>(
    { caller, signal }: Call,
    work: (connection: Connection) => Promise<T>,
  ): Promise<T> {
    const turn = turns.take(caller, signal);
    const connection = turn instanceof Promise ? await turn : turn;
    try {
      return await work(connection);
    } finally {
      turns.give(caller, connection);
    }
  }

  type Run = <T>(text: string, parameters: readonly unknown[], form: Form) => Promise<T>;

  /** Returns the function of a client that sends a statement. */
  const sendBy =
    (run: Run) =>
    (text: string, parameters: readonly unknown[] = []) => {
      onStatement?.(text);
      const as = (form: Form) => run(text, parameters, form);
      return {
        // biome-ignore lint/suspicious/noThenProperty: a statement is sent when it is awaited, as in postgres.js.
        then: (...hooks: Parameters<Promise<unknown>['then']>) => as((query) => query).then(...hooks),
        raw: () => as((query) => query.raw()),
        values: () => as((query) => query.values()),
      };
    };

  /** Returns the part of a client that drizzle and our own statements use. */
  const databaseOf = (run: Run, begin: Begin): Database =>
    drizzle({ options: client.options, unsafe: sendBy(run), begin } as unknown as postgres.Sql);

  const beginOn = (connection: Connection, work: Parameters<Begin>[0]) =>
    beginUnlessClosed(connection, (transaction) => {
      const run: Run = (text, parameters, form) =>
        connection.run({ text, parameters, form }, undefined, transaction);
      const savepoint = (inner: Parameters<Begin>[0]) => transaction.savepoint(inner);
      const { options } = client;
      return work({ options, unsafe: sendBy(run), savepoint } as unknown as postgres.TransactionSql);
    });

  const sendingIn = (inOne: Leases<Connection>, call: Call) =>
    databaseOf(
      (text, parameters, form) =>
        inOne((connection) => connection.run({ text, parameters, form }, call.signal)),
      (work) => inTurn(call, (connection) => beginOn(connection, work)),
    );
  const dbOf = (call: Call) => sendingIn(createLeases(turns, call.caller, call.signal), call);
  const db = sendingIn((work) => inTurn(ownCall, work), ownCall);
  const snapshots = createSnapshots(pool, (call, work) =>
    inTurn(call, (connection) =>
      work(connection.client, (transaction) =>
        databaseOf(
          (text, parameters, form) => connection.run({ text, parameters, form }, call.signal, transaction),
          () => Promise.reject(new Error('A snapshot is read in one transaction.')),
        ),
      ),
    ),
  );
  return {
    db,
    dbOf,
    snapshots,
    listen: listening.listen,
    ready: async () => {
      await db.$client.unsafe('select 1');
    },
    close: async () => {
      await snapshots.close();
      await listening.close();
      await Promise.all(connections.map((connection) => connection.close()));
    },
  };
}

/** Creates the function that listens to notifications, each time on a connection of its own. */
function createListening(open: () => postgres.Sql) {
  const clients = new Set<postgres.Sql>();
  const end = async (client: postgres.Sql) => {
    clients.delete(client);
    await client.end({ timeout: 0 });
  };
  return {
    listen: async (channel: string, listener: () => void): Promise<Listening> => {
      const client = open();
      clients.add(client);
      try {
        // What came while the connection was broken is unknown, so a new connection is news too.
        await client.listen(channel, listener, listener);
      } catch (cause) {
        await end(client);
        throw cause;
      }
      return { stop: () => end(client) };
    },
    close: async () => {
      await Promise.all([...clients].map(end));
    },
  };
}

/**
 * Runs work in a transaction, whose statements are prepared once for each connection. A change that has begun is completed, so nothing
 * cancels them. When the connection ends, postgres.js would write ROLLBACK into the closed socket, which ends the process: it is not told.
 */
function beginUnlessClosed({ client }: Connection, work: Parameters<Begin>[0]): Promise<unknown> {
  const { promise, resolve, reject } = Promise.withResolvers<unknown>();
  const within: typeof work = async (transaction) => {
    try {
      return await work(transaction);
    } catch (error) {
      if (!isClosed(error)) throw error;
      reject(error);
      return new Promise(() => {});
    }
  };
  client.begin(within).then(resolve, reject);
  return promise;
}

/** Whether Postgres ended the connection, so that the transaction is gone. */
const isClosed = (error: unknown): boolean =>
  /^(CONNECTION_|57P0)/.test(String((error as { code?: unknown }).code)) ||
  (error instanceof Error && error.cause !== undefined && isClosed(error.cause));

type Begin = (work: (transaction: postgres.TransactionSql) => unknown) => Promise<unknown>;
