import { setTimeout as wait } from 'node:timers/promises';
import type { SubgraphUrls } from '@wenshu/migrations/migrate.ts';
import { type Broken, changesWhile } from '../changes.ts';
import type { CityDatabase } from '../city-database.ts';
import type { Scenario } from '../scenario.ts';

const clerks = 4;
/** Each break meets changes in another state. */
const times = 4;
/** Changes between two breaks, so that work is under way when something breaks. */
const between = 15;

async function repeated(breaking: (broken: Broken) => Promise<void>, broken: Broken): Promise<void> {
  for (let i = 0; i < times; i++) {
    await broken.progress(between + i);
    await breaking(broken);
  }
  await broken.progress(between);
}

/** Loses answers of the agency after it has committed, for a while. */
export const cutNetwork =
  (forMs: number) =>
  async ({ network }: Pick<Broken, 'network'>): Promise<void> => {
    network.fault = { kind: 'truncated' };
    await wait(forMs);
    network.fault = { kind: 'none' };
  };

const whileBreaking = (
  name: string,
  urls: SubgraphUrls,
  breaking: (broken: Broken) => Promise<void>,
): Scenario => ({
  name,
  run: (city) => changesWhile(city, urls, { clerks, breaking: (broken) => repeated(breaking, broken) }),
});

export const changeScenarios = (database: CityDatabase): readonly Scenario[] => [
  whileBreaking('changes, kill -9 of the subgraph', database.urls, ({ killSubgraph }) => killSubgraph()),
  whileBreaking('changes, kill -9 of the gateway', database.urls, ({ killGateway }) => killGateway()),
  whileBreaking('changes, Postgres crashes', database.urls, () => database.crash({ downMs: 100 })),
  whileBreaking('changes, network cut after the commit', database.urls, cutNetwork(300)),
];
