import { readFileSync } from 'node:fs';
import { composedFiles } from '@wenshu/schema/compose.ts';
import { buildSchema, isObjectType } from 'graphql';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { startHub, type TestHub } from '../support/hub.ts';
import { unlimited } from '../support/unlimited.ts';

let hub: TestHub;
beforeAll(async () => {
  hub = await startHub({ admission: { queryLimits: unlimited } });
});
afterAll(() => hub[Symbol.asyncDispose]());

type Row = Readonly<Record<string, unknown>>;

/** Returns all objects in an answer, at any depth. */
const objectsIn = (value: unknown): readonly Row[] =>
  Array.isArray(value)
    ? value.flatMap(objectsIn)
    : value && typeof value === 'object'
      ? [value as Row, ...Object.values(value).flatMap(objectsIn)]
      : [];

async function rowsOf(query: string): Promise<readonly Row[]> {
  const { data, errors } = await hub.ask(query);
  expect(errors).toBeUndefined();
  return objectsIn(data);
}

/** Returns the pairs of a code or an English text with its Chinese, wherever there is one of them. */
const pairsOf = (rows: readonly Row[], one: string, zh: string) =>
  rows.filter((row) => row[one] != null || row[zh] != null).map((row) => [row[one], row[zh]] as const);

const withoutChinese = (pairs: readonly (readonly [unknown, unknown])[]) =>
  pairs.filter(([one, zh]) => one == null || !/\p{Script=Han}/u.test(String(zh ?? '')));

const figures = 'nodes { notes notesZh unit unitZh periodLabel periodZh growth { unit unitZh } }';
const everyFigure = [
  'enterpriseIndicators',
  'parkIndicators',
  'policyIndicators',
  'eventIndicators',
  'partyIndicators',
]
  .map((list) => `${list}(first: 500, includeSidebar: true) { ${figures} }`)
  .join(' ');

it('gives every note in both languages', async () => {
  const lists = [
    ...['enterprises', 'parks', 'projects', 'policies', 'agencies', 'events', 'works'],
    ...['partyUnits', 'partyBrands', 'partyMechanisms'],
  ].map((list) => `${list}(first: 500) { nodes { notes notesZh } }`);
  const notes = pairsOf(await rowsOf(`{ ${lists.join(' ')} ${everyFigure} }`), 'notes', 'notesZh');
  expect(notes).toHaveLength(73);
  expect(withoutChinese(notes)).toEqual([]);
});

it('gives the units and periods of figures, targets and events in Chinese', async () => {
  const rows = await rowsOf(`{
    ${everyFigure}
    projects(first: 500) { nodes { targets { period periodZh } } }
    events(first: 500) { nodes { attendance { unit unitZh } } }
  }`);
  for (const [one, zh] of [
    ['unit', 'unitZh'],
    ['periodLabel', 'periodZh'],
    ['period', 'periodZh'],
  ] as const) {
    const pairs = pairsOf(
      rows.filter((row) => one in row),
      one,
      zh,
    );
    expect(pairs.length).toBeGreaterThan(5);
    expect(withoutChinese(pairs)).toEqual([]);
  }
});

it('writes the period of an event and of a figure as Chinese writes it', async () => {
  expect(
    await hub.ask(`{
      event(id: "evt-qd-joint-enforcement-2021") { periodZh }
      indicators(filter: { id: { eq: "ind-cy-above-scale-revenue-2024m5" } }) {
        nodes { periodLabel periodZh unit unitZh growth { unit unitZh } }
      }
    }`),
  ).toEqual({
    data: {
      event: { periodZh: '2021年至2021年11月' },
      indicators: {
        nodes: [
          {
            periodLabel: '2024-01..05',
            periodZh: '2024年1月至5月',
            unit: 'CNY',
            unitZh: '元',
            growth: { unit: 'percent', unitZh: '百分比' },
          },
        ],
      },
    },
  });
});

it('says no period of a growth rate whose source states none', async () => {
  const { data } = await hub.ask(`{
    indicators(filter: { id: { in: ["ind-haier-growth", "ind-goertek-growth"] } }) {
      nodes { id periodLabel periodZh periodStart periodEnd }
    }
  }`);
  expect(data).toEqual({
    indicators: {
      nodes: ['ind-goertek-growth', 'ind-haier-growth'].map((id) => ({
        id,
        periodLabel: null,
        periodZh: null,
        periodStart: null,
        periodEnd: null,
      })),
    },
  });
});

it('gives the frequency and time limit of measures in Chinese, and tells paraphrases', async () => {
  const rows = await rowsOf(
    '{ policies(first: 500) { nodes { measures { id textZh isParaphrase frequency frequencyZh deadline deadlineZh } } } }',
  );
  const frequencies = pairsOf(rows, 'frequency', 'frequencyZh');
  expect(frequencies).toHaveLength(19);
  expect(withoutChinese([...frequencies, ...pairsOf(rows, 'deadline', 'deadlineZh')])).toEqual([]);
  const of = (wanted: string) => rows.find(({ id }) => id === wanted);
  expect(of('pol-bj-invest-loan-award-m01')).toMatchObject({ textZh: '市级贷款贴息', isParaphrase: false });
  expect(of('pol-qd-dual-effect-m02')).toMatchObject({ frequencyZh: '每年', isParaphrase: true });
  expect(rows.filter(({ isParaphrase }) => isParaphrase === true)).toHaveLength(65);
});

it('gives the warnings of sources and the basis of region codes in Chinese', async () => {
  const rows = await rowsOf(
    '{ sources { caveats caveatsZh } regions(first: 500) { nodes { basis basisZh } } }',
  );
  const caveats = rows.filter((row) => 'caveats' in row) as { caveats: string[]; caveatsZh: string[] }[];
  for (const each of caveats) expect(each.caveatsZh).toHaveLength(each.caveats.length);
  expect(
    caveats.flatMap(({ caveatsZh }) => caveatsZh).filter((text) => !/\p{Script=Han}/u.test(text)),
  ).toEqual([]);
  const bases = pairsOf(rows, 'basis', 'basisZh');
  expect(bases.length).toBeGreaterThan(10);
  expect(withoutChinese(bases)).toEqual([]);
});

// On 6e49a15, two types had `reasonEn` where all others have `reason`.
it('names the words of the hub itself in one way: English, and the same with Zh', () => {
  const types = Object.values(buildSchema(readFileSync(composedFiles.api, 'utf8')).getTypeMap());
  const fields = types.flatMap((type) =>
    isObjectType(type) ? Object.keys(type.getFields()).map((field) => `${type.name}.${field}`) : [],
  );
  expect(fields.filter((each) => /\.reason$/.test(each)).length).toBeGreaterThan(5);
  // A record has names of its own in English.
  expect(fields.filter((each) => /(?<!name|title|label|description)En$/.test(each))).toEqual([]);
});
