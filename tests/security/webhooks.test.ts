import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { AuditUnavailable } from '@wenshu/gateway/audit/group-commit.ts';
import type { AuditEvent } from '@wenshu/gateway/audit/record.ts';
import { isPublicAddress } from '@wenshu/gateway/control/webhooks/public-address.ts';
import { createSender } from '@wenshu/gateway/control/webhooks/send.ts';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { aLog } from '../support/audit.ts';
import { type Issued, steward } from '../support/callers.ts';
import { createAuthority } from '../support/certificates.ts';
import { createDataFolder } from '../support/data-folder.ts';
import { answering, startWebhookReceiver, take, type WebhookReceiver } from '../support/webhook-receiver.ts';
import { type HubWithWebhooks, startHubWithWebhooks } from '../support/webhooks.ts';
import type { Official } from '../support/workflow-hub.ts';

// Webhooks send to addresses that their owners choose, and what their owners may see.

const editor: Official = { department: 'PROPAGANDA', role: 'editor' };
const create =
  'mutation ($input: CreateWebhookInput!) { createWebhook(input: $input) { secret webhook { id } } }';
const byId = (mutation: string) => `mutation ($id: ID!) { ${mutation}(id: $id) { id } }`;

let events: AuditEvent[] = [];
let isFull = false;
const audit = aLog({
  append: async (event) => {
    if (isFull) throw new AuditUnavailable('the disk is full');
    events.push(event);
    return { sequence: 1, hash: '' };
  },
  note: (event) => {
    events.push(event);
    return true;
  },
});

let hub: HubWithWebhooks;
beforeAll(async () => {
  hub = await startHubWithWebhooks({ audit });
});
afterAll(() => hub[Symbol.asyncDispose]());
beforeEach(async () => {
  hub.receiver.answer = take;
  hub.receiver.received.length = 0;
  await hub.sql('delete from hub.webhooks');
  events = [];
});

describe('the address', () => {
  it.each([
    ['http://example.com/x', 'https'],
    ['ftp://127.0.0.1/x', 'https'],
    ['https://user:secret@example.com/x', 'user name'],
    ['https://example.com/x#y', 'fragment'],
    ['https://10.0.0.8/x', 'inside'],
    ['https://167772168/x', 'inside'],
    ['https://0xa.8/x', 'inside'],
    ['https://[::1]/x', 'inside'],
    ['https://[::ffff:10.0.0.8]/x', 'inside'],
    ['https://169.254.169.254/latest/meta-data', 'inside'],
    ['not an address', 'address like'],
    [`https://example.com/${'x'.repeat(2_000)}`, 'at most 2000'],
  ])('%s is refused when it is given, unless the operator allows its host', async (url, why) => {
    const refused = await hub.hub.as(steward).ask(create, { input: { url } });
    expect(refused.errors?.[0]?.message).toContain(why);
    expect(refused.errors?.[0]?.extensions).toMatchObject({ code: 'BAD_USER_INPUT', argument: 'input.url' });
  });

  it.each([
    ...['0.0.0.0', '10.1.2.3', '100.64.0.1', '127.0.0.1', '169.254.169.254', '172.31.0.1', '192.168.1.1'],
    ...[
      '192.0.0.8',
      '192.0.2.1',
      '198.18.0.1',
      '198.51.100.1',
      '203.0.113.1',
      '224.0.0.1',
      '255.255.255.255',
    ],
    ...['::', '::1', '::10.0.0.1', '::ffff:8.8.8.8', '::ffff:10.0.0.1', '64:ff9b::a00:1', '64:ff9b:1::a00:1'],
    ...[
      '100::1',
      '2001::1',
      '2001:db8::1',
      '2002:a00:1::1',
      '3fff::1',
      '5f00::1',
      'fc00::1',
      'fe80::1',
      'fec0::1',
    ],
    ...['ff02::1', 'no address'],
  ])('%s is not public', (address) => {
    expect(isPublicAddress(address)).toBe(false);
  });

  it.each(['8.8.8.8', '202.96.209.133', '2400:3200::1', '2606:4700::1111'])('%s is public', (address) => {
    expect(isPublicAddress(address)).toBe(true);
  });
});

describe('the connection', () => {
  const message = { url: '', headers: {}, body: '{}' };
  let receiver: WebhookReceiver;
  beforeAll(async () => {
    receiver = await startWebhookReceiver();
  });
  afterAll(() => receiver[Symbol.asyncDispose]());

  /** Sends to a name of the public internet that leads to these addresses. */
  async function sendTo(...found: readonly string[][]) {
    const asked: string[] = [];
    const sender = createSender({
      hosts: [],
      timeoutMs: 1_000,
      resolve: async (name) => {
        const addresses = found[asked.push(name) - 1] ?? [];
        return addresses.map((address) => ({ address, family: address.includes(':') ? 6 : 4 }));
      },
    });
    const { port } = new URL(receiver.url);
    const attempt = await sender.send({ ...message, url: `https://example.com:${port}/x` });
    await sender.close();
    return { ...attempt, asked: asked.length };
  }

  it('is not made when one of the addresses of a name is inside the network', async () => {
    expect(await sendTo(['127.0.0.1'])).toEqual({ failure: 'ADDRESS_REFUSED', asked: 1 });
    expect(await sendTo(['93.184.215.14', '10.0.0.1'])).toEqual({ failure: 'ADDRESS_REFUSED', asked: 1 });
    expect(await sendTo(['::ffff:127.0.0.1'])).toEqual({ failure: 'ADDRESS_REFUSED', asked: 1 });
    expect(await sendTo([])).toEqual({ failure: 'NAME_UNKNOWN', asked: 1 });
    expect(receiver.received).toEqual([]);
  });

  it('goes to the addresses that were checked: a name that leads elsewhere the next time is not asked again', async () => {
    // Nobody has the first address; the second answer would lead to the receiver.
    const { asked, failure } = await sendTo(['2e00::1'], ['127.0.0.1']);
    expect({ asked, isFailure: failure !== undefined }).toEqual({ asked: 1, isFailure: true });
    expect(receiver.received).toEqual([]);
  });

  it('follows no redirect, and keeps nothing of what the receiver says', async () => {
    const sender = createSender({ hosts: ['127.0.0.1'], timeoutMs: 5_000 });
    receiver.answer = (response) =>
      response.writeHead(307, { location: `${receiver.url}/inside` }).end('secret');
    expect(await sender.send({ ...message, url: `${receiver.url}/x` })).toEqual({
      status: 307,
      failure: 'STATUS',
    });
    expect(receiver.received.map(({ path }) => path)).toEqual(['/x']);

    receiver.answer = (response) => {
      response.writeHead(200);
      const flood = () => {
        while (!response.destroyed && response.write('x'.repeat(65_536)));
      };
      response.on('drain', flood);
      flood();
    };
    expect(await sender.send({ ...message, url: `${receiver.url}/flood` })).toEqual({ status: 200 });
    receiver.answer = () => {};
    const impatient = createSender({ hosts: ['127.0.0.1'], timeoutMs: 50 });
    expect(await impatient.send({ ...message, url: `${receiver.url}/slow` })).toEqual({ failure: 'TIMEOUT' });
    await Promise.all([sender.close(), impatient.close()]);
  });

  it('by https needs a certificate that is trusted, also of an allowed host', async () => {
    await using folder = await createDataFolder();
    const authority = await createAuthority(folder.path, 'somebody');
    const { cert, key } = await authority.issue('127.0.0.1');
    let requests = 0;
    const server = createServer({ cert, key }, (_, response) => void response.end(String(requests++)));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const sender = createSender({ hosts: ['127.0.0.1'], timeoutMs: 5_000 });
    const { port } = server.address() as AddressInfo;
    const attempt = await sender.send({ ...message, url: `https://127.0.0.1:${port}/x` });
    expect({ ...attempt, requests }).toEqual({ failure: 'TLS', requests: 0 });
    await sender.close();
    server.close();
  });
});

describe('what a key is sent', () => {
  let key: Issued;
  const terms = (enterpriseId: string, actions: readonly string[]) => ({
    scopes: ['Agency', 'Region'],
    actions,
    enterpriseId,
    consent: { by: '李明', on: '2026-01-05', document: '授权书〔2026〕1号' },
  });
  beforeEach(async () => {
    key = await hub.hub.issue(terms('ent-pico', ['RECEIVE_EVENTS']));
    await hub.hub.approve(key);
  });

  it('is what it sees itself: the events of its own enterprise', async () => {
    const { secret, webhook } = await hub.create(key, '/key');
    const id = await hub.submit(editor);
    await hub.submit(editor, '110105', 'ent-cfg-system');
    await hub.deliverer.once();
    expect(hub.receiver.events('/key', secret)).toMatchObject([{ id, action: 'SUBMIT' }]);
    expect(hub.receiver.received).toHaveLength(1);
    expect(webhook).toMatchObject({ keyId: key.apiKey.id, department: 'PROPAGANDA' });
  });

  it('ends when the key is revoked, also for an event that was tried before', async () => {
    const { webhook } = await hub.create(key, '/key');
    await hub.submit(editor);
    hub.receiver.answer = answering(500);
    await hub.deliverer.once();
    await hub.ask(steward, 'mutation ($id: ID!) { revokeApiKey(id: $id, reason: "test") { id } }', {
      id: key.apiKey.id,
    });
    hub.receiver.answer = take;
    await hub.comeDue(webhook.id);
    await hub.deliverer.once();
    expect(hub.receiver.received).toHaveLength(1);
    expect(await hub.webhook(steward, webhook.id)).toMatchObject({
      state: 'DISABLED',
      disabledReason: 'OWNER_ENDED',
    });
  });

  it('ends when a department withdraws its approval', async () => {
    const { webhook } = await hub.create(key, '/key');
    await hub.submit(editor);
    const { apiKey } = await hub.ask(
      steward,
      'query ($id: ID!) { apiKey(id: $id) { approvals { id owner } } }',
      { id: key.apiKey.id },
    );
    const [{ id, owner } = { id: '', owner: '' }] = (apiKey as { approvals: { id: string; owner: string }[] })
      .approvals;
    const revoke = 'mutation ($id: ID!) { revokeAgreement(id: $id, reason: "test") { state } }';
    await hub.ask({ department: owner as Official['department'], role: 'steward' }, revoke, { id });
    await hub.deliverer.once();
    expect(hub.receiver.received).toEqual([]);
    expect(await hub.webhook(steward, webhook.id)).toMatchObject({ disabledReason: 'OWNER_ENDED' });
  });

  it('goes on under the key that replaces it', async () => {
    const { webhook } = await hub.create(key, '/key');
    const { rotateApiKey } = await hub.ask(
      steward,
      'mutation ($id: ID!) { rotateApiKey(id: $id, overlapHours: 0) { secret apiKey { id } } }',
      { id: key.apiKey.id },
    );
    const replacement = rotateApiKey as Issued;
    await hub.submit(editor);
    await hub.deliverer.once();
    expect(hub.receiver.received).toHaveLength(1);
    expect(await hub.webhook(replacement, webhook.id)).toMatchObject({ keyId: replacement.apiKey.id });
  });

  it('is left out when the row is hidden before it is tried again', async () => {
    const { webhook } = await hub.create(key, '/key');
    const id = await hub.submit(editor);
    const other = await hub.submit(editor);
    hub.receiver.answer = answering(500);
    await hub.deliverer.once();
    await hub.sql(`update policies.service_requests set enterprise_id = 'ent-cfg-system' where id = '${id}'`);
    hub.receiver.answer = take;
    await hub.comeDue(webhook.id);
    await hub.deliverer.once();
    const sent = hub.receiver.received.map(({ body }) => JSON.parse(body).id);
    expect(sent).toEqual([id, other]);
    expect(await hub.deliveries(key, webhook.id)).toMatchObject([
      { state: 'DELIVERED' },
      { state: 'SKIPPED' },
    ]);
  });

  it('is nothing without the action, and nothing of the webhooks of others', async () => {
    const { webhook } = await hub.create(key, '/key');
    const input = { url: `${hub.receiver.url}/x` };
    const without = await hub.hub.issue(terms('ent-pico', ['CORRECT']));
    await hub.hub.approve(without);
    expect(await hub.refused(without, create, { input })).toMatchObject({ code: 'FORBIDDEN' });
    expect(await hub.refused(without, '{ webhooks { totalCount } }')).toMatchObject({ code: 'FORBIDDEN' });
    const trial = await hub.hub.issue({ ...terms('ent-pico', ['RECEIVE_EVENTS']), environment: 'TEST' });
    await hub.hub.approve(trial);
    expect(await hub.refused(trial, create, { input })).toMatchObject({ code: 'FORBIDDEN' });

    const other = await hub.hub.issue(terms('ent-cfg-system', ['RECEIVE_EVENTS']));
    await hub.hub.approve(other);
    expect(await hub.webhook(other, webhook.id)).toBeNull();
    expect(await hub.deliveries(other, webhook.id)).toBeUndefined();
    for (const mutation of ['pauseWebhook', 'resumeWebhook', 'replayWebhook']) {
      expect(await hub.refused(other, byId(mutation), { id: webhook.id })).toMatchObject({
        code: 'NOT_FOUND',
      });
    }
    expect(await hub.refused({ ...steward, role: 'editor' }, create, { input })).toMatchObject({
      code: 'FORBIDDEN',
    });
  });

  it('can be stopped, but not directed elsewhere, by the department that made the key', async () => {
    const { webhook } = await hub.create(key, '/key');
    const update = 'mutation ($input: UpdateWebhookInput!) { updateWebhook(input: $input) { id } }';
    const input = { id: webhook.id, url: `${hub.receiver.url}/elsewhere` };
    expect(await hub.refused(steward, update, { input })).toMatchObject({ code: 'FORBIDDEN' });
    const rotate = 'mutation ($id: ID!) { rotateWebhookSecret(id: $id) { secret } }';
    expect(await hub.refused(steward, rotate, { id: webhook.id })).toMatchObject({ code: 'FORBIDDEN' });
    expect(await hub.ask(steward, byId('pauseWebhook'), { id: webhook.id })).toMatchObject({
      pauseWebhook: {},
    });
  });
});

it('a steward whose token has a region changes webhooks of that region alone, and sees by it', async () => {
  const inRegion: Official = { ...steward, region: '370212', sub: 'regional' };
  const { webhook: ofAll } = await hub.create(steward, '/all');
  expect(await hub.refused(inRegion, byId('pauseWebhook'), { id: ofAll.id })).toMatchObject({
    code: 'FORBIDDEN',
  });
  const { webhook } = await hub.create(inRegion, '/region');
  const update =
    'mutation ($input: UpdateWebhookInput!) { updateWebhook(input: $input) { setBy ownerRegion } }';
  const changed = { input: { id: webhook.id, url: `${hub.receiver.url}/other` } };
  expect(await hub.ask(inRegion, update, changed)).toEqual({
    updateWebhook: { setBy: 'regional', ownerRegion: '370212' },
  });
  expect(await hub.ask(steward, update, changed)).toMatchObject({ updateWebhook: { ownerRegion: null } });
});

it('the secret is nowhere in the database, in the log of changes, or in an answer after the first one', async () => {
  const { secret, webhook } = await hub.create(steward, '/path-that-is-a-secret');
  const rows = JSON.stringify(await hub.sql('select * from hub.webhooks'));
  const key = secret.slice('whsec_'.length);
  expect(rows).not.toContain(key);
  expect(JSON.stringify(await hub.webhook(steward, webhook.id))).not.toContain(key);
  expect(events.filter(({ kind }) => kind === 'webhook')).toEqual([
    {
      kind: 'webhook',
      action: 'create',
      subject: webhook.id,
      caller: { user: 'propaganda-steward', department: 'PROPAGANDA', role: 'steward' },
      details: {
        state: 'ACTIVE',
        department: 'PROPAGANDA',
        keyId: null,
        host: new URL(hub.receiver.url).host,
        types: null,
        regionCode: null,
        mine: false,
        synthetic: null,
        ownerRegion: null,
        ownerAgency: null,
        oldSecretEndsAt: null,
      },
    },
  ]);
  expect(JSON.stringify(events)).not.toContain('path-that-is-a-secret');
});

it('each attempt is on record before it is sent, and nothing is sent that cannot be recorded', async () => {
  const { webhook } = await hub.create(steward, '/events');
  await hub.submit(editor);
  events = [];
  isFull = true;
  await hub.deliverer.once();
  isFull = false;
  expect(hub.receiver.received).toEqual([]);
  expect(await hub.webhook(steward, webhook.id)).toMatchObject({ state: 'ACTIVE', attempts: 0 });

  await hub.deliverer.once();
  const [message] = hub.receiver.received;
  expect(
    events.filter(
      ({ kind, ...event }) => kind === 'answer' && 'requestId' in event && event.requestId === message?.id,
    ),
  ).toMatchObject([
    {
      caller: { user: 'propaganda-steward', department: 'PROPAGANDA', role: 'steward' },
      operation: { name: 'Webhook' },
      decision: 'answered',
      requestId: message?.id,
      rows: { ServiceRequest: 1 },
      bytes: message?.body.length,
    },
  ]);
});
