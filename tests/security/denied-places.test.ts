import type { AnswerEvent, AuditRecord } from '@wenshu/gateway/audit/record.ts';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createAudit, type TestAudit } from '../support/audit.ts';
import { exportFrom } from '../support/export.ts';
import { startHub, type TestHub } from '../support/hub.ts';
import { poll } from '../support/poll.ts';

/** Each attack succeeded on 10c1293. */

let audit: TestAudit;
let hub: TestHub;
const running = new AsyncDisposableStack();

beforeAll(async () => {
  audit = running.use(await createAudit());
  const log = await audit.open();
  running.defer(() => log.close());
  hub = running.use(
    await startHub({
      agreements: { CULTURE_TOURISM: [{ fields: ['Enterprise.inspections'], region: '110000' }] },
      audit: log,
    }),
  );
});
afterAll(() => running.disposeAsync());

let asked = 0;

/** What one question is answered, and what is put on record of it. */
async function ask(query: string, variables: object = {}, more: Readonly<Record<string, string>> = {}) {
  const id = `denied-${++asked}`;
  const headers = { ...(await hub.as('CULTURE_TOURISM').headers()), 'x-request-id': id, ...more };
  const answer = await hub.ask(query, variables, headers);
  const isOfThis = (record: AuditRecord): record is AuditRecord & AnswerEvent =>
    record.kind === 'answer' && record.requestId === id;
  const record = await poll(async () => (await audit.records()).find(isOfThis));
  const { errors = [], data } = answer;
  const places = errors.map(({ path = [] }) => path.filter((step) => typeof step === 'string').join('.'));
  return {
    data,
    errors,
    /** How many errors there are of each field. */
    told: countOf(places),
    denied: record.denied.toSorted(),
    read: record.fields.map(({ coordinate }) => coordinate).toSorted(),
    decision: record.decision,
  };
}

const countOf = (places: readonly string[]) =>
  Object.fromEntries([...Map.groupBy(places, (place) => place)].map(([at, all]) => [at, all.length]));

const aliases = (count: number, field: string) =>
  Array.from({ length: count }, (_, i) => `a${i}: ${field}`).join(' ');

describe('attack: to hide a denial behind a hundred others', () => {
  test('each alias has its error, and its place on record', async () => {
    const field = 'enterprises(first: 150) { nodes { partyUnit { id } } }';
    const { told, denied, decision } = await ask(`{ ${aliases(4, field)} }`);
    const places = [0, 1, 2, 3].map((i) => `a${i}.nodes.partyUnit`);
    expect({ denied, decision }).toEqual({ denied: places, decision: 'denied' });
    expect(Object.keys(told).toSorted()).toEqual(places);
    expect(Math.max(...Object.values(told))).toBeLessThanOrEqual(100);
  });

  test('so has each of as many as fit in a request, in an answer that stays small', async () => {
    const { told, denied, errors } = await ask(
      `{ enterprises(first: 150) { nodes { ${aliases(14, 'partyUnit { id }')} payouts { totalCount } } } }`,
    );
    expect(Object.keys(told)).toHaveLength(15);
    expect(denied).toEqual(Object.keys(told).toSorted());
    expect(errors.length).toBeLessThanOrEqual(1_015);
  });

  test('a field that is denied in some rows only, after more than a hundred of another', async () => {
    const { denied, told } = await ask(
      '{ enterprises(first: 150) { nodes { partyUnit { id } inspections { totalCount } } } }',
    );
    const places = ['enterprises.nodes.inspections', 'enterprises.nodes.partyUnit'];
    expect(denied).toEqual(places);
    expect(Object.keys(told).toSorted()).toEqual(places);
  });
});

describe('attack: to have fields put on record as read that were not', () => {
  test.each([
    [
      'below a field that is denied',
      '{ enterprises(first: 1) { nodes { payouts { nodes { amount } } } } }',
      {},
    ],
    [
      'below one that is denied for its filter',
      '{ inspections: enterprises(first: 1, filter: {inspectedOn: {isNull: false}}) { nodes { nameZh } } }',
      {},
    ],
    [
      'below one that is denied for the value of a variable',
      'query ($f: EnterpriseFilter) { enterprises(first: 1, filter: $f) { nodes { nameZh } } }',
      { f: { inspectedOn: { isNull: false }, nameEn: { contains: 'x' } } },
    ],
    [
      'in a fragment that is only spread there',
      '{ enterprises(first: 1) { nodes { payouts { ...P } } } } fragment P on PayoutConnection { nodes { amount } }',
      {},
    ],
  ])('none is: %s', async (_, query, variables) => {
    const { read, denied } = await ask(query, variables);
    expect(denied).toHaveLength(1);
    expect(read.filter((each) => /^(Payout|Enterprise\.nameZh|EnterpriseFilter)/.test(each))).toEqual([]);
  });

  test('what is read beside it is, and what a fragment reads at another place', async () => {
    const { read } = await ask(
      `{ enterprises(first: 1) { nodes { nameZh payouts { nodes { policy { ...P } } } } } policies(first: 1) { nodes { ...P } } }
       fragment P on Policy { nameZh }`,
    );
    expect(read).toEqual([
      'Enterprise.nameZh',
      'EnterpriseConnection.nodes',
      'Policy.nameZh',
      'PolicyConnection.nodes',
      'Query.enterprises',
      'Query.policies',
    ]);
  });
});

test('attack: to have nothing put on record as denied, and what was not read as read, by asking for all or nothing', async () => {
  const query = '{ enterprises(first: 1) { nodes { nameZh partyUnit { nameZh } payouts { totalCount } } } }';
  const { data, denied, read, decision } = await ask(query, {}, { 'x-wenshu-sharing': 'strict' });
  expect({ data, read, decision }).toEqual({ data: undefined, read: [], decision: 'denied' });
  expect(denied).toEqual(expect.arrayContaining(['Enterprise.partyUnit', 'Enterprise.payouts']));
  expect(denied).not.toContain('');
});

test('attack: an export whose record forgets what was denied in its rows', async () => {
  const headers = { ...(await hub.as('CULTURE_TOURISM').headers()), 'x-request-id': 'denied-export' };
  const query = '{ enterprises { nodes { id partyUnit { nameZh } } } }';
  expect((await exportFrom(hub.url, { query }, headers)).status).toBe(200);
  const records = await poll(async () => {
    const all = (await audit.records()).filter(
      (record) => record.kind === 'export' && record.requestId === 'denied-export',
    );
    return all.length > 0 ? (all as readonly AnswerEvent[]) : undefined;
  });
  expect(records.at(-1)?.denied).toEqual(['enterprises.nodes.partyUnit']);
});

// On f9c8901 a strict refusal for ids of hidden rows had "undefined" on record, and any argument that failed a denied place.
describe('an argument that failed', () => {
  const groups = '{ projects { aggregates(groupBy: [{field: POLICY_ID}]) { group { policyId } count } } }';

  test('is on record as denied if it uses what the caller may not see', async () => {
    expect(await ask(groups)).toMatchObject({ denied: ['projects.aggregates'], decision: 'denied' });
    const strict = { 'x-wenshu-sharing': 'strict' };
    expect(await ask(groups, {}, strict)).toMatchObject({
      denied: ['groupBy.0'],
      decision: 'denied',
      read: [],
    });
  });

  test('is not on record as denied if it is wrong', async () => {
    const { told, errors, denied } = await ask(`{
      projects(first: 1, orderBy: [{field: NAME, park: {field: NAME}}]) { totalCount }
      enterprises(first: 1) { nodes { partyUnit { id } } }
    }`);
    expect(told).toEqual({ projects: 1, 'enterprises.nodes.partyUnit': 1 });
    expect(errors).toContainEqual(
      expect.objectContaining({
        path: ['projects'],
        extensions: { code: 'BAD_USER_INPUT', argument: 'orderBy.0' },
      }),
    );
    expect(denied).toEqual(['enterprises.nodes.partyUnit']);
  });
});
