import type { Deliverer } from '@wenshu/gateway/control/webhooks/deliver.ts';
import type { HubOptions } from './hub.ts';
import { poll } from './poll.ts';
import { startHubWithRequests } from './service-requests.ts';
import { startWebhookReceiver } from './webhook-receiver.ts';
import type { Who } from './workflow-hub.ts';

/** A webhook as a test reads it. */
export type TestWebhook = Readonly<Record<string, unknown>> & { readonly id: string };
export type IssuedWebhook = { readonly secret: string; readonly webhook: TestWebhook };

const selection = `id url state department keyId types regionCode mine position lastDeliveredAt failingSince attempts
  nextAttemptAt lastFailure lastStatus disabledReason`;

/** Starts a hub that sends events of service requests, when a test tells it to, and a receiver of them. */
export async function startHubWithWebhooks({
  webhooks,
  ...options
}: Partial<Pick<HubOptions, 'audit' | 'log'>> & {
  readonly webhooks?: Exclude<HubOptions['keys'], true | undefined>['webhooks'];
} = {}) {
  await using starting = new AsyncDisposableStack();
  const receiver = starting.use(await startWebhookReceiver());
  const hub = starting.use(
    await startHubWithRequests({ ...options, keys: { webhooks: { hosts: ['127.0.0.1'], ...webhooks } } }),
  );
  const { hub: inner } = hub;
  const deliverer: Deliverer = inner.control.deliver({ everyMs: 0 });
  starting.defer(deliverer.close);
  const opened = starting.move();

  const ask = async (who: Who | { readonly secret: string }, query: string, variables: object = {}) => {
    const { data, errors } = await inner.as(who).ask(query, variables);
    if (errors) throw new Error(JSON.stringify(errors));
    return data as Record<string, unknown>;
  };
  let requests = 0;

  return {
    ...hub,
    receiver,
    deliverer,
    ask,
    /** Makes a webhook that sends to a path of the receiver. */
    async create(
      who: Who | { readonly secret: string },
      path: string,
      input: object = {},
    ): Promise<IssuedWebhook> {
      const mutation = `mutation ($input: CreateWebhookInput!) { createWebhook(input: $input) { secret webhook { ${selection} } } }`;
      const { createWebhook } = await ask(who, mutation, {
        input: { url: `${receiver.url}${path}`, ...input },
      });
      return createWebhook as IssuedWebhook;
    },
    /** Returns the details of the refusal of a mutation. */
    async refused(who: Who | { readonly secret: string }, query: string, variables: object = {}) {
      const { errors = [] } = await inner.as(who).ask(query, variables);
      return errors[0]?.extensions;
    },
    async webhook(who: Who | { readonly secret: string }, id: string): Promise<TestWebhook | null> {
      const query = `query ($id: ID!) { webhook(id: $id) { ${selection} } }`;
      return (await ask(who, query, { id })).webhook as TestWebhook | null;
    },
    async deliveries(who: Who | { readonly secret: string }, id: string) {
      const query = `query ($id: ID!) { webhookDeliveries(webhook: $id) {
        totalCount nodes { id state type cursor attempts status failure nextAttemptAt } } }`;
      const { webhookDeliveries } = await ask(who, query, { id });
      return (webhookDeliveries as { nodes: readonly Readonly<Record<string, unknown>>[] } | null)?.nodes;
    },
    /** Hands in a request of an enterprise in a region, and waits until its event can be read. Returns the id. */
    async submit(who: Who, regionCode = '370212', enterpriseId = 'ent-pico'): Promise<string> {
      const input = {
        enterpriseId,
        regionCode,
        kind: 'OTHER',
        titleZh: `诉求${++requests}`,
        textZh: '内容。',
      };
      const { id } = await hub.change(who, 'submitServiceRequest', input);
      await settled();
      return id;
    },
    settled,
    /** Lets a time that the hub waits for come now. */
    async comeDue(id: string) {
      await hub.sql(`update hub.webhooks set look_at = now() where id = '${id}'`);
    },
    [Symbol.asyncDispose]: () => opened.disposeAsync(),
  };

  /** A transaction that other tests hold open in the same server holds events back. */
  function settled() {
    return poll(async () => {
      const [row] = await hub.sql(`select coalesce(pg_snapshot_xmin(pg_current_snapshot()) >
        (select c.transaction from policies.changes c order by c.transaction desc limit 1), true) as is_settled`);
      return row?.is_settled === true || undefined;
    });
  }
}

export type HubWithWebhooks = Awaited<ReturnType<typeof startHubWithWebhooks>>;
