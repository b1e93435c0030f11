import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startHub, type TestHub } from '../support/hub.ts';

const read = (path: string) => readFileSync(new URL(`../../${path}`, import.meta.url), 'utf8');
const page = read('docs/cross-agency.md');
const codeIn = (text: string) =>
  [...text.replaceAll(/```.*?```/gs, '').matchAll(/`([^`]+)`/g)]
    .map(([, code = '']) => code)
    .filter((code) => !code.includes('…'));

let hub: TestHub;
beforeAll(async () => {
  hub = await startHub();
});
afterAll(() => hub[Symbol.asyncDispose]());

describe('what the pages on asking across agencies show is answered', () => {
  const [, whole = ''] = /```graphql\n(\{.*?)```/s.exec(page) ?? [];
  const lists = [page, read('docs/queries.md')]
    .flatMap(codeIn)
    .filter((code) => /^\w+\((filter|orderBy): .*\)$/s.test(code))
    .map((list) => `{ ${list} { totalCount nodes { id } } }`);
  const [, conditions = ''] = /^## Conditions$(.*?)^## /ms.exec(page) ?? [];
  const filters = codeIn(conditions)
    .filter((code) => /^\w+: \{.*\}$/s.test(code))
    .map((filter) => `{ enterprises(filter: {${filter}}) { totalCount nodes { id } } }`);
  const orders = codeIn(page)
    .filter((code) => /^\{\w+: \{field: .*\}\}$/.test(code))
    .map((order) => `{ enterprises(orderBy: [${order}]) { nodes { id } } }`);

  it('is found in them', () => {
    expect([lists.length, filters.length, orders.length]).toEqual([5, 6, 1]);
  });

  it.each([whole, ...lists, ...filters, ...orders])('%s', async (query) => {
    const { data, errors } = await hub.ask(query);
    expect(errors).toBeUndefined();
    expect(Object.values(data ?? {})).not.toContain(null);
  });
});
