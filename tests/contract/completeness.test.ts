import { readFileSync } from 'node:fs';
import { counted as enterprises } from '@wenshu/enterprises/completeness.ts';
import { counted as events } from '@wenshu/events/completeness.ts';
import { readSharing } from '@wenshu/gateway/supergraph/sharing.ts';
import { type CountedLists, countedOf } from '@wenshu/kit/completeness/published.ts';
import { readDataset } from '@wenshu/migrations/load/dataset.ts';
import { indicatorRow } from '@wenshu/migrations/load/shared.ts';
import { counted as parks } from '@wenshu/parks/completeness.ts';
import { counted as party } from '@wenshu/party/completeness.ts';
import { counted as policies } from '@wenshu/policies/completeness.ts';
import { composedFiles } from '@wenshu/schema/compose.ts';
import { buildSchema, isInputObjectType, isObjectType } from 'graphql';
import { describe, expect, it } from 'vitest';
import { startHub } from '../support/hub.ts';

const sharing = readSharing(readFileSync(composedFiles.supergraph, 'utf8'));
const api = buildSchema(readFileSync(composedFiles.api, 'utf8'));
const dataset = await readDataset(new URL('../../migrations/data/', import.meta.url));

const allLists: CountedLists = { ...enterprises, ...events, ...parks, ...party, ...policies };
const rules = Object.entries(allLists).flatMap(([type, ofType]) =>
  ofType.map((rule) => [`${type} by ${rule.metric} of ${rule.subject}`, type, rule] as const),
);
const figures = dataset.indicators.map(indicatorRow(dataset));

it('every list that can be filtered says how complete it is', () => {
  const connections = Object.values(api.getTypeMap()).filter(
    (type) => isObjectType(type) && type.getFields().aggregates !== undefined,
  );
  expect(connections.length).toBeGreaterThan(15);
  for (const type of connections)
    expect(isObjectType(type) && type.getFields().completeness, type.name).toBeTruthy();
});

describe.each(rules)('the count of each %s', (_name, type, rule) => {
  const filterOf = (name: string) => {
    const filter = api.getType(`${type}Filter`);
    return isInputObjectType(filter) ? filter.getFields()[name] : undefined;
  };
  const speaking = figures.flatMap((figure) => countedOf(rule, figure) ?? []);

  it('has a figure in the dataset, and conditions that the filter of the list has', () => {
    expect(speaking.length).toBeGreaterThan(0);
    for (const { scope } of speaking)
      for (const name of Object.keys(scope)) expect(filterOf(name), name).toBeDefined();
  });

  it('counts rows only by conditions that every caller may use', () => {
    for (const { filter } of rule.closed ? [] : speaking)
      for (const name of Object.keys(filter))
        expect(sharing.of(`${type}Filter.${name}`), name).toMatchObject({
          class: 'UNCONDITIONAL',
          open: true,
        });
  });
});

it('each published figure that counts records is known by name', () => {
  const known = Object.entries(allLists).flatMap(([type, ofType]) =>
    figures
      .filter((figure) => ofType.some((rule) => countedOf(rule, figure)))
      .map(({ id, metricZh }) => `${type}: ${id} ${metricZh}`),
  );
  expect(known.sort()).toMatchSnapshot();
});

it('the example of the page on queries gets the answer that it shows', async () => {
  const page = readFileSync(new URL('../../docs/queries.md', import.meta.url), 'utf8');
  const [, question = '', answer = ''] = /```graphql\n(.*?)```\n\n```json\n(.*?)```/s.exec(page) ?? [];
  await using hub = await startHub();
  expect(await hub.ask(question)).toEqual(JSON.parse(answer));
});
