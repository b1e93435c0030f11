import { expect, it } from 'vitest';
import { createDatabase } from '../support/database.ts';
import { startCity } from './city.ts';
import { outageScenario } from './outage.ts';
import { runScenario } from './run.ts';
import { resetting, tooFewEntities } from './scenarios/answer-outages.ts';

// The rest, and all that is a matter of time, is measured by `npm run faults`.
it('answers what is not affected, and nothing wrong, while a subgraph breaks connections or miscounts', async () => {
  await using database = await createDatabase();
  await using city = await startCity(database.urls);
  for (const outage of [resetting, tooFewEntities]) {
    const brief = outageScenario({ ...outage, holdMs: 600 }, { warmUpMs: 600, afterMs: 100 });
    const { figures } = await runScenario(brief, city);
    const bars = figures.filter(({ name, isMet }) => isMet !== undefined && !isOfTime.has(name));
    expect(bars.length).toBeGreaterThan(0);
    expect(bars.filter(({ isMet }) => !isMet)).toEqual([]);
  }
}, 120_000);

const isOfTime = new Set(['recovery', 'added p50', 'memory']);
