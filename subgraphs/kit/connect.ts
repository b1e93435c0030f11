import { createTurns } from '@wenshu/schema/turns.ts';
import { drizzle } from 'drizzle-orm/postgres-js';
import postgres from 'postgres';
import { arrayTypes } from './array-types.ts';
import { Connection, type Form } from './connection.ts';
import type { Call, Database } from './database.ts';
import { createLeases, type Leases } from './leases.ts';
import { createSnapshots, type Snapshots } from './snapshots.ts';

export interface DatabaseConnection {
  /** For questions that are nobody's call. */
  readonly db: Database;
  /** For the statements of one call. */
  dbOf(call: Call): Database;
  readonly snapshots: Snapshots;
  /** Rejects when the database cannot answer. */
  ready(): Promise<void>;
  close(): Promise<void>;
}

export interface DatabaseOptions {
  /** `postgres://role:password@host:port/database` */
  url: string;
  /** Most connections at once. */
  maxConnections?: number;
  /** How long a call may take here: less than its gateway waits, so that it is answered, and its statements end. */
  callTimeoutMs?: number | undefined;
  /** Told each SQL statement as it is sent. */
  onStatement?: (sql: string) => void;
}

/** Below the time limit that a gateway has by default. */
export const standardCallTimeoutMs = 8_000;

const ownCall: Call = { caller: '' };

const openPool = (url: string, max: number, callTimeoutMs: number) =>
  postgres(url, {
    max,
    idle_timeout: 60,
    connect_timeout: 5,
    // By default it waits up to 20 s after a try that failed: far longer than the database may have been gone.
    backoff: () => 0.1 + Math.random() * 0.1,
    // A statement that nobody can break off, because this process hangs or is gone, ends too.
    connection: { statement_timeout: callTimeoutMs },
    onnotice: () => {},
    fetch_types: false,
    types: arrayTypes,
  }) as unknown as postgres.Sql;

/**
 * Connections to one agency's database, the statements of one call at a time on each. Numbers of any size, dates and
 * moments arrive as text, so that no value is rounded on its way to the caller.
 */
export function connect(options: DatabaseOptions): DatabaseConnection {
  const { url, maxConnections = 10, callTimeoutMs = standardCallTimeoutMs, onStatement } = options;
  const pool = (max: number) => openPool(url, max, callTimeoutMs);
  const openOne = () => {
    const client = pool(1);
    // Sets how values are read.
    drizzle(client);
    return client;
  };
  const connections = Array.from({ length: maxConnections }, () => new Connection(openOne));
  const turns = createTurns(connections);
  const [{ client }] = connections as [Connection];

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

  /** What drizzle and our own statements use of a client. */
  function databaseOf(run: Run, begin: Begin): Database {
    const unsafe = (text: string, parameters: readonly unknown[] = []) => {
      onStatement?.(text);
      const as = (form: Form) => run(text, parameters, form);
      return {
        // biome-ignore lint/suspicious/noThenProperty: a statement is sent when it is waited for, as those of postgres.js.
        then: (...hooks: Parameters<Promise<unknown>['then']>) => as((query) => query).then(...hooks),
        raw: () => as((query) => query.raw()),
        values: () => as((query) => query.values()),
      };
    };
    return drizzle({ options: client.options, unsafe, begin } as unknown as postgres.Sql);
  }

  const sendingIn = (inOne: Leases<Connection>, call: Call) =>
    databaseOf(
      (text, parameters, form) =>
        inOne((connection) => connection.run({ text, parameters, form }, call.signal)),
      (work) => inTurn(call, async (connection) => connection.client.begin(work)),
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
    ready: async () => {
      await db.$client.unsafe('select 1');
    },
    close: async () => {
      await snapshots.close();
      await Promise.all(connections.map((connection) => connection.close()));
    },
  };
}

type Begin = (work: (transaction: postgres.TransactionSql) => unknown) => Promise<unknown>;
