import type { City } from '../city.ts';
import type { CityDatabase } from '../city-database.ts';
import { hanging, type Outage } from '../outage.ts';
import { neighbours } from '../questions.ts';

/** `events` is reached without a proxy, so its process is the gateway's peer. */
const victims = ['events'] as const;

const processOf = (city: City) => {
  const agency = city.agencies.get('events');
  if (!agency) throw new Error('There is no subgraph "events".');
  return agency;
};

export const killed: Outage = {
  name: 'subgraph killed (kill -9), started again',
  victims,
  begin: (city) => processOf(city).process.kill('SIGKILL'),
  end: (city) => processOf(city).restart(),
  holdMs: 3_000,
  recoveryMostMs: 1_000,
  opensBreaker: true,
};

export const stopped: Outage = {
  name: 'subgraph stopped (SIGSTOP), continued',
  victims,
  begin: (city) => processOf(city).process.signal('SIGSTOP'),
  end: (city) => processOf(city).process.signal('SIGCONT'),
  recoveryMostMs: 1_000,
  opensBreaker: true,
  ...hanging,
};

/** All agencies share the embedded PostgreSQL, so no field of any of them can be had meanwhile. */
const databaseDown = (name: string, database: CityDatabase, downMs: number): Outage => ({
  name,
  victims: ['parks', ...neighbours],
  begin: () => database.crash({ downMs }),
  end: () => {},
  holdMs: 0,
  recoveryMostMs: 2_000,
  opensBreaker: false,
});

export const databaseRestarted = (database: CityDatabase) =>
  databaseDown('Postgres restarted (-m immediate)', database, 0);

/** Long enough for whoever waits longer after each try that fails. */
export const databaseGone = (database: CityDatabase) =>
  databaseDown('Postgres gone for 5 s', database, 5_000);
