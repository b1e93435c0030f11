import { expect, test } from 'vitest';
import { startHub } from '../support/hub.ts';

const hub = await startHub();

/** Asks for the ids of the rows of a list that meet a condition. */
async function idsOf(list: string, filter: string): Promise<string[]> {
  const { data, errors } = await hub.ask(`{ ${list}(filter: { ${filter} }, orderBy: { field: ID }) { nodes { id } } }`);
  expect(errors).toBeUndefined();
  const { nodes } = (data as Record<string, { nodes: { id: string }[] }>)[list] ?? { nodes: [] };
  return nodes.map(({ id }) => id);
}
test('x', async () => {
  console.log(await idsOf('policies', 'nameZh: { contains: "无感兑现" }'));
  console.log(await idsOf('agencies', 'nameZh: { contains: "无感兑现" }'));
  console.log(await idsOf('enterprises', 'nameZh: { contains: "(" }'), await idsOf('enterprises', 'nameZh: { contains: "（" }'));
  for (const l of ['enterprises','parks','policies','agencies','events','projects','works'])
  { const r = await hub.ask(`{ ${l}(first: 500) { nodes { id nameZh nameEn aliases } } }`); for (const n of (r.data as any)[l].nodes) if (n.aliases.length || /[（(]/.test(n.nameZh)) console.log(JSON.stringify(n)); }
});
