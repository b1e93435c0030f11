import type { AuditRecord } from '@wenshu/gateway/audit/record.ts';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createAudit } from '../support/audit.ts';
import type { Official } from '../support/callers.ts';
import { createDatabase, type TestDatabase } from '../support/database.ts';
import { type HubOptions, startHub } from '../support/hub.ts';
import { poll } from '../support/poll.ts';

const editor: Official = { department: 'PROPAGANDA', role: 'editor' };
const submit = `mutation ($key: ID!) { submitServiceRequest(input: { key: $key, enterpriseId: "ent-pico",
  regionCode: "370212", kind: OTHER, titleZh: "一项诉求", textZh: "诉求的内容。" }) { step isReplay } }`;

let database: TestDatabase;
beforeAll(async () => {
  database = await createDatabase();
});
afterAll(() => database[Symbol.asyncDispose]());

/** Loses the answer of each mutation after the agency has given it, and with `isWhole` all calls after it. */
function cutAfterMutation() {
  const cut = { isOn: true, isWhole: false };
  let wasAsked = false;
  const onCall: HubOptions['onCall'] = (_name, { kind }) => {
    wasAsked ||= kind === 'mutation';
    if (cut.isOn && (kind === 'mutation' || (cut.isWhole && wasAsked)))
      throw new Error('The network was cut.');
  };
  return { cut, onCall };
}

const statesOf = (records: readonly AuditRecord[], key: string) =>
  records.flatMap((record) =>
    record.kind === 'change' && record.details.key === key ? [record.details.state] : [],
  );

it('after a lost answer, the agency says what was done, and a repeat answers the first result', async () => {
  await using audit = await createAudit();
  const log = await audit.open();
  const { cut, onCall } = cutAfterMutation();
  await using hub = await startHub({
    database,
    callers: true,
    audit: log,
    onCall,
    settling: { retryMs: 10 },
  });
  const { errors } = await hub.as(editor).ask(submit, { key: 'lost' });
  expect(errors).toMatchObject([{ extensions: { code: 'SUBGRAPH_UNAVAILABLE' } }]);
  cut.isOn = false;
  expect(await hub.as(editor).ask(submit, { key: 'lost' })).toEqual({
    data: { submitServiceRequest: { step: 0, isReplay: true } },
  });
  const records = await poll(async () => {
    const found = await audit.records();
    return statesOf(found, 'lost').filter((state) => state === 'made').length > 1 ? found : undefined;
  });
  expect(statesOf(records, 'lost').sort()).toEqual(['intended', 'intended', 'made', 'made', 'unknown']);
  const settled = records.find(
    ({ kind, ...rest }) => kind === 'change' && 'subject' in rest && rest.subject !== '',
  );
  expect(settled).toMatchObject({ subject: expect.stringMatching(/^req-/) });
  await log.close();
});

it('a change without an outcome is followed up when the gateway starts again, before it answers', async () => {
  await using audit = await createAudit();
  const { cut, onCall } = cutAfterMutation();
  const before = await audit.open();
  const broken = await startHub({ database, callers: true, audit: before, onCall });
  cut.isWhole = true;
  await broken.as(editor).ask(submit, { key: 'crash' });
  await broken[Symbol.asyncDispose]();
  await before.close();
  const log = await audit.open();
  expect(log.unsettled).toMatchObject([{ action: 'submitServiceRequest', details: { key: 'crash' } }]);
  const hub = await startHub({ database, callers: true, audit: log });
  await hub[Symbol.asyncDispose]();
  await log.close();
  expect(statesOf(await audit.records(), 'crash').at(-1)).toBe('made');
  const again = await audit.open();
  expect(again.unsettled).toEqual([]);
  await again.close();
});

it('a change of which the agency knows nothing is on record as unmade, once it cannot be under way any more', async () => {
  await using audit = await createAudit();
  const first = await audit.open();
  await first.append({
    kind: 'change',
    caller: { user: 'li', department: 'PROPAGANDA', role: 'editor' },
    requestId: 'r1',
    action: 'submitServiceRequest',
    subject: '',
    details: { state: 'intended', key: 'never', version: null, action: null },
  });
  await first.close();
  const log = await audit.open();
  const hub = await startHub({ database, callers: true, audit: log, settling: { graceMs: -1 } });
  await hub[Symbol.asyncDispose]();
  await log.close();
  expect(statesOf(await audit.records(), 'never')).toEqual(['intended', 'unmade']);
});
