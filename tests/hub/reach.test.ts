import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startHub, type TestHub } from '../support/hub.ts';

type Record = { id?: string; code?: string; recordType?: string; subjectType?: string };

const recordsOf = (file: string): Record[] =>
  JSON.parse(readFileSync(new URL(`../../migrations/data/${file}`, import.meta.url), 'utf8'));

let hub: TestHub;
beforeAll(async () => {
  hub = await startHub();
});
afterAll(() => hub[Symbol.asyncDispose]());

/** The keys of every row of a list, followed by its cursors. */
async function keysOf(list: string, key = 'id', args = ''): Promise<string[]> {
  const keys: string[] = [];
  let after: string | null = null;
  do {
    const answer = await hub.ask(
      `query ($after: String) {
        list: ${list}(first: 50, after: $after${args}) { totalCount nodes { key: ${key} } pageInfo { hasNextPage endCursor } }
      }`,
      { after },
    );
    expect(answer.errors).toBeUndefined();
    const page = answer.data?.list as {
      nodes: { key: string }[];
      pageInfo: { hasNextPage: boolean; endCursor: string | null };
    };
    keys.push(...page.nodes.map((node) => node.key));
    after = page.pageInfo.hasNextPage ? page.pageInfo.endCursor : null;
  } while (after);
  return keys;
}

describe('every record of the dataset is reached through the graph', () => {
  it.each([
    ['enterprises.json', 49, ['enterprises']],
    ['events.json', 67, ['events']],
    ['organisations.json', 125, ['agencies']],
    ['parks.json', 43, ['parks']],
    ['party-units.json', 20, ['partyUnits', 'partyBrands', 'partyMechanisms']],
    ['policies.json', 105, ['policies']],
    ['projects.json', 48, ['projects']],
    ['works.json', 9, ['works']],
  ])('%s: %i', async (file, count, lists) => {
    const expected = recordsOf(file).map((record) => record.id);
    const reached = (await Promise.all(lists.map((list) => keysOf(list)))).flat();
    expect(reached.toSorted()).toEqual(expected.toSorted());
    expect(reached).toHaveLength(count);
  });

  it('regions.json: 19', async () => {
    const expected = recordsOf('regions.json').map((record) => record.code);
    expect((await keysOf('regions', 'code')).toSorted()).toEqual(expected.toSorted());
    expect(expected).toHaveLength(19);
  });

  it('sources.json: 5', async () => {
    const { data } = await hub.ask('{ sources { id } }');
    expect(((data?.sources ?? []) as Record[]).map(({ id }) => id)).toEqual(
      recordsOf('sources.json').map(({ id }) => id),
    );
  });

  it('indicators.json: 274, each with the agency that keeps its subject', async () => {
    const subjectsOf = {
      enterpriseIndicators: ['REGION', 'ENTERPRISE', 'ENTERPRISE_GROUP'],
      parkIndicators: ['PARK', 'PROJECT'],
      policyIndicators: ['POLICY', 'ORG'],
      eventIndicators: ['EVENT'],
      partyIndicators: ['PARTY_UNIT'],
    };
    const records = recordsOf('indicators.json');
    let count = 0;
    for (const [list, subjects] of Object.entries(subjectsOf)) {
      const expected = records
        .filter(({ subjectType = '' }) => subjects.includes(subjectType))
        .map(({ id }) => id);
      const reached = await keysOf(list, 'id', ', includeSidebar: true');
      expect(reached.toSorted()).toEqual(expected.toSorted());
      count += reached.length;
    }
    expect(count).toBe(274);
  });

  it('policies.json: all of the 82 measures', async () => {
    const { data } = await hub.ask('{ policies(first: 500) { nodes { measures { id } } } }');
    const { nodes } = (data?.policies ?? {}) as { nodes: { measures: Record[] | null }[] };
    expect(nodes.flatMap(({ measures }) => measures ?? [])).toHaveLength(82);
  });
});
