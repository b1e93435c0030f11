import type { Database } from '@wenshu/kit/database.ts';
import { today } from '@wenshu/kit/today.ts';
import type { Department } from '@wenshu/schema/caller.ts';
import { badInput, conflict, notFound } from '@wenshu/schema/errors.ts';
import { and, asc, eq, type SQL, sql } from 'drizzle-orm';
import { isNetwork } from '../admission/client-address.ts';
import type { Catalogue } from './catalogue.ts';
import { makeKey } from './key-text.ts';
import type { Peppers } from './peppers.ts';
import { refuseUnprintable } from './refuse-unprintable.ts';
import { type ApiKeyRow, apiKeys } from './tables.ts';

/** Who changes keys, and for which department. */
export type Manager = { readonly department: Department; readonly user: string };

/** What a partner may do with a key, and for how long. */
export type KeyTerms = Pick<
  ApiKeyRow,
  'environment' | 'partner' | 'contact' | 'scopes' | 'regions' | 'addresses' | 'expiresAt'
> & {
  readonly enterpriseId?: string | null;
  readonly consent?: { readonly by: string; readonly on: string; readonly document: string } | null;
  /** Query cost at most. */
  readonly costPerMinute?: number | null;
  readonly costPerDay?: number | null;
  readonly documents?: ApiKeyRow['documents'];
};

/** A key with its text, which is nowhere else. */
export type IssuedKey = { readonly secret: string; readonly apiKey: ApiKeyRow };

/** A key and the one that replaces it may work side by side for so long: 30 days. */
const maxOverlapHours = 720;
const yearMs = 366 * 24 * 3_600_000;

export async function createKey(
  db: Database,
  peppers: Peppers,
  { department, user }: Manager,
  terms: KeyTerms,
  catalogue: Pick<Catalogue, 'isScope'>,
): Promise<IssuedKey> {
  refuseUnusable(terms, catalogue);
  const { consent, ...rest } = terms;
  return await insertKey(db, peppers, {
    ...rest,
    consentBy: consent?.by ?? null,
    consentOn: consent?.on ?? null,
    consentDocument: consent?.document ?? null,
    department,
    createdBy: user,
  });
}

/** Replaces a key by one on the same terms, both of which work for so many hours. */
export function rotateKey(
  db: Database,
  peppers: Peppers,
  manager: Manager,
  id: string,
  { overlapHours, expiresAt }: { readonly overlapHours: number; readonly expiresAt?: string | null },
): Promise<IssuedKey> {
  if (overlapHours < 0 || overlapHours > maxOverlapHours) {
    throw badInput(
      'overlapHours',
      `"overlapHours" must be from 0 to ${maxOverlapHours}, not ${overlapHours}.`,
    );
  }
  return db.transaction(async (tx) => {
    const old = await lockKey(tx, manager, id);
    if (old.overlapEndsAt) throw conflict(`API key "${id}" has been replaced already.`, { id });
    refuseUnusableEnd(expiresAt ?? old.expiresAt, 'expiresAt');
    await tx
      .update(apiKeys)
      .set({ overlapEndsAt: sql`now() + make_interval(hours => ${overlapHours})` })
      .where(eq(apiKeys.id, id));
    const { overlapEndsAt, createdAt, ...terms } = old;
    return insertKey(tx, peppers, {
      ...terms,
      expiresAt: expiresAt ?? old.expiresAt,
      createdBy: manager.user,
      rotatedFrom: id,
    });
  });
}

export function revokeKey(db: Database, manager: Manager, id: string, reason: string): Promise<ApiKeyRow> {
  if (reason.trim() === '') throw badInput('reason', 'Say why: the holder of the key is told "reason".');
  refuseUnprintable('reason', reason);
  return db.transaction(async (tx) => {
    await lockKey(tx, manager, id);
    const [revoked] = await tx
      .update(apiKeys)
      .set({ revokedAt: sql`now()`, revokedBy: manager.user, revokedReason: reason })
      .where(eq(apiKeys.id, id))
      .returning();
    return revoked as ApiKeyRow;
  });
}

/** The keys that a department has made, the oldest first. */
export const listKeys = (db: Database, department: Department): Promise<ApiKeyRow[]> =>
  db
    .select()
    .from(apiKeys)
    .where(eq(apiKeys.department, department))
    .orderBy(asc(apiKeys.createdAt), apiKeys.id);

/** The key with this id, whoever made it. */
export async function findKey(db: Database, id: string): Promise<ApiKeyRow | undefined> {
  const [row] = await db.select().from(apiKeys).where(eq(apiKeys.id, id));
  return row;
}

/** The ids of all keys that have neither ended nor been revoked. */
export async function listIds(db: Database): Promise<string[]> {
  const rows = await db.select({ id: apiKeys.id }).from(apiKeys).where(sql`${stateSql} = 'ACTIVE'`);
  return rows.map(({ id }) => id);
}

/** Puts a key on record under another pepper; not where it was put so meanwhile. */
export async function rehashKey(db: Database, peppers: Peppers, row: ApiKeyRow, key: string): Promise<void> {
  await db
    .update(apiKeys)
    .set(peppers.hash(key))
    .where(and(eq(apiKeys.id, row.id), eq(apiKeys.pepper, row.pepper)));
}

/** When a key ends for certain, in milliseconds since 1970. */
export const endOf = ({ expiresAt, overlapEndsAt }: Pick<ApiKeyRow, 'expiresAt' | 'overlapEndsAt'>): number =>
  Math.min(momentOf(expiresAt), overlapEndsAt ? momentOf(overlapEndsAt) : Number.POSITIVE_INFINITY);

/** Postgres writes `2024-07-21 08:00:00.5+00`. */
const momentOf = (text: string) => Date.parse(text.replace(' ', 'T').replace(/([+-]\d\d)$/, '$1:00'));

export type ApiKeyState = 'ACTIVE' | 'EXPIRED' | 'REVOKED';

export function stateOf(key: Pick<ApiKeyRow, 'expiresAt' | 'overlapEndsAt' | 'revokedAt'>): ApiKeyState {
  if (key.revokedAt) return 'REVOKED';
  return endOf(key) > Date.now() ? 'ACTIVE' : 'EXPIRED';
}

/** The same as SQL. */
export const stateSql: SQL = sql`case
  when ${apiKeys.revokedAt} is not null then 'REVOKED'
  when least(${apiKeys.expiresAt}, ${apiKeys.overlapEndsAt}) > now() then 'ACTIVE'
  else 'EXPIRED' end`;

type NewKey = Omit<typeof apiKeys.$inferInsert, 'id' | 'digest' | 'pepper'>;

async function insertKey(db: Pick<Database, 'insert'>, peppers: Peppers, key: NewKey): Promise<IssuedKey> {
  const { id, text } = makeKey(key.environment === 'TEST' ? 'test' : 'live');
  const [row] = await db
    .insert(apiKeys)
    .values({ ...key, id, ...peppers.hash(text) })
    .returning();
  return { secret: text, apiKey: row as ApiKeyRow };
}

/** A key of the manager's department that is not revoked, locked until the transaction ends. */
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
  if (!row) throw notFound('API key', id);
  if (row.revokedAt) throw conflict(`API key "${id}" is revoked, which cannot be undone.`, { id });
  return row;
}

const scopeForm = /^[A-Za-z]\w*(\.[A-Za-z]\w*)?$/;

function refuseUnusable(terms: KeyTerms, catalogue: Pick<Catalogue, 'isScope'>) {
  for (const name of ['partner', 'contact'] as const) refuseUnprintable(`input.${name}`, terms[name]);
  for (const name of ['by', 'document'] as const) {
    if (terms.consent) refuseUnprintable(`input.consent.${name}`, terms.consent[name]);
  }
  if (terms.scopes.length === 0) {
    throw badInput(
      'input.scopes',
      'A key without scopes reads nothing: name types and fields, as in Park.nameZh.',
    );
  }
  for (const [index, scope] of terms.scopes.entries()) {
    if (!scopeForm.test(scope)) {
      throw badInput(`input.scopes.${index}`, `A scope must be like Park or Park.nameZh, not "${scope}".`);
    }
    if (!catalogue.isScope(scope)) {
      throw badInput(`input.scopes.${index}`, `The data catalogue has no type or field "${scope}".`);
    }
  }
  for (const [index, region] of terms.regions.entries()) {
    if (!/^\d{6}$/.test(region)) {
      throw badInput(`input.regions.${index}`, `A region must be a code like 110105, not "${region}".`);
    }
  }
  for (const [index, network] of terms.addresses.entries())
    refuseUnusableNetwork(network, `input.addresses.${index}`);
  for (const name of ['costPerMinute', 'costPerDay'] as const) {
    const limit = terms[name];
    if (limit != null && limit < 1)
      throw badInput(`input.${name}`, `"${name}" must be above 0, not ${limit}.`);
  }
  if (Boolean(terms.enterpriseId) !== Boolean(terms.consent)) {
    throw badInput(
      'input.consent',
      'A key sees an enterprise whole only with its consent: give both "enterpriseId" and "consent", or neither.',
    );
  }
  if (terms.consent && terms.consent.on > today()) {
    throw badInput(
      'input.consent.on',
      `A consent must have been given by today, not on ${terms.consent.on}.`,
    );
  }
  refuseUnusableEnd(terms.expiresAt, 'input.expiresAt');
}

function refuseUnusableNetwork(network: string, argument: string) {
  if (!isNetwork(network)) {
    throw badInput(argument, `A network must be like 203.0.113.0/24 or 2001:db8::/32, not "${network}".`);
  }
}

function refuseUnusableEnd(expiresAt: string, argument: string) {
  const left = momentOf(expiresAt) - Date.now();
  if (left > 0 && left <= yearMs) return;
  throw badInput(argument, `A key must expire within a year from now, not at ${expiresAt}.`);
}
