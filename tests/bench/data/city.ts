import { generate } from '@wenshu/migrations/generate.ts';
import { loadDataset } from '@wenshu/migrations/load.ts';
import { migrate } from '@wenshu/migrations/migrate.ts';
import postgres from 'postgres';
import { databaseOn } from '../../support/database.ts';

/** Of all bench cities, so that figures of two days are of the same rows. */
const seed = 7;

export interface City {
  readonly enterprises: number;
  /** Address of its database, for one who may read all schemas. */
  readonly url: string;
}

/**
 * What autovacuum does in its own time: while it looks at one table, the pages of another cannot be marked as seen by
 * all, and index scans look up each row that is on them.
 */
async function settle(url: string): Promise<void> {
  const sql = postgres(url, { max: 1, onnotice: () => {} });
  await sql`vacuum (analyze)`;
  await sql.end();
}

/** The synthetic city of this size on the server, in a database of its own; made only where it is not there yet. */
export async function openCity(serverUrl: string, enterprises: number): Promise<City> {
  const url = databaseOn(serverUrl, `city_${enterprises}`);
  const databases = { adminUrl: url };
  await loadDataset(await migrate(databases));
  await generate(databases, { enterprises, seed });
  await settle(url);
  return { enterprises, url };
}
