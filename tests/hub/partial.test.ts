import { describe, expect, it } from 'vitest';
import { startHub, ways } from '../support/hub.ts';

const question = `{
  park(id: "park-nciz") {
    nameZh
    partyUnit { nameZh }
    enterprises { totalCount }
    serviceStations { totalCount }
  }
  events(first: 1) { nodes { id } }
}`;

const unavailable = (subgraph: string, ...path: (string | number)[]) => ({
  message: `Subgraph "${subgraph}" cannot be reached.`,
  path,
  extensions: { code: 'SUBGRAPH_UNAVAILABLE', subgraph },
});

describe.each(ways)('an agency that cannot be reached, %s', (way) => {
  it('leaves its fields null, each with an error at its path, and the rest answered', async () => {
    await using hub = await startHub({ way, down: ['party', 'events'] });
    const { data, errors = [] } = await hub.ask(question);
    expect(data).toEqual({
      park: {
        nameZh: '国家文创实验区',
        partyUnit: null,
        enterprises: { totalCount: 0 },
        serviceStations: { totalCount: 3 },
      },
      events: null,
    });
    expect(errors.toSorted((a, b) => a.message.localeCompare(b.message))).toEqual([
      unavailable('events', 'events'),
      unavailable('party', 'park', 'partyUnit'),
    ]);
  });

  it('is named by /readyz, while /healthz says that the gateway lives', async () => {
    await using hub = await startHub({ way, down: ['policies'] });
    const [health, readiness] = await Promise.all([fetch(`${hub.url}/healthz`), fetch(`${hub.url}/readyz`)]);
    expect(health.status).toBe(200);
    expect(readiness.status).toBe(503);
    expect(await readiness.json()).toMatchObject({
      checks: {
        enterprises: 'ready',
        events: 'ready',
        parks: 'ready',
        party: 'ready',
        policies: 'not ready',
      },
    });
  });
});

it('says of a lost database only that it does not answer: no SQL, no address', async () => {
  await using hub = await startHub({ brokenDatabase: 'parks' });
  const answer = await hub.ask('{ parks(first: 1) { nodes { id } } enterprises(first: 1) { totalCount } }');
  expect(answer).toEqual({
    data: { parks: null, enterprises: { totalCount: 49 } },
    errors: [
      {
        message: 'The database of this field does not answer. Try again later.',
        path: ['parks'],
        extensions: { code: 'SUBGRAPH_UNAVAILABLE', subgraph: 'parks' },
      },
    ],
  });
});
