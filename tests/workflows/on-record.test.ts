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

const stateIn = (event: AuditEvent | undefined) => event?.kind === 'change' && event.details.state;

it('a change is on record before the agency is called, and its outcome after it, without any of its text', async () => {
  events = [];
  await hub.change(editor, 'submitServiceRequest', { ...submission, key: 'k1' });
  const [intent, outcome, answer] = events;
  expect(events.map(({ kind }) => kind)).toEqual(['change', 'change', 'answer']);
  expect(intent).toMatchObject({
    action: 'submitServiceRequest',
    subject: '',
    details: { state: 'intended', key: 'k1', version: null, action: null },
    caller: { department: 'PROPAGANDA', role: 'editor' },
  });
  expect(outcome).toEqual({ ...intent, details: { state: 'made', key: 'k1', version: null, action: null } });
  expect(answer).toMatchObject({ decision: 'answered' });
  expect(intent).toHaveProperty('requestId', (answer as { requestId?: string }).requestId);
  expect(JSON.stringify(events)).not.toContain('诉求的内容');
});

it('a change that the agency refuses is on record as refused, with action, subject and reason', async () => {
  events = [];
  const input = { id: 'req-none', version: 1, action: 'DECLINE', noteZh: '不属受理范围。', key: 'k3' };
  await hub.refusal(editor, 'advanceServiceRequest', input);
  expect(events.map(stateIn)).toEqual(['intended', 'refused', false]);
  expect(events[1]).toMatchObject({
    action: 'advanceServiceRequest',
    subject: 'req-none',
    details: { state: 'refused', code: 'NOT_FOUND', action: 'DECLINE', key: 'k3' },
  });
});

it('a change that is not the caller’s to make is on record as refused, and was never begun', async () => {
  events = [];
  const viewer: Official = { department: 'PROPAGANDA', role: 'viewer' };
  const input = { id: 'req-1', version: 1, agencyId: 'x-handler', key: 'k4' };
  expect(await hub.refusal(viewer, 'assignServiceRequest', input)).toMatchObject({ code: 'FORBIDDEN' });
  expect(events).toMatchObject([
    {
      kind: 'change',
      action: 'assignServiceRequest',
      subject: 'req-1',
      details: { state: 'refused', code: 'FORBIDDEN', key: 'k4' },
      caller: { role: 'viewer' },
    },
    { kind: 'answer', decision: 'denied', errorCodes: ['FORBIDDEN'] },
  ]);
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
