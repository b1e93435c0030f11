import type { Database } from '@wenshu/kit/database.ts';
import { dayOf, today } from '@wenshu/kit/today.ts';
import { type Department, departments } from '@wenshu/schema/caller.ts';
import { and, eq, sql } from 'drizzle-orm';
import { trialPurpose } from '../lib/trial-purpose.ts';
import { addEvent } from './agreements.ts';
import type { Catalogue } from './catalogue.ts';
import { randomText } from './key-text.ts';
import { endOfDay } from './moment.ts';
import { agreementChange, changeOnRecord, type RecordChange } from './record-change.ts';
import { type AgreementRow, agreementEvents, agreements } from './tables.ts';

/** The person in the history of these agreements: nobody asked and nobody answered. */
const by = 'wenshu trial';
const basis = '试用:由试用枢纽自动建立,不是部门之间的真实约定。 Made by the trial hub; no real agreement.';
const lifetimeMs = 365 * 24 * 3_600_000;

/**
 * Makes agreements that open to each department what the others share on conditions, so that a new hub answers its
 * examples. Fields that such an agreement has named before are left out: one that was revoked stays revoked.
 */
export const bringTrialAgreements = (
  db: Database,
  catalogue: Catalogue,
  record: RecordChange,
): Promise<readonly AgreementRow[]> =>
  changeOnRecord(
    db,
    record,
    { purpose: trialPurpose },
    async (tx) => {
      // Of two gateways that start at once, one makes them.
      await tx.execute(sql`lock table ${agreements} in share row exclusive mode`);
      const missing = missingIn(await listTrial(tx), sharedByOwner(catalogue));
      if (missing.length === 0) return [];
      const made = await tx.insert(agreements).values(missing).returning();
      await tx.insert(agreementEvents).values(made.flatMap(eventsOf));
      return made;
    },
    (made) => made.map((each) => agreementChange('approve', each)),
  );

/** Revokes these agreements on a hub that is not for trial any more. */
export const endTrialAgreements = (db: Database, record: RecordChange): Promise<readonly AgreementRow[]> => {
  const reason = '本枢纽不再用于试用。 This hub is not for trial any more.';
  return changeOnRecord(
    db,
    record,
    { purpose: trialPurpose },
    async (tx) => {
      const ended = await tx
        .update(agreements)
        .set({ state: 'REVOKED' })
        .where(and(agreements.isTrial, eq(agreements.state, 'ACTIVE')))
        .returning();
      for (const { id, owner } of ended) {
        await addEvent(tx, { agreementId: id, action: 'REVOKE', department: owner, by, reason });
      }
      return ended;
    },
    (ended) => ended.map((each) => agreementChange('revoke', each, reason)),
  );
};

const listTrial = (db: Pick<Database, 'select'>) =>
  db
    .select({ requester: agreements.requester, owner: agreements.owner, fields: agreements.fields })
    .from(agreements)
    .where(eq(agreements.isTrial, true));

type Named = Awaited<ReturnType<typeof listTrial>>;

function sharedByOwner(catalogue: Catalogue): ReadonlyMap<Department, readonly string[]> {
  const byOwner = Map.groupBy(catalogue.sharedByAgreement(), ({ owner }) => owner);
  return new Map([...byOwner].map(([owner, own]) => [owner, own.map(({ coordinate }) => coordinate)]));
}

function missingIn(named: Named, byOwner: ReturnType<typeof sharedByOwner>) {
  const endsOn = dayOf(Date.now() + lifetimeMs);
  return departments.flatMap((requester) =>
    [...byOwner].flatMap(([owner, all]) => {
      if (owner === requester) return [];
      const known = new Set(
        named
          .filter((each) => each.requester === requester && each.owner === owner)
          .flatMap(({ fields }) => fields),
      );
      const fields = all.filter((field) => !known.has(field));
      return fields.length === 0 ? [] : [rowOf(requester, owner, fields, endsOn)];
    }),
  );
}

const rowOf = (
  requester: Department,
  owner: Department,
  fields: readonly string[],
  endsOn: string,
): typeof agreements.$inferInsert => ({
  id: `agr-${randomText(12)}`,
  state: 'ACTIVE',
  isTrial: true,
  requester,
  owner,
  fields,
  purpose: trialPurpose,
  basis,
  endsOn,
  endsAt: endOfDay(endsOn),
  requestedBy: by,
  dueOn: today(),
  deliverBy: today(),
});

const eventsOf = ({ id, requester, owner }: AgreementRow): (typeof agreementEvents.$inferInsert)[] => [
  { agreementId: id, seq: 0, action: 'REQUEST', department: requester, by },
  { agreementId: id, seq: 1, action: 'APPROVE', department: owner, by },
];
