import type { Context } from '@wenshu/kit/context.ts';
import type { Database } from '@wenshu/kit/database.ts';
import { page } from '@wenshu/kit/page.ts';
import { and, eq } from 'drizzle-orm';
import { callerOnRecord } from '../../request/caller-on-record.ts';
import type { Change as Changed } from '../changes.ts';
import { webhookDeliveryList, webhookList } from '../queries.ts';
import { changeOnRecord, type RecordChange, webhookChange } from '../record-change.ts';
import type { Resolvers, WorkflowType } from '../schema-types.ts';
import { type WebhookRow, webhookDeliveries, webhooks } from '../tables.ts';
import { type Manager, managerIn, seenBy } from './owner.ts';
import { presentEnd, typesIn } from './read-events.ts';
import {
  createWebhook,
  deleteWebhook,
  type IssuedWebhook,
  pauseWebhook,
  replayWebhook,
  resumeWebhook,
  rotateWebhookSecret,
  startOfNew,
  updateWebhook,
  type WebhookRules,
} from './webhooks.ts';

const managers = ['steward'] as const;
const readers = ['steward', 'auditor'] as const;

export const webhookQueries = {
  webhook: async (_root, { id }, context) => find(context, id),
  webhooks: (_root, args, context, info) =>
    page(context, webhookList, args, info, seenBy(managerIn(context, readers))),
  webhookDeliveries: async (_root, { webhook, ...args }, context, info) => {
    if (!(await find(context, webhook))) return null;
    const { orderBy = newestFirst } = args;
    const ofWebhook = eq(webhookDeliveries.webhookId, webhook);
    return page(context, webhookDeliveryList, { ...args, orderBy }, info, ofWebhook);
  },
} satisfies Partial<Resolvers['Query']>;

const newestFirst = [{ field: 'FIRST_AT', direction: 'DESC' }] as const;

async function find(context: Context, id: string): Promise<WebhookRow | null> {
  const [found] = await context.db
    .select()
    .from(webhooks)
    .where(and(eq(webhooks.id, id), seenBy(managerIn(context, readers))));
  return found ?? null;
}

export const webhookFields: Pick<Resolvers, 'Webhook' | 'WebhookDelivery'> = {
  WebhookDelivery: { type: ({ type }) => type as WorkflowType },
  Webhook: {
    types: ({ types }) => typesIn(types),
    nextAttemptAt: ({ state, failingSince, lookAt }) =>
      state === 'ACTIVE' && failingSince !== null ? lookAt : null,
  },
};

type Recording = {
  readonly webhooks: WebhookRules;
  readonly record: RecordChange;
  readonly settle: (changed: readonly Changed[]) => Promise<void>;
};

export function webhookMutations({ webhooks: rules, record, settle }: Recording) {
  /** Makes a change and records it, and lets the deliverer of this gateway see it. */
  async function change<Made extends WebhookRow | IssuedWebhook>(
    context: Context,
    action: string,
    work: (db: Database, manager: Manager) => Promise<Made>,
  ): Promise<Made> {
    const manager = managerIn(context, managers);
    const party = { ...context.purposeOfUse, caller: callerOnRecord(manager) };
    const made = await changeOnRecord(
      context.db,
      record,
      party,
      (db) => work(db, manager),
      (changed) => webhookChange(action, 'webhook' in changed ? changed.webhook : changed),
    );
    await settle([{ table: 'webhooks' }]);
    return made;
  }

  return {
    createWebhook: async (_root, { input }, context) => {
      const position = await startOfNew(managerIn(context, managers), input, rules);
      return change(context, 'create', (db, manager) => createWebhook(db, manager, input, position, rules));
    },
    updateWebhook: async (_root, { input }, context) => {
      // Where new types begin is found out before the row is locked.
      const end =
        input.types === undefined ? undefined : await presentEnd(rules.ask, managerIn(context, managers));
      return change(context, 'update', (db, manager) => updateWebhook(db, manager, input, end, rules));
    },
    pauseWebhook: (_root, { id }, context) =>
      change(context, 'pause', (db, manager) => pauseWebhook(db, manager, id, rules)),
    resumeWebhook: (_root, { id }, context) =>
      change(context, 'resume', (db, manager) => resumeWebhook(db, manager, id, rules)),
    deleteWebhook: async (_root, { id }, context) => {
      await change(context, 'delete', (db, manager) => deleteWebhook(db, manager, id, rules));
      return id;
    },
    rotateWebhookSecret: (_root, args, context) =>
      change(context, 'rotate', (db, manager) => rotateWebhookSecret(db, manager, args, rules)),
    replayWebhook: (_root, args, context) =>
      change(context, 'replay', (db, manager) => replayWebhook(db, manager, args, rules)),
  } satisfies Partial<Resolvers['Mutation']>;
}
