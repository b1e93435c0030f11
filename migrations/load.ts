import { counted as enterprisesCounted } from '@wenshu/enterprises/completeness.ts';
import { shared as enterprisesTables } from '@wenshu/enterprises/tables.ts';
import { counted as eventsCounted } from '@wenshu/events/completeness.ts';
import { shared as eventsTables } from '@wenshu/events/tables.ts';
import type { CountedLists } from '@wenshu/kit/completeness/published.ts';
import type { SharedTables } from '@wenshu/kit/tables.ts';
import { counted as parksCounted } from '@wenshu/parks/completeness.ts';
import { shared as parksTables } from '@wenshu/parks/tables.ts';
import { counted as partyCounted } from '@wenshu/party/completeness.ts';
import { shared as partyTables } from '@wenshu/party/tables.ts';
import { counted as policiesCounted } from '@wenshu/policies/completeness.ts';
import { shared as policiesTables } from '@wenshu/policies/tables.ts';
import { type SubgraphName, subgraphNames } from '@wenshu/schema/subgraph-sdl.ts';
import { sql } from 'drizzle-orm';
import { drizzle, type PostgresJsDatabase } from 'drizzle-orm/postgres-js';
import postgres from 'postgres';
import { type Dataset, type Rows, readDataset } from './load/dataset.ts';
import { enterprisesRows } from './load/enterprises.ts';
import { eventsRows } from './load/events.ts';
import { parksRows } from './load/parks.ts';
import { partyRows } from './load/party.ts';
import { policiesRows } from './load/policies.ts';
import { sharedRows } from './load/shared.ts';
import type { SubgraphUrls } from './migrate.ts';

interface Agency {
  readonly shared: SharedTables;
  readonly counted: CountedLists;
  readonly own: (dataset: Dataset) => Rows[];
}

const agencies: Readonly<Record<SubgraphName, Agency>> = {
  enterprises: { shared: enterprisesTables, counted: enterprisesCounted, own: enterprisesRows },
  events: { shared: eventsTables, counted: eventsCounted, own: eventsRows },
  parks: { shared: parksTables, counted: parksCounted, own: parksRows },
  party: { shared: partyTables, counted: partyCounted, own: partyRows },
  policies: { shared: policiesTables, counted: policiesCounted, own: policiesRows },
};

export interface LoadOptions {
  /** Folder of the dataset's files; default: the real dataset. */
  folder?: string | undefined;
}

/** Number of rows loaded into each subgraph; 0 if it had data already. */
export type LoadCounts = Readonly<Record<SubgraphName, number>>;

/** Number of rows in one insert: Postgres accepts at most 65,535 parameters in a statement. */
const rowsPerInsert = 500;

/**
 * Loads the dataset into the subgraphs without data. The whole dataset is checked before the first row is inserted, and each subgraph is
 * one transaction, so that a faulty dataset or a lost connection leaves nothing half loaded.
 */
export async function loadDataset(urls: SubgraphUrls, { folder }: LoadOptions = {}): Promise<LoadCounts> {
  let rows: Promise<RowsBySubgraph> | undefined;
  const counts = {} as Record<SubgraphName, number>;
  for (const name of subgraphNames) {
    counts[name] = await loadSubgraph(name, urls[name], async () => {
      // Read only when it is needed: most starts find everything loaded.
      rows ??= readRows(folder ?? new URL('./data/', import.meta.url));
      return (await rows)[name];
    });
  }
  return counts;
}

type RowsBySubgraph = Readonly<Record<SubgraphName, readonly Rows[]>>;

async function readRows(folder: string | URL): Promise<RowsBySubgraph> {
  const dataset = await readDataset(folder);
  const rows = {} as Record<SubgraphName, readonly Rows[]>;
  for (const name of subgraphNames) {
    const { shared, counted, own } = agencies[name];
    rows[name] = [...sharedRows(name, shared, counted, dataset), ...own(dataset)];
  }
  return rows;
}

async function loadSubgraph(
  name: SubgraphName,
  url: string,
  readTables: () => Promise<readonly Rows[]>,
): Promise<number> {
  const { regions } = agencies[name].shared;
  const client = postgres(url, { max: 1, onnotice: () => {} });
  try {
    return await drizzle(client).transaction(async (tx) => {
      // The lock lasts until the end of the transaction, so of two hubs that start at once, one loads.
      await tx.execute(sql`lock table ${regions} in exclusive mode`);
      const [loaded] = await tx.select().from(regions).limit(1);
      return loaded ? 0 : insertAll(tx, await readTables());
    });
  } finally {
    await client.end();
  }
}

async function insertAll(db: Pick<PostgresJsDatabase, 'insert'>, tables: readonly Rows[]): Promise<number> {
  let count = 0;
  for (const { table, rows } of tables) {
    for (let i = 0; i < rows.length; i += rowsPerInsert)
      await db.insert(table).values(rows.slice(i, i + rowsPerInsert));
    count += rows.length;
  }
  return count;
}
