import { generate } from '@wenshu/migrations/generate.ts';
import { loadDataset } from '@wenshu/migrations/load.ts';
import { migrate } from '@wenshu/migrations/migrate.ts';
import { databaseOn } from '../../support/database.ts';

/** Of all bench cities, so that figures of two days are of the same rows. */
const seed = 7;

export interface City {
  readonly enterprises: number;
  /** Address of its database, for one who may read all schemas. */
  readonly url: string;
}

/** The synthetic city of this size on the server, in a database of its own; made only where it is not there yet. */
export async function openCity(serverUrl: string, enterprises: number): Promise<City> {
  const url = databaseOn(serverUrl, `city_${enterprises}`);
  const databases = { adminUrl: url };
  await loadDataset(await migrate(databases));
  await generate(databases, { enterprises, seed });
  return { enterprises, url };
}
