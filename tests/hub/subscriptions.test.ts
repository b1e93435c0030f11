import { afterAll, beforeAll, expect, test } from 'vitest';
import { subscribe } from '../support/event-stream.ts';
import { startHubWithRequests } from '../support/service-requests.ts';
import type { Official, Who } from '../support/workflow-hub.ts';

const editor: Official = { department: 'PROPAGANDA', role: 'editor', sub: 'editor-1' };
const handler: Official = { department: 'CULTURE_TOURISM', role: 'editor', agency: 'x-handler', sub: 'h-1' };
const enterprise: Who = {
  enterpriseId: 'ent-pico',
  actions: ['SUBMIT_REQUEST'],
  keyId: 'k1',
  scopes: ['Agency', 'Region'],
};

let hub: Awaited<ReturnType<typeof startHubWithRequests>>;
beforeAll(async () => {
  hub = await startHubWithRequests();
});
afterAll(() => hub[Symbol.asyncDispose]());

const submission = { enterpriseId: 'ent-pico', kind: 'FINANCING', titleZh: '诉求', textZh: '内容。' };
const write = (who: Who, more: object = {}) =>
  hub.change(who, 'submitServiceRequest', { ...submission, regionCode: '370200', ...more });

/** Subscribes as somebody, after everything that is there now. */
async function follow(who: Who, field: string, selection: string, more: Record<string, string> = {}) {
  const headers = { ...(await hub.hub.as(who).headers()), ...more };
  return subscribe(hub.hub.url, `subscription { ${field} ${selection} }`, { headers });
}

type Ended = { readonly changes: { readonly pageInfo: { readonly endCursor: string } } };

/** The cursor behind all events that are there now. */
async function cursorNow(who: Who): Promise<string> {
  const { data } = await hub.hub.as(who).ask('{ changes(first: 500) { pageInfo { endCursor } } }');
  return (data as Ended).changes.pageInfo.endCursor;
}

test('an event comes as soon as it is committed, with what its caller may see', async () => {
  const after = await cursorNow(editor);
  await using stream = await follow(editor, 'changes', '{ type action stage version object { id } }', {
    'last-event-id': after,
  });
  const { id } = await write(editor);
  expect(await stream.next()).toEqual({
    data: {
      changes: { type: 'SERVICE_REQUEST', action: 'SUBMIT', stage: 'COLLECTED', version: 1, object: { id } },
    },
    extensions: { cursor: expect.any(String) },
  });
});

test('a cursor leads on without a gap, in the query and in the subscription', async () => {
  const after = await cursorNow(editor);
  const [first, second] = [await write(editor), await write(editor)];
  await using one = await follow(editor, 'changes', '{ id }', { 'last-event-id': after });
  const event = await one.next();
  expect(event?.data).toEqual({ changes: { id: first.id } });
  await using other = await follow(editor, 'changes', '{ id }', {
    'last-event-id': event?.extensions?.cursor ?? '',
  });
  expect((await other.next())?.data).toEqual({ changes: { id: second.id } });
  const { data } = await hub.hub
    .as(editor)
    .ask('query ($after: String) { changes(first: 1, after: $after) { nodes { id } } }', {
      after: event?.extensions?.cursor,
    });
  expect(data).toEqual({ changes: { nodes: [{ id: second.id }] } });
});

test('nobody learns of what he may not see: the next event that he may see is the next that comes', async () => {
  const after = await cursorNow(handler);
  // This request names no agency.
  await write(editor);
  const { id, version } = await write(editor);
  await hub.change(editor, 'assignServiceRequest', { id, version, agencyId: 'x-handler' });
  await using stream = await follow(handler, 'changes', '{ id action }', { 'last-event-id': after });
  // Who is named sees the whole way of the request.
  expect((await stream.next())?.data).toEqual({ changes: { id, action: 'SUBMIT' } });
  expect((await stream.next())?.data).toEqual({ changes: { id, action: 'ASSIGN' } });
});

test('a service request is given each time that it changes, and at first where that is asked', async () => {
  const { id, version } = await write(editor);
  await write(editor);
  await using stream = await follow(
    editor,
    `serviceRequestChanged(id: "${id}", includeInitial: true)`,
    '{ id stage }',
  );
  expect((await stream.next())?.data).toEqual({ serviceRequestChanged: { id, stage: 'COLLECTED' } });
  await hub.change(editor, 'assignServiceRequest', { id, version, agencyId: 'x-handler' });
  expect((await stream.next())?.data).toEqual({ serviceRequestChanged: { id, stage: 'ASSIGNED' } });
});

test('an enterprise hears of its own requests', async () => {
  const after = await cursorNow(enterprise);
  await using stream = await follow(enterprise, 'myTaskChanged', '{ type id }', { 'last-event-id': after });
  const { id } = await write(enterprise);
  expect((await stream.next())?.data).toEqual({ myTaskChanged: { type: 'SERVICE_REQUEST', id } });
});
