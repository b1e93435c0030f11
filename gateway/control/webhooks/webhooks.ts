import type { Database } from '@wenshu/kit/database.ts';
import { badInput, conflict, HubError, notFound } from '@wenshu/schema/errors.ts';
import { and, count, eq, isNull, sql } from 'drizzle-orm';
import type { Places } from '../../governance/places.ts';
import type { AskAgencies } from '../across/ask-agencies.ts';
import { startOf } from '../across/merged-page.ts';
import { randomText } from '../key-text.ts';
import { refuseBeyond, refuseUnknownRegion } from '../region-bounds.ts';
import type { CreateWebhookInput, UpdateWebhookInput } from '../schema-types.ts';
import { type WebhookRow, webhookDeliveries, webhooks } from '../tables.ts';
import { type AllowedHosts, refuseUnusableAddress } from './address.ts';
import { type Manager, ownershipOf, seenBy } from './owner.ts';
import { presentEnd, typesIn, withNewTypes } from './read-events.ts';
import type { WebhookSecrets } from './secrets.ts';

export type WebhookRules = {
  readonly hosts: AllowedHosts;
  readonly mostPerOwner: number;
  readonly secrets: WebhookSecrets;
  readonly places: Pick<Places, 'isRegion' | 'isWithin'>;
  readonly ask: AskAgencies;
};

/** A webhook with a new secret, which is shown this once. */
export type IssuedWebhook = { readonly secret: string; readonly webhook: WebhookRow };

/** Maximum overlap of two secrets, in hours: 30 days, as of keys. */
const maxOverlapHours = 720;

/** Returns where a new webhook begins. Throws if its address or its conditions are not usable. */
export async function startOfNew(
  manager: Manager,
  { url, after, ...given }: CreateWebhookInput,
  rules: WebhookRules,
): Promise<string> {
  refuseUnusableAddress(url, rules.hosts);
  refuseUnusableConditions(manager, given, rules);
  return after == null ? presentEnd(rules.ask, manager) : usableCursor(after);
}

export async function createWebhook(
  db: Database,
  manager: Manager,
  input: CreateWebhookInput,
  position: string,
  rules: WebhookRules,
): Promise<IssuedWebhook> {
  // Until the end of the transaction nobody else makes one, so that the number stays below the maximum.
  await db.execute(sql`lock table ${webhooks} in share row exclusive mode`);
  await refuseTooMany(db, manager, rules.mostPerOwner);
  const { url, types = null, regionCode = null, mine, synthetic = null } = input;
  const id = randomText(12);
  const secret = rules.secrets.make();
  const sealed = rules.secrets.seal(id, secret);
  const said = { url, types, regionCode, mine, sendsSynthetic: synthetic, position, secret: sealed };
  const [webhook] = await db
    .insert(webhooks)
    .values({ ...ownershipOf(manager), id, ...said })
    .returning();
  return { secret, webhook: webhook as WebhookRow };
}

/**
 * Changes address and conditions. Who changes them decides from then on, by region and agency, what the webhook sees. With
 * `end`, events of types that are new begin there.
 */
export async function updateWebhook(
  db: Database,
  manager: Manager,
  input: UpdateWebhookInput,
  end: string | undefined,
  rules: WebhookRules,
): Promise<WebhookRow> {
  const webhook = await lockOwn(db, manager, input.id, rules);
  const { types = typesIn(webhook.types), regionCode = webhook.regionCode } = input;
  const { url, mine } = { url: input.url ?? webhook.url, mine: input.mine ?? webhook.mine };
  refuseUnusableAddress(url, rules.hosts);
  refuseUnusableConditions(manager, { types, regionCode, mine }, rules);
  const position = end === undefined ? webhook.position : withNewTypes(end, webhook.position, webhook.types);
  return change(db, webhook, { ...ownershipOf(manager), url, types, regionCode, mine, position });
}

export async function pauseWebhook(
  db: Database,
  manager: Manager,
  id: string,
  rules: WebhookRules,
): Promise<WebhookRow> {
  const webhook = await lock(db, manager, id, rules);
  return change(db, webhook, { state: 'PAUSED', disabledAt: null, disabledReason: null });
}

export async function resumeWebhook(
  db: Database,
  manager: Manager,
  id: string,
  rules: WebhookRules,
): Promise<WebhookRow> {
  const webhook = await lockOwn(db, manager, id, rules);
  return change(db, webhook, { ...notFailing, state: 'ACTIVE', disabledAt: null, disabledReason: null });
}

/** Lets a webhook go on after a cursor. An event that was about to be tried again is passed over. */
export async function replayWebhook(
  db: Database,
  manager: Manager,
  { id, after }: { readonly id: string; readonly after?: string | null },
  rules: WebhookRules,
): Promise<WebhookRow> {
  const position = after == null ? null : usableCursor(after);
  const webhook = await lockOwn(db, manager, id, rules);
  await db
    .update(webhookDeliveries)
    .set({ state: 'SKIPPED', nextAttemptAt: null })
    .where(and(eq(webhookDeliveries.webhookId, id), eq(webhookDeliveries.state, 'RETRYING')));
  return change(db, webhook, { ...notFailing, position });
}

export async function rotateWebhookSecret(
  db: Database,
  manager: Manager,
  { id, overlapHours }: { readonly id: string; readonly overlapHours: number },
  rules: WebhookRules,
): Promise<IssuedWebhook> {
  if (overlapHours < 0 || overlapHours > maxOverlapHours) {
    throw badInput(
      'overlapHours',
      `"overlapHours" must be from 0 to ${maxOverlapHours}, not ${overlapHours}.`,
      `“overlapHours”须为 0 至 ${maxOverlapHours},不能是 ${overlapHours}。`,
    );
  }
  const webhook = await lockOwn(db, manager, id, rules);
  const secret = rules.secrets.make();
  const changed = await change(db, webhook, {
    secret: rules.secrets.seal(id, secret),
    oldSecret: overlapHours > 0 ? webhook.secret : null,
    oldSecretEndsAt: overlapHours > 0 ? sql`now() + make_interval(hours => ${overlapHours})` : null,
  });
  return { secret, webhook: changed };
}

export async function deleteWebhook(
  db: Database,
  manager: Manager,
  id: string,
  rules: WebhookRules,
): Promise<WebhookRow> {
  const webhook = await lock(db, manager, id, rules);
  await db.delete(webhooks).where(eq(webhooks.id, id));
  return webhook;
}

const notFailing = {
  attempts: 0,
  failingSince: null,
  lastFailure: null,
  lastStatus: null,
  lookAt: sql`now()`,
};

/** Changes a locked webhook, and takes it from the worker that has it: the next attempt rests on the change. */
async function change(
  db: Database,
  { id }: WebhookRow,
  changed: Parameters<ReturnType<typeof db.update<typeof webhooks>>['set']>[0],
): Promise<WebhookRow> {
  const [row] = await db
    .update(webhooks)
    .set({ ...changed, lease: null, leasedUntil: null })
    .where(eq(webhooks.id, id))
    .returning();
  return row as WebhookRow;
}

/** Finds a webhook that the caller may change, and locks it until the transaction ends. */
async function lock(
  db: Database,
  manager: Manager,
  id: string,
  { places }: WebhookRules,
): Promise<WebhookRow> {
  const [webhook] = await db
    .select()
    .from(webhooks)
    .where(and(eq(webhooks.id, id), seenBy(manager)))
    .for('update');
  if (!webhook) throw notFound('Webhook', '推送', id);
  if (manager.kind === 'department') {
    const words = { what: `Webhook "${id}"`, whatZh: `推送“${id}”` };
    refuseBeyond(manager, [webhook.ownerRegion], places, words);
  }
  return webhook;
}

/** A steward may stop the webhook of a key that the department made. Where its events go is for the key alone. */
async function lockOwn(...given: Parameters<typeof lock>): Promise<WebhookRow> {
  const webhook = await lock(...given);
  if (webhook.keyId === null || given[1].kind === 'partner') return webhook;
  throw new HubError(
    'FORBIDDEN',
    `Webhook "${webhook.id}" belongs to API key "${webhook.keyId}". You can pause or delete it.`,
    { messageZh: `推送“${webhook.id}”属于密钥“${webhook.keyId}”,您只能暂停或删除。` },
  );
}

async function refuseTooMany(db: Database, manager: Manager, most: number) {
  const own =
    manager.kind === 'partner'
      ? eq(webhooks.keyId, manager.keyId)
      : and(eq(webhooks.department, manager.department), isNull(webhooks.keyId));
  const [found] = await db.select({ count: count() }).from(webhooks).where(own);
  if (Number(found?.count ?? 0) < most) return;
  throw conflict(`There are ${most} webhooks already, which is the maximum. Delete one first.`, {
    most,
    messageZh: `推送已达上限 ${most} 个。请先删除一个。`,
  });
}

function refuseUnusableConditions(
  manager: Manager,
  { types, regionCode, mine }: Pick<CreateWebhookInput, 'types' | 'regionCode' | 'mine'>,
  { places }: WebhookRules,
) {
  if (types?.length === 0) {
    throw badInput(
      'input.types',
      'Without types there are no events. Give types, or null for all.',
      '没有种类便没有动态。请给出种类,或以 null 表示全部。',
    );
  }
  if (regionCode != null) refuseUnknownRegion('input.regionCode', regionCode, places);
  if (mine && manager.kind === 'department' && manager.agency === undefined) {
    throw badInput(
      'input.mine',
      'Your token names no agency, so no object names yours.',
      '您的令牌未载明机构,因此没有载明您机构的对象。',
    );
  }
}

/** Returns a cursor of `changes`. Throws if it is none. */
function usableCursor(cursor: string): string {
  startOf({ after: cursor });
  return cursor;
}
