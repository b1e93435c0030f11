import type { AuditLog } from '@wenshu/gateway/audit/audit-log.ts';
import { AuditUnavailable } from '@wenshu/gateway/audit/group-commit.ts';
import type { AuditEvent } from '@wenshu/gateway/audit/record.ts';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { aLog } from '../support/audit.ts';
import { type Official, startHubWithRequests } from '../support/service-requests.ts';

const editor: Official = { department: 'PROPAGANDA', role: 'editor' };
const submission = {
  enterpriseId: 'ent-pico',
  regionCode: '370212',
  kind: 'OTHER',
  titleZh: '一项诉求',
  textZh: '诉求的内容。',
};

let events: AuditEvent[] = [];
let isFull = false;
const take = (event: AuditEvent) => {
  if (isFull) throw new AuditUnavailable('The disk is full.');
  events.push(event);
};
const audit: AuditLog = aLog({
  append: async (event) => {
    take(event);
    return { sequence: 1, hash: '' };
  },
  note: (event) => {
    if (!isFull) events.push(event);
    return !isFull;
  },
});

let hub: Awaited<ReturnType<typeof startHubWithRequests>>;
beforeAll(async () => {
  hub = await startHubWithRequests({ audit });
});
afterAll(() => hub[Symbol.asyncDispose]());

it('a change is on record before the agency is called, and its outcome after it, without any of its text', async () => {
  events = [];
  await hub.change(editor, 'submitServiceRequest', { ...submission, key: 'k1' });
  const [intent, outcome] = events;
  expect(events.map(({ kind }) => kind)).toEqual(['change', 'answer']);
  expect(intent).toMatchObject({
    action: 'submitServiceRequest',
    subject: '',
    details: { key: 'k1', version: null, action: null },
    caller: { department: 'PROPAGANDA', role: 'editor' },
  });
  expect(outcome).toMatchObject({ decision: 'answered' });
  expect(intent).toHaveProperty('requestId', (outcome as { requestId?: string }).requestId);
  expect(JSON.stringify(events)).not.toContain('诉求的内容');
});

it('a change that is not the caller’s to make is on record as denied, and was never begun', async () => {
  events = [];
  const viewer: Official = { department: 'PROPAGANDA', role: 'viewer' };
  expect(await hub.refusal(viewer, 'submitServiceRequest', submission)).toMatchObject({ code: 'FORBIDDEN' });
  expect(events).toMatchObject([{ kind: 'answer', decision: 'denied', errorCodes: ['FORBIDDEN'] }]);
});

it('nothing is changed while the audit log cannot record the change', async () => {
  isFull = true;
  try {
    const refused = await hub.refusal(editor, 'submitServiceRequest', { ...submission, key: 'k2' });
    expect(refused).toMatchObject({ code: 'AUDIT_UNAVAILABLE' });
  } finally {
    isFull = false;
  }
  expect(await hub.sql("select key from policies.mutation_keys where key = 'k2'")).toEqual([]);
});
