import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { openCity } from '../../bench/data/city.ts';
import { startWenshu } from '../../bench/support/wenshu.ts';
import { cpuSecondsOfTree } from '../../support/process-figures.ts';
import { startThrowAwayPostgres } from '../../support/throw-away-postgres.ts';

/** A hub in its own process over 50,000 enterprises, with the resources that it and its Postgres used. */
export interface CityHub extends AsyncDisposable {
  readonly url: string;
  /** Processor time of the hub and of Postgres so far, all their processes included. */
  cpuSeconds(): number;
}

const enterprises = 50_000;

export async function startCityDatabase() {
  const server = await startThrowAwayPostgres({ max_connections: '200', shared_buffers: '256MB' });
  const city = await openCity(server.url, enterprises);
  const postmaster = Number.parseInt(readFileSync(join(server.folder, 'data', 'postmaster.pid'), 'utf8'), 10);
  return { url: city.url, postmaster, [Symbol.asyncDispose]: () => server.stop() };
}

export async function startCityHub(
  { url, postmaster }: { readonly url: string; readonly postmaster: number },
  env: Readonly<Record<string, string>>,
): Promise<CityHub> {
  const hub = await startWenshu(['start'], { env: { DATABASE_URL: url, PORT: '0', ...env } });
  return {
    url: hub.address,
    cpuSeconds: () => cpuSecondsOfTree(hub.pid) + cpuSecondsOfTree(postmaster),
    [Symbol.asyncDispose]: () => hub[Symbol.asyncDispose](),
  };
}
