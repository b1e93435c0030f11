import { afterAll, beforeAll, expect, it } from 'vitest';
import { createDatabase, type TestDatabase } from '../support/database.ts';
import { changesWhile } from './changes.ts';
import { type City, startCity } from './city.ts';
import { outageScenario } from './outage.ts';
import { runScenario } from './run.ts';
import { resetting, tooFewEntities } from './scenarios/answer-outages.ts';
import { cutNetwork } from './scenarios/changes.ts';

// The rest, and all that is a matter of time, is measured by `npm run faults`.

let database: TestDatabase;
let city: City;
beforeAll(async () => {
  database = await createDatabase();
  city = await startCity(database.urls);
}, 60_000);
afterAll(async () => {
  await city[Symbol.asyncDispose]();
  await database[Symbol.asyncDispose]();
});

it('answers what is not affected, and nothing wrong, while a subgraph breaks connections or miscounts', async () => {
  for (const outage of [resetting, tooFewEntities]) {
    const brief = outageScenario({ ...outage, holdMs: 600 }, { warmUpMs: 600, afterMs: 100 });
    const { figures } = await runScenario(brief, city);
    const bars = figures.filter(({ name, isMet }) => isMet !== undefined && !isOfTime.has(name));
    expect(bars.length).toBeGreaterThan(0);
    expect(bars.filter(({ isMet }) => !isMet)).toEqual([]);
  }
}, 120_000);

it('loses and doubles no change while answers are lost, and the subgraph and the gateway are killed', async () => {
  const figures = await changesWhile(city, database.urls, {
    clerks: 3,
    breaking: async (broken) => {
      await cutNetwork(200)(broken);
      await broken.progress(5);
      await broken.killSubgraph();
      await broken.progress(5);
      await broken.killGateway();
      await broken.progress(5);
    },
  });
  expect(figures.length).toBeGreaterThan(4);
  expect(figures.filter(({ isMet }) => isMet === false)).toEqual([]);
}, 90_000);

const isOfTime = new Set(['recovery', 'added p50', 'memory']);
