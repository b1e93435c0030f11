import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { steward } from '../support/callers.ts';
import { answering, take } from '../support/webhook-receiver.ts';
import { type HubWithWebhooks, startHubWithWebhooks } from '../support/webhooks.ts';
import type { Official } from '../support/workflow-hub.ts';

// The events of workflows, sent to systems that hold no connection.

const editor: Official = { department: 'PROPAGANDA', role: 'editor' };

let hub: HubWithWebhooks;
beforeAll(async () => {
  hub = await startHubWithWebhooks();
});
afterAll(() => hub[Symbol.asyncDispose]());
beforeEach(async () => {
  hub.receiver.answer = take;
  hub.receiver.received.length = 0;
  await hub.sql('delete from hub.webhooks');
});

const byId = (mutation: string) => `mutation ($id: ID!) { ${mutation}(id: $id) { id state } }`;
const idsOf = (events: readonly Readonly<Record<string, unknown>>[]) =>
  events.map(({ id, action }) => `${id} ${action}`);

it('sends each event that follows, as changes says it, signed as standard webhooks are', async () => {
  await hub.submit(editor);
  const { secret, webhook } = await hub.create(steward, '/events');
  expect(secret).toMatch(/^whsec_[A-Za-z0-9+/]{43}=$/);
  const id = await hub.submit(editor);
  await hub.deliverer.once();

  const [event, ...more] = hub.receiver.events('/events', secret);
  expect(more).toEqual([]);
  const { changes } = await hub.ask(
    steward,
    `query ($after: String) { changes(after: $after) {
      edges { cursor node { type id action stage version region { code } at } } } }`,
    { after: webhook.position },
  );
  const [edge] = (changes as { edges: { cursor: string; node: object }[] }).edges;
  expect(event).toEqual({ ...edge?.node, cursor: edge?.cursor });
  expect(event).toMatchObject({ type: 'SERVICE_REQUEST', id, action: 'SUBMIT', region: { code: '370212' } });
  expect(await hub.deliveries(steward, webhook.id)).toEqual([
    {
      id: hub.receiver.received[0]?.id,
      state: 'DELIVERED',
      type: 'SERVICE_REQUEST',
      cursor: edge?.cursor,
      attempts: 1,
      status: 204,
      failure: null,
      nextAttemptAt: null,
    },
  ]);

  await hub.deliverer.once();
  expect(hub.receiver.received).toHaveLength(1);
});

it('sends the events of an object in order, and waits at one that the receiver does not take', async () => {
  const { secret, webhook } = await hub.create(steward, '/events');
  const id = await hub.submit(editor);
  await hub.change(editor, 'assignServiceRequest', { id, version: 1, agencyId: 'x-handler' });
  await hub.settled();
  hub.receiver.answer = answering(500);
  await hub.deliverer.once();
  await hub.deliverer.once();
  expect(hub.receiver.received).toHaveLength(1);
  expect(await hub.webhook(steward, webhook.id)).toMatchObject({
    state: 'ACTIVE',
    attempts: 1,
    lastFailure: 'STATUS',
    lastStatus: 500,
    nextAttemptAt: expect.any(String),
    position: webhook.position,
  });
  expect(await hub.deliveries(steward, webhook.id)).toMatchObject([
    { state: 'RETRYING', attempts: 1, status: 500, failure: 'STATUS', nextAttemptAt: expect.any(String) },
  ]);

  hub.receiver.answer = take;
  await hub.comeDue(webhook.id);
  await hub.deliverer.once();
  const events = hub.receiver.events('/events', secret);
  expect(idsOf(events)).toEqual([`${id} SUBMIT`, `${id} SUBMIT`, `${id} ASSIGN`]);
  const [first, second] = hub.receiver.received;
  expect(second?.id).toBe(first?.id);
  expect(second?.body).toBe(first?.body);
  expect(await hub.webhook(steward, webhook.id)).toMatchObject({
    attempts: 0,
    failingSince: null,
    lastFailure: null,
    nextAttemptAt: null,
  });
  expect(await hub.deliveries(steward, webhook.id)).toMatchObject([
    { state: 'DELIVERED', attempts: 1 },
    { state: 'DELIVERED', attempts: 2, failure: null, nextAttemptAt: null },
  ]);
});

it('sends events of the types and the region that its owner chose', async () => {
  const { secret } = await hub.create(steward, '/laoshan', { regionCode: '370212' });
  await hub.create(steward, '/payouts', { types: ['PAYOUT'] });
  await hub.submit(editor, '110105', 'ent-cfg-system');
  const id = await hub.submit(editor);
  await hub.deliverer.once();
  expect(idsOf(hub.receiver.events('/laoshan', secret))).toEqual([`${id} SUBMIT`]);
  expect(hub.receiver.received).toHaveLength(1);
});

it('begins with types that were added later at that moment, and goes on with the others', async () => {
  const { secret, webhook } = await hub.create(steward, '/events', { types: ['SERVICE_REQUEST'] });
  const id = await hub.submit(editor);
  await hub.ask(
    steward,
    'mutation ($input: UpdateWebhookInput!) { updateWebhook(input: $input) { types } }',
    {
      input: { id: webhook.id, types: null },
    },
  );
  await hub.deliverer.once();
  expect(idsOf(hub.receiver.events('/events', secret))).toEqual([`${id} SUBMIT`]);
  expect(await hub.webhook(steward, webhook.id)).toMatchObject({ types: null, mine: false });
});

it('pauses, goes on from where it stood, and is deleted', async () => {
  const { secret, webhook } = await hub.create(steward, '/events');
  const { id } = webhook;
  expect(await hub.ask(steward, byId('pauseWebhook'), { id })).toEqual({
    pauseWebhook: { id, state: 'PAUSED' },
  });
  const request = await hub.submit(editor);
  await hub.deliverer.once();
  expect(hub.receiver.received).toEqual([]);
  await hub.ask(steward, byId('resumeWebhook'), { id });
  await hub.deliverer.once();
  expect(idsOf(hub.receiver.events('/events', secret))).toEqual([`${request} SUBMIT`]);
  expect(await hub.ask(steward, 'mutation ($id: ID!) { deleteWebhook(id: $id) }', { id })).toEqual({
    deleteWebhook: id,
  });
  expect(await hub.webhook(steward, id)).toBeNull();
  expect(await hub.deliveries(steward, id)).toBeUndefined();
});

it('signs with both secrets after a rotation, until the overlap ends', async () => {
  const { secret: old, webhook } = await hub.create(steward, '/events');
  const rotate = `mutation ($id: ID!, $hours: Int!) { rotateWebhookSecret(id: $id, overlapHours: $hours) { secret } }`;
  const rotated = await hub.ask(steward, rotate, { id: webhook.id, hours: 24 });
  const { secret } = rotated.rotateWebhookSecret as { secret: string };
  await hub.submit(editor);
  await hub.deliverer.once();
  expect(hub.receiver.events('/events', old)).toHaveLength(1);
  expect(hub.receiver.events('/events', secret)).toHaveLength(1);

  await hub.sql('update hub.webhooks set old_secret_ends_at = now()');
  hub.receiver.received.length = 0;
  await hub.submit(editor);
  await hub.deliverer.once();
  expect(hub.receiver.events('/events', secret)).toHaveLength(1);
  expect(() => hub.receiver.events('/events', old)).toThrow('No matching signature found');
});

it('sends again what follows a cursor, under the same ids', async () => {
  const { secret, webhook } = await hub.create(steward, '/events');
  await hub.submit(editor);
  await hub.submit(editor);
  await hub.deliverer.once();
  const before = hub.receiver.received.map(({ id }) => id);
  const [first] = hub.receiver.events('/events', secret);
  const replay = 'mutation ($id: ID!, $after: String) { replayWebhook(id: $id, after: $after) { state } }';
  await hub.ask(steward, replay, { id: webhook.id, after: first?.cursor });
  await hub.deliverer.once();
  expect(hub.receiver.received.map(({ id }) => id)).toEqual([...before, before[1]]);
  expect(await hub.refused(steward, replay, { id: webhook.id, after: 'nonsense' })).toMatchObject({
    code: 'BAD_USER_INPUT',
  });
});

it('is disabled when the receiver says that it is gone, or fails for three days, and goes on when it is resumed', async () => {
  const { webhook } = await hub.create(steward, '/events');
  const { id } = webhook;
  await hub.submit(editor);
  hub.receiver.answer = answering(410);
  await hub.deliverer.once();
  expect(await hub.webhook(steward, id)).toMatchObject({
    state: 'DISABLED',
    disabledReason: 'GONE',
    nextAttemptAt: null,
  });
  await hub.deliverer.once();
  expect(hub.receiver.received).toHaveLength(1);

  await hub.ask(steward, byId('resumeWebhook'), { id });
  hub.receiver.answer = answering(503);
  await hub.deliverer.once();
  expect(await hub.webhook(steward, id)).toMatchObject({ state: 'ACTIVE', attempts: 1 });
  await hub.sql(`update hub.webhooks set failing_since = now() - interval '3 days', look_at = now()`);
  await hub.deliverer.once();
  expect(await hub.webhook(steward, id)).toMatchObject({
    state: 'DISABLED',
    disabledReason: 'FAILED_FOR_LONG',
  });
  expect(hub.deliverer.figures()).toMatchObject({ disabled: 2 });

  hub.receiver.answer = take;
  await hub.ask(steward, byId('resumeWebhook'), { id });
  await hub.deliverer.once();
  expect(await hub.deliveries(steward, id)).toMatchObject([{ state: 'DELIVERED', attempts: 4 }]);
});

it('is disabled when events after its position were deleted, so that none is left out in silence', async () => {
  const { secret, webhook } = await hub.create(steward, '/events');
  const id = await hub.submit(editor);
  await hub.sql(`insert into policies.sweeps (name, taken_until, deleted_transaction, deleted_seq)
    select 'sweep', now(), max(transaction::text::bigint)::text::xid8, max(seq) from policies.changes
    on conflict (name) do update set deleted_transaction = excluded.deleted_transaction, deleted_seq = excluded.deleted_seq`);
  await hub.deliverer.once();
  expect(await hub.webhook(steward, webhook.id)).toMatchObject({
    state: 'DISABLED',
    disabledReason: 'CURSOR_EXPIRED',
  });
  await hub.sql('update policies.sweeps set deleted_transaction = null, deleted_seq = null');
  await hub.ask(steward, byId('resumeWebhook'), { id: webhook.id });
  await hub.deliverer.once();
  expect(idsOf(hub.receiver.events('/events', secret))).toEqual([`${id} SUBMIT`]);
});

it('is worked on by one gateway at a time, and by another when that one has died', async () => {
  const { webhook } = await hub.create(steward, '/events');
  await hub.submit(editor);
  const { promise: arrived, resolve: arrive } = Promise.withResolvers<void>();
  const { promise: answered, resolve: answer } = Promise.withResolvers<void>();
  hub.receiver.answer = async (response) => {
    arrive();
    await answered;
    take(response);
  };
  const first = hub.deliverer.once();
  await arrived;
  const other = hub.hub.control.deliver({ everyMs: 0 });
  await other.once();
  expect(hub.receiver.received).toHaveLength(1);

  // The first one does not prolong its lease any more. What it sent may not have arrived, so it is sent again.
  await hub.sql(`update hub.webhooks set leased_until = now() where id = '${webhook.id}'`);
  hub.receiver.answer = take;
  await other.once();
  const [one, two] = hub.receiver.received;
  expect(two?.id).toBe(one?.id);
  answer();
  await first;
  await other.close();
  expect(await hub.deliveries(steward, webhook.id)).toMatchObject([{ state: 'DELIVERED', attempts: 2 }]);
  expect(await hub.webhook(steward, webhook.id)).toMatchObject({ state: 'ACTIVE', attempts: 0 });
});

it('sends by itself what the agencies announce, without looking for it', async () => {
  await using _background = disposing(hub.hub.control.deliver({ everyMs: 3_600_000 }));
  const { promise: arrived, resolve: arrive } = Promise.withResolvers<void>();
  hub.receiver.answer = (response) => {
    arrive();
    take(response);
  };
  await hub.create(steward, '/events');
  await hub.submit(editor);
  await arrived;
  expect(hub.receiver.received).toHaveLength(1);
});

const disposing = <Part extends { close(): Promise<void> }>(part: Part) =>
  Object.assign(part, { [Symbol.asyncDispose]: () => part.close() });

it('lists the webhooks of the department, at most ten', async () => {
  for (let count = 0; count < 10; count++) await hub.create(steward, `/${count}`);
  const { webhooks } = await hub.ask(
    steward,
    '{ webhooks(orderBy: [{ field: CREATED_AT }]) { totalCount nodes { url } } }',
  );
  expect(webhooks).toMatchObject({ totalCount: 10 });
  const create = 'mutation ($input: CreateWebhookInput!) { createWebhook(input: $input) { secret } }';
  const one = { input: { url: `${hub.receiver.url}/more` } };
  expect(await hub.refused(steward, create, one)).toMatchObject({ code: 'CONFLICT', most: 10 });
  const other: Official = { department: 'FINANCE', role: 'steward' };
  expect(await hub.ask(other, '{ webhooks { totalCount } }')).toEqual({ webhooks: { totalCount: 0 } });
});

it('refuses conditions that no event can meet', async () => {
  const create = 'mutation ($input: CreateWebhookInput!) { createWebhook(input: $input) { secret } }';
  const refusal = (more: object) =>
    hub.refused(steward, create, { input: { url: `${hub.receiver.url}/x`, ...more } });
  expect(await refusal({ types: [] })).toMatchObject({ code: 'BAD_USER_INPUT', argument: 'input.types' });
  expect(await refusal({ regionCode: '999999' })).toMatchObject({ argument: 'input.regionCode' });
  expect(await refusal({ mine: true })).toMatchObject({ argument: 'input.mine' });
  expect(await refusal({ after: 'x' })).toMatchObject({ code: 'BAD_USER_INPUT' });
});
