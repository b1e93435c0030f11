import postgres from 'postgres';
import { RateLimiterPostgres } from 'rate-limiter-flexible';
import { countBy, counting } from './limiter.ts';
import type { RateStore } from './store.ts';

const connectTimeoutSeconds = 2;
const connections = 4;

const schemaName = 'wenshu_gateway';
const tableName = 'usage';

/** UNLOGGED: a crash loses the counts, as it loses counts in memory. This halves the writes. */
const createTable = `
  create schema if not exists ${schemaName};
  create unlogged table if not exists ${schemaName}.${tableName} (
    key varchar(255) primary key,
    points bigint not null default 0,
    expire bigint
  )`;

/** Counts in a table of its own. Creates the table if it is missing. */
export async function openPostgresStore(url: string): Promise<RateStore> {
  const sql = postgres(url, {
    max: connections,
    connect_timeout: connectTimeoutSeconds,
    onnotice: () => {},
    types: { bigint: { to: 20, from: [20], parse: Number, serialize: String } },
  });
  let created: Promise<unknown> | undefined;

  /** Adapts postgres.js, which the hub uses, to the interface of `pg`, which the library expects. */
  const client = {
    async query({ text, values = [] }: { readonly text: string; readonly values?: (string | number)[] }) {
      created ??= sql.unsafe(createTable).catch((cause) => {
        created = undefined;
        throw cause;
      });
      await created;
      return { rows: await sql.unsafe(text, values, { prepare: true }) };
    },
  };
  await client.query({ text: 'select 1' }).catch(() => {});
  return {
    add: countBy(
      (window) =>
        new RateLimiterPostgres({
          ...counting(window),
          storeClient: client,
          storeType: 'client',
          schemaName,
          tableName,
          tableCreated: true,
        }),
    ),
    close: () => sql.end({ timeout: 1 }),
  };
}
