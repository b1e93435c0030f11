import { generate } from '@wenshu/migrations/generate.ts';
import { loadDataset } from '@wenshu/migrations/load.ts';
import { migrate } from '@wenshu/migrations/migrate.ts';
import postgres from 'postgres';
import { databaseOn } from '../../support/database.ts';

/** Seed of all bench cities, so that figures of different days have the same rows. */
const seed = 7;

export interface City {
  readonly enterprises: number;
  /** Address of its database, for a role that may read all schemas. */
  readonly url: string;
}

/**
 * Vacuums the tables, because autovacuum comes too late: until then index scans look up each row on pages that are not marked as
 * all-visible.
 */
async function settle(url: string): Promise<void> {
  const sql = postgres(url, { max: 1, onnotice: () => {} });
  await sql`vacuum (analyze)`;
  await sql.end();
}

/** Opens the synthetic city of this size in its own database on the server; generates it if it is missing. */
export async function openCity(serverUrl: string, enterprises: number): Promise<City> {
  const url = databaseOn(serverUrl, `city_${enterprises}`);
  const databases = { adminUrl: url };
  await loadDataset(await migrate(databases));
  await generate(databases, { enterprises, seed });
  await settle(url);
  return { enterprises, url };
}
