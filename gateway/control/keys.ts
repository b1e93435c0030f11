import type { Database } from '@wenshu/kit/database.ts';
import type { Department } from '@wenshu/schema/caller.ts';
import { badInput, conflict, notFound } from '@wenshu/schema/errors.ts';
import { and, asc, eq, isNull, sql } from 'drizzle-orm';
import {
  type Approvals,
  approvalsOf,
  openedBy,
  requestApprovals,
  withdrawRequests,
} from './key-approvals.ts';
import { hasNotEnded } from './key-state.ts';
import {
  type EnterpriseRegion,
  type KeyRules,
  type KeyTerms,
  type Manager,
  refuseEnterpriseElsewhere,
  refuseKeyBeyond,
  refuseUnusable,
  refuseUnusableEnd,
} from './key-terms.ts';
import { makeKey } from './key-text.ts';
import { momentOf } from './moment.ts';
import type { Peppers } from './peppers.ts';
import { refuseUnprintable } from './refuse-unprintable.ts';
import { type AgreementRow, type ApiKeyRow, agreements, apiKeys, webhooks } from './tables.ts';

/** A new key with its text, which is stored nowhere, and the approvals that it needs. */
export type IssuedKey = {
  readonly secret: string;
  readonly apiKey: ApiKeyRow;
  readonly approvals: readonly AgreementRow[];
};

/** A revoked key, and the approval requests that were withdrawn with it. */
export type RevokedKey = { readonly apiKey: ApiKeyRow; readonly withdrawn: readonly AgreementRow[] };

/** Maximum overlap of a key and its replacement, in hours: 30 days. */
const maxOverlapHours = 720;
/** Makes a key. A key for an enterprise works when each department whose data it opens has approved. */
export async function createKey(
  db: Database,
  peppers: Peppers,
  manager: Manager,
  asked: KeyTerms,
  rules: KeyRules,
  enterpriseRegion?: EnterpriseRegion,
): Promise<IssuedKey> {
  const { department, user, region } = manager;
  // A caller responsible for a region makes keys for that region only.
  const terms = { ...asked, regions: region && asked.regions.length === 0 ? [region] : asked.regions };
  refuseUnusable(terms, rules);
  refuseKeyBeyond(manager, terms, enterpriseRegion, rules, { what: 'This key', whatZh: '该密钥' });
  refuseEnterpriseElsewhere(terms, enterpriseRegion, rules);
  const { consent, ...rest } = terms;
  return db.transaction(async (tx) => {
    const issued = await insertKey(tx, peppers, {
      ...rest,
      consentBy: consent?.by ?? null,
      consentOn: consent?.on ?? null,
      consentDocument: consent?.document ?? null,
      ownFields: openedBy(terms, rules.catalogue()).get(department) ?? [],
      department,
      createdBy: user,
    });
    if (issued.apiKey.enterpriseId === null) return issued;
    // The functions below do not use the client itself, which is all that a transaction lacks.
    const within = tx as unknown as Database;
    return { ...issued, approvals: await requestApprovals(within, issued.apiKey, enterpriseRegion, rules) };
  });
}

/** Replaces a key by one with the same terms, approvals and webhooks. Both work for the hours of the overlap. */
export function rotateKey(
  db: Database,
  peppers: Peppers,
  manager: Manager,
  id: string,
  { overlapHours, expiresAt }: { readonly overlapHours: number; readonly expiresAt?: string | null },
  rules: Pick<KeyRules, 'places'>,
  enterpriseRegion?: EnterpriseRegion,
): Promise<IssuedKey> {
  if (overlapHours < 0 || overlapHours > maxOverlapHours) {
    throw badInput(
      'overlapHours',
      `"overlapHours" must be from 0 to ${maxOverlapHours}, not ${overlapHours}.`,
      `“overlapHours”须为 0 至 ${maxOverlapHours},不能是 ${overlapHours}。`,
    );
  }
  return db.transaction(async (tx) => {
    const old = await lockKey(tx, manager, id);
    refuseKeyBeyond(manager, old, enterpriseRegion, rules, wordsFor(id));
    if (old.overlapEndsAt) {
      throw conflict(`API key "${id}" has been replaced already.`, {
        id,
        messageZh: `密钥“${id}”已被替换。`,
      });
    }
    refuseUnusableEnd(expiresAt ?? old.expiresAt, 'expiresAt');
    const approvals = await approvalsOf(tx as unknown as Database, old);
    refuseBeyondApprovals(approvals, expiresAt ?? old.expiresAt);
    await tx
      .update(apiKeys)
      .set({ overlapEndsAt: sql`now() + make_interval(hours => ${overlapHours})` })
      .where(eq(apiKeys.id, id));
    const { overlapEndsAt, createdAt, ...terms } = old;
    const issued = await insertKey(tx, peppers, {
      ...terms,
      expiresAt: expiresAt ?? old.expiresAt,
      createdBy: manager.user,
      rotatedFrom: id,
    });
    const { id: replacement } = issued.apiKey;
    await tx.update(webhooks).set({ keyId: replacement, setBy: replacement }).where(eq(webhooks.keyId, id));
    return { ...issued, approvals };
  });
}

export function revokeKey(
  db: Database,
  manager: Manager,
  id: string,
  reason: string,
  rules: Pick<KeyRules, 'places'>,
  enterpriseRegion?: EnterpriseRegion,
): Promise<RevokedKey> {
  if (reason.trim() === '') {
    throw badInput(
      'reason',
      'Give a reason: the holder of the key sees "reason".',
      '请说明理由:密钥持有人会看到“reason”。',
    );
  }
  refuseUnprintable('reason', reason);
  return db.transaction(async (tx) => {
    const key = await lockKey(tx, manager, id);
    refuseKeyBeyond(manager, key, enterpriseRegion, rules, wordsFor(id));
    const [revoked] = await tx
      .update(apiKeys)
      .set({ revokedAt: sql`now()`, revokedBy: manager.user, revokedReason: reason })
      .where(eq(apiKeys.id, id))
      .returning();
    const within = tx as unknown as Database;
    return {
      apiKey: revoked as ApiKeyRow,
      withdrawn: await withdrawRequests(within, key, manager.user, reason),
    };
  });
}

/** Lists the keys that a department has made, oldest first. */
export const listKeys = (db: Database, department: Department): Promise<ApiKeyRow[]> =>
  db
    .select()
    .from(apiKeys)
    .where(eq(apiKeys.department, department))
    .orderBy(asc(apiKeys.createdAt), apiKeys.id);

/** A key and its approvals. */
export type KeyOnRecord = { readonly row: ApiKeyRow; readonly approvals: Approvals };

/** Finds a key by id, whichever department made it. */
export async function findKey(db: Database, id: string): Promise<KeyOnRecord | undefined> {
  const { id: agreementId, owner, state, fields } = agreements;
  const found = await db
    .select({ row: apiKeys, approval: { id: agreementId, owner, state, fields } })
    .from(apiKeys)
    .leftJoin(agreements, eq(agreements.keyId, apiKeys.approvalsOf))
    .where(eq(apiKeys.id, id))
    .orderBy(agreements.owner);
  const row = found[0]?.row;
  return row && { row, approvals: found.flatMap(({ approval }) => approval ?? []) };
}

/** Lists the ids of all keys that have neither ended nor been revoked. */
export async function listIds(db: Database): Promise<string[]> {
  const rows = await db
    .select({ id: apiKeys.id })
    .from(apiKeys)
    .where(and(isNull(apiKeys.revokedAt), hasNotEnded));
  return rows.map(({ id }) => id);
}

/** Stores a key's digest under the current pepper, unless another gateway has done so meanwhile. */
export async function rehashKey(db: Database, peppers: Peppers, row: ApiKeyRow, key: string): Promise<void> {
  await db
    .update(apiKeys)
    .set(peppers.hash(key))
    .where(and(eq(apiKeys.id, row.id), eq(apiKeys.pepper, row.pepper)));
}

type NewKey = Omit<typeof apiKeys.$inferInsert, 'id' | 'digest' | 'pepper'>;

const wordsFor = (id: string) => ({ what: `API key "${id}"`, whatZh: `密钥“${id}”` });

/** Inserts a key. `approvalsOf` is the key for which departments were asked, if it is another one. */
async function insertKey(db: Pick<Database, 'insert'>, peppers: Peppers, key: NewKey): Promise<IssuedKey> {
  const { id, text } = makeKey(key.environment === 'TEST' ? 'test' : 'live');
  const [row] = await db
    .insert(apiKeys)
    .values({ approvalsOf: key.enterpriseId ? id : null, ...key, id, ...peppers.hash(text) })
    .returning();
  return { secret: text, apiKey: row as ApiKeyRow, approvals: [] };
}

/** Finds a key of the manager's department that is not revoked, and locks it until the transaction ends. */
async function lockKey(
  db: Pick<Database, 'select'>,
  { department }: Manager,
  id: string,
): Promise<ApiKeyRow> {
  const [row] = await db
    .select()
    .from(apiKeys)
    .where(and(eq(apiKeys.id, id), eq(apiKeys.department, department)))
    .for('update');
  if (!row) throw notFound('API key', '密钥', id);
  if (row.revokedAt) {
    throw conflict(`API key "${id}" is revoked, which cannot be undone.`, {
      id,
      messageZh: `密钥“${id}”已吊销,不能恢复。`,
    });
  }
  return row;
}

/** Refuses an end after that of the approvals: departments approved a key until its end. */
function refuseBeyondApprovals([last]: readonly AgreementRow[], expiresAt: string) {
  if (!last || momentOf(expiresAt) <= momentOf(last.endsAt)) return;
  throw badInput(
    'expiresAt',
    `The approvals of this key end on ${last.endsOn}. For a longer time, make a new key, which the departments must approve.`,
    `该密钥所获同意至 ${last.endsOn} 为止。需要更长时间的,请发放新密钥,由各部门重新同意。`,
  );
}
