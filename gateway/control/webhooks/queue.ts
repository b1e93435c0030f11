import type { Database } from '@wenshu/kit/database.ts';
import { and, eq, lt, ne, type SQL, sql } from 'drizzle-orm';
import { randomText } from '../key-text.ts';
import { type WebhookRow, webhookDeliveries, type webhookEnds, webhooks } from '../tables.ts';
import type { OutgoingEvent } from './read-events.ts';
import type { Attempt } from './send.ts';
import type { Woken } from './wakes.ts';

export type End = (typeof webhookEnds)[number];

/** A webhook that a worker has now. */
export type Leased = WebhookRow & { readonly lease: string };

const inMs = (ms: number) => sql`now() + make_interval(secs => ${ms / 1_000})`;

/**
 * Leases webhooks to this worker, those first that have waited longest. Each is leased to one worker at a time. A
 * transaction that stayed open while receivers are waited for would do the same, but it would hold back the events of all
 * outboxes in this PostgreSQL. Those that are woken are taken before they are due, unless they wait after a failure.
 */
export async function leaseWebhooks(
  db: Database,
  { most, leaseMs, woken }: { readonly most: number; readonly leaseMs: number; readonly woken: Woken },
): Promise<readonly Leased[]> {
  const lease = randomText(16);
  const isWoken = wokenSql(woken);
  const leased = await db.execute<{ id: string }>(sql`
    update ${webhooks} set lease = ${lease}, leased_until = ${inMs(leaseMs)}
    where id = any(array(
      select id from ${webhooks}
      where state = 'ACTIVE' and (leased_until is null or leased_until <= now())
        and (look_at <= now() or (failing_since is null and ${isWoken}))
      order by look_at limit ${most} for update skip locked))
    returning id`);
  if (leased.length === 0) return [];
  const rows = await db.select().from(webhooks).where(eq(webhooks.lease, lease));
  return rows as Leased[];
}

function wokenSql(woken: Woken): SQL {
  if (woken === 'ALL') return sql`true`;
  return woken.length === 0 ? sql`false` : sql`(types is null or types && ${sql.param(woken)}::text[])`;
}

const heldBy = ({ id, lease }: Leased) => and(eq(webhooks.id, id), eq(webhooks.lease, lease));

/** Prolongs a lease. Returns the webhook as it is now; undefined if somebody changed it, or another worker has it. */
export async function renewLease(db: Database, held: Leased, leaseMs: number): Promise<Leased | undefined> {
  const [row] = await db
    .update(webhooks)
    .set({ leasedUntil: inMs(leaseMs) })
    .where(and(heldBy(held), eq(webhooks.state, 'ACTIVE')))
    .returning();
  return row as Leased | undefined;
}

/** Notes that the receiver took an event. */
export async function noteDelivered(
  db: Database,
  held: Leased,
  event: OutgoingEvent,
  { status }: Attempt,
): Promise<void> {
  await db.transaction(async (tx) => {
    if (!(await isStillThere(tx, held))) return;
    await tx
      .update(webhooks)
      .set({
        position: event.cursor,
        attempts: 0,
        failingSince: null,
        lastFailure: null,
        lastStatus: null,
        lastDeliveredAt: sql`now()`,
      })
      .where(heldBy(held));
    await noteAttempt(tx, held, event, { state: 'DELIVERED', status: status ?? null });
    if (held.attempts > 0) await skipOthers(tx, held, event.id);
  });
}

/** Notes a failed attempt. Without a next one, the webhook is disabled. */
export async function noteFailed(
  db: Database,
  held: Leased,
  event: OutgoingEvent,
  {
    status = null,
    failure = null,
  }: { readonly status?: number | null; readonly failure?: Attempt['failure'] | null },
  next: { readonly waitMs: number } | { readonly end: End },
): Promise<void> {
  const nextAttemptAt = 'waitMs' in next ? inMs(next.waitMs) : null;
  await db.transaction(async (tx) => {
    if (!(await isStillThere(tx, held))) return;
    await tx
      .update(webhooks)
      .set({
        attempts: sql`${webhooks.attempts} + 1`,
        failingSince: sql`coalesce(${webhooks.failingSince}, now())`,
        lastFailure: failure,
        lastStatus: status,
        ...(nextAttemptAt ? { lookAt: nextAttemptAt } : disabledBy((next as { end: End }).end)),
        lease: null,
        leasedUntil: null,
      })
      .where(heldBy(held));
    await noteAttempt(tx, held, event, { state: 'RETRYING', status, failure, nextAttemptAt });
    if (held.attempts > 0) await skipOthers(tx, held, event.id);
  });
}

type Within = Pick<Database, 'insert' | 'select' | 'update'>;

/** Whether a webhook was not deleted meanwhile. It stays until the end of the transaction. */
async function isStillThere(db: Within, { id }: Leased): Promise<boolean> {
  const found = await db
    .select({ id: webhooks.id })
    .from(webhooks)
    .where(eq(webhooks.id, id))
    .for('no key update');
  return found.length > 0;
}

async function noteAttempt(
  db: Within,
  { id: webhookId }: Leased,
  { id, type, cursor }: OutgoingEvent,
  {
    failure = null,
    nextAttemptAt = null,
    ...outcome
  }: Pick<typeof webhookDeliveries.$inferInsert, 'state' | 'status' | 'failure'> & {
    readonly nextAttemptAt?: ReturnType<typeof inMs> | null;
  },
): Promise<void> {
  const said = { ...outcome, cursor, failure, nextAttemptAt };
  await db
    .insert(webhookDeliveries)
    .values({ id, webhookId, type, ...said })
    .onConflictDoUpdate({
      target: webhookDeliveries.id,
      set: { ...said, attempts: sql`${webhookDeliveries.attempts} + 1`, lastAt: sql`now()` },
    });
}

/** An event that was to be tried again is not visible any more: another one has its place. */
const skipOthers = (db: Within, { id }: Leased, message: string) =>
  db
    .update(webhookDeliveries)
    .set({ state: 'SKIPPED', nextAttemptAt: null })
    .where(
      and(
        eq(webhookDeliveries.webhookId, id),
        eq(webhookDeliveries.state, 'RETRYING'),
        ne(webhookDeliveries.id, message),
      ),
    );

const disabledBy = (end: End) => ({
  state: 'DISABLED' as const,
  disabledAt: sql`now()`,
  disabledReason: end,
});

export async function disable(db: Database, held: Leased, end: End): Promise<void> {
  await db
    .update(webhooks)
    .set({ ...disabledBy(end), lease: null, leasedUntil: null })
    .where(heldBy(held));
}

/** Gives a webhook back, to be looked at again after a time. */
export async function release(
  db: Database,
  held: Leased,
  { lookInMs, position }: { readonly lookInMs: number; readonly position?: string },
): Promise<void> {
  await db
    .update(webhooks)
    .set({ lookAt: inMs(lookInMs), lease: null, leasedUntil: null, ...(position && { position }) })
    .where(heldBy(held));
}

/** Stores a secret under the newest pepper. */
export async function storeSecret(db: Database, { id, secret }: WebhookRow, sealed: string): Promise<void> {
  await db
    .update(webhooks)
    .set({ secret: sealed })
    .where(and(eq(webhooks.id, id), eq(webhooks.secret, secret)));
}

/** Deletes deliveries that are older than events are kept. */
export async function deleteOldDeliveries(db: Database, keptDays: number): Promise<void> {
  await db
    .delete(webhookDeliveries)
    .where(
      and(
        ne(webhookDeliveries.state, 'RETRYING'),
        lt(webhookDeliveries.firstAt, sql`now() - make_interval(days => ${keptDays})`),
      ),
    );
}
