import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { startHub, ways } from '../support/hub.ts';

const question = readFileSync(
  new URL('../../gateway/examples/1-parks-of-a-region.graphql', import.meta.url),
  'utf8',
);

describe.each(ways)('one question over all five agencies, %s', (way) => {
  it('answers the parks of a district with coverage, enterprises, fitting policies and events', async () => {
    await using hub = await startHub({ way });
    const { data, errors } = await hub.ask(question, { code: '370214' });
    expect(errors).toBeUndefined();
    expect(data).toMatchSnapshot();
  });

  it('takes as many calls and SQL statements for a province as for a district', async () => {
    await using hub = await startHub({ way });
    for (const code of ['370214', '370000']) {
      await hub.ask(question, { code });
      expect(hub.calls).toEqual({ enterprises: 3, events: 1, parks: 1, party: 1, policies: 1 });
      expect(hub.statements).toEqual({ enterprises: 5, events: 1, parks: 2, party: 2, policies: 3 });
    }
  });
});

it('gives the same answer in process and over HTTP', async () => {
  await using inProcess = await startHub({ way: 'in process' });
  await using overHttp = await startHub({ way: 'over HTTP' });
  expect(await inProcess.ask(question, { code: '370000' })).toEqual(
    await overHttp.ask(question, { code: '370000' }),
  );
});
