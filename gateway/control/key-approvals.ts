import type { Database } from '@wenshu/kit/database.ts';
import { dayOf } from '@wenshu/kit/today.ts';
import { type Department, departmentNames } from '@wenshu/schema/caller.ts';
import { and, eq, inArray, not, sql } from 'drizzle-orm';
import { type AgreementRules, addEvent, insertRequests } from './agreements.ts';
import type { Catalogue } from './catalogue.ts';
import type { KeyTerms } from './key-terms.ts';
import { endOfDay, momentOf } from './moment.ts';
import { type AgreementRow, type ApiKeyRow, agreements, apiKeys } from './tables.ts';

/** The answer of a department that was asked to approve a key. */
export type Approval = Pick<AgreementRow, 'id' | 'owner' | 'state' | 'fields'>;

/** Answers of departments about keys that open their data; empty for a key that needs no approval. */
export type Approvals = readonly Approval[];

/**
 * Asks each department whose data a key for an enterprise opens beyond public data. The department that makes the key
 * agrees by making it.
 */
export async function requestApprovals(
  db: Database,
  key: ApiKeyRow,
  region: string | null | undefined,
  rules: Omit<AgreementRules, 'places'>,
): Promise<AgreementRow[]> {
  const endsOn = dayOf(momentOf(key.expiresAt));
  const owners = [...openedBy(key, rules.catalogue())].filter(([owner]) => owner !== key.department);
  const common = {
    requester: key.department,
    keyId: key.id,
    purpose: purposeOf(key),
    basis: `${key.consentDocument}(${key.consentBy},${key.consentOn})`,
    regionCode: region ?? null,
    endsOn,
    endsAt: endOfDay(endsOn),
  };
  return insertRequests(
    db,
    owners.map(([owner, fields]) => ({ ...common, owner, fields: [...fields] })),
    { department: key.department, user: key.createdBy },
    rules,
  );
}

/**
 * Returns what a key for an enterprise opens beyond public data, by the department that must approve it: fields, and the
 * changes that it can make for the enterprise.
 */
export function openedBy(
  { enterpriseId, actions }: Pick<KeyTerms, 'enterpriseId' | 'actions'>,
  catalogue: Pick<Catalogue, 'closedOfEnterprise' | 'changesBy'>,
): ReadonlyMap<Department, readonly string[]> {
  if (!enterpriseId) return new Map();
  const opened = new Map(catalogue.closedOfEnterprise());
  for (const [owner, changes] of catalogue.changesBy(actions)) {
    opened.set(owner, [...(opened.get(owner) ?? []), ...changes]);
  }
  return opened;
}

const purposeOf = ({ partner, enterpriseId, actions }: ApiKeyRow): string =>
  `${partner} 查看企业 ${enterpriseId}${actions.length > 0 ? `,并代其办理 ${actions.join('、')}` : ''}`;

/** Withdraws the requests for a revoked key, unless its replacement is still valid. */
export async function withdrawRequests(
  db: Database,
  key: ApiKeyRow,
  by: string,
  reason: string,
): Promise<AgreementRow[]> {
  if (key.approvalsOf === null) return [];
  const inUse = sql`exists (select from ${apiKeys}
    where ${apiKeys.approvalsOf} = ${key.approvalsOf} and ${apiKeys.revokedAt} is null)`;
  const withdrawn = await db
    .update(agreements)
    .set({ state: 'REVOKED' })
    .where(and(eq(agreements.keyId, key.approvalsOf), eq(agreements.state, 'REQUESTED'), not(inUse)))
    .returning();
  for (const { id } of withdrawn) {
    await addEvent(db, { agreementId: id, action: 'REVOKE', department: key.department, by, reason });
  }
  return withdrawn;
}

/** Lists the approvals of these keys, by the key for which departments were asked. */
export async function listApprovals(
  db: Database,
  keyIds: readonly string[],
): Promise<ReadonlyMap<string, readonly AgreementRow[]>> {
  const rows = await db
    .select()
    .from(agreements)
    .where(inArray(agreements.keyId, [...keyIds]))
    .orderBy(agreements.owner);
  return Map.groupBy(rows, ({ keyId }) => keyId ?? '');
}

/** Returns the approvals of one key. */
export const approvalsOf = async (
  db: Database,
  { approvalsOf: keyId }: Pick<ApiKeyRow, 'approvalsOf'>,
): Promise<readonly AgreementRow[]> => (keyId ? ((await listApprovals(db, [keyId])).get(keyId) ?? []) : []);

/**
 * Returns what a key for an enterprise would open without any department having been asked: it was added to the graph,
 * or closed, after the key was made.
 */
export function notAsked(
  { department, ownFields }: Pick<ApiKeyRow, 'department' | 'ownFields'>,
  approvals: Approvals,
  opened: ReadonlyMap<Department, readonly string[]>,
): string[] {
  const asked = new Map([
    [department, ownFields],
    ...approvals.map(({ owner, fields }) => [owner, fields] as const),
  ]);
  const missing = [...opened].flatMap(([owner, fields]) => {
    const named = new Set(asked.get(owner));
    return fields.filter((field) => !named.has(field));
  });
  return [...new Set(missing)].sort();
}

/** Returns the departments that have not answered. */
export const waitingFor = (approvals: Approvals): Department[] => ownersIn(approvals, ['REQUESTED']);

/** Returns the departments that refused or revoked their approval. */
export const refusedBy = (approvals: Approvals): Department[] => ownersIn(approvals, ['REFUSED', 'REVOKED']);

const ownersIn = (approvals: Approvals, states: readonly AgreementRow['state'][]) =>
  approvals.filter(({ state }) => states.includes(state)).map(({ owner }) => owner);

/** Reason why a key for an enterprise shows nothing, for its holder. */
export type Unapproved = {
  readonly waitingFor: readonly Department[];
  readonly refusedBy: readonly Department[];
  readonly why: string;
  readonly whyZh: string;
};

/** Returns why a key is not approved; undefined when every department has approved, or none had to. */
export function whyUnapproved(
  { enterpriseId, approvalsOf }: Pick<ApiKeyRow, 'enterpriseId' | 'approvalsOf'>,
  approvals: Approvals,
): Unapproved | undefined {
  if (enterpriseId === null) return undefined;
  const departments = { waitingFor: waitingFor(approvals), refusedBy: refusedBy(approvals) };
  if (approvalsOf === null) {
    const why = 'was made before departments had to approve such keys.';
    return { ...departments, why, whyZh: '发放时未经有关部门同意' };
  }
  if (departments.refusedBy.length > 0) {
    const names = namesOf(departments.refusedBy);
    return { ...departments, why: `is not approved by ${names}.`, whyZh: `未获${names}同意` };
  }
  if (departments.waitingFor.length === 0) return undefined;
  const names = namesOf(departments.waitingFor);
  return { ...departments, why: `waits for the approval of ${names}.`, whyZh: `尚待${names}同意` };
}

const namesOf = (owners: readonly Department[]) => owners.map((owner) => departmentNames[owner]).join('、');
