import { afterAll, beforeAll, expect, it } from 'vitest';
import { startHub, type TestHub } from '../support/hub.ts';

let hub: TestHub;
beforeAll(async () => {
  hub = await startHub();
});
afterAll(() => hub[Symbol.asyncDispose]());

type Lists = Record<string, { nodes: { id: string }[]; totalCount: number }>;

/** Asks for the ids of the rows of a list that meet a condition. */
async function idsOf(list: string, filter: string): Promise<string[]> {
  const { data, errors } = await hub.ask(
    `{ ${list}(filter: { ${filter} }, orderBy: { field: ID }) { nodes { id } } }`,
  );
  expect(errors).toBeUndefined();
  return (data as Lists)[list]?.nodes.map(({ id }) => id) ?? [];
}

it('finds a name whatever its quotation marks, spaces, case and width are', async () => {
  for (const text of ['无感兑现', '“无感” 兑现', '「无感」兑现']) {
    expect(await idsOf('policies', `nameZh: { contains: "${text}" }`)).toEqual(['pol-ch-precise-portrait']);
  }
  const bracketed = ['ent-crrc-upgrade-fund', 'ent-pd-agri-tourism-group', 'ent-zhongshu-cinema'];
  for (const bracket of ['(', '（']) {
    expect(await idsOf('enterprises', `nameZh: { contains: "${bracket}" }`)).toEqual(bracketed);
  }
  expect(await idsOf('enterprises', 'nameEn: { contains: "ｃｒｒｃ（ＱＩＮＧＤＡＯ" }')).toEqual([
    'ent-crrc-upgrade-fund',
  ]);
});

it('finds a record by its aliases', async () => {
  expect(await idsOf('enterprises', 'nameZh: { contains: "国创中心" }')).toContain(
    'ent-high-speed-train-centre',
  );
  expect(await idsOf('agencies', 'nameZh: { startsWith: "省广电局" }')).toContain('org-zj-radio-tv');
  expect(await idsOf('agencies', 'nameZh: { startsWith: "广电局" }')).not.toContain('org-zj-radio-tv');
});

it('finds what has changed since a moment', async () => {
  const { data, errors } = await hub.ask(`{
    all: parks { totalCount }
    since: parks(filter: { updatedAt: { gte: "2000-01-01T00:00:00Z" } }) { totalCount }
    before: parks(filter: { updatedAt: { lt: "2000-01-01T00:00:00Z" } }) { totalCount }
  }`);
  expect(errors).toBeUndefined();
  const { all, since, before } = data as Lists;
  expect([since, before]).toEqual([all, { totalCount: 0 }]);
});
