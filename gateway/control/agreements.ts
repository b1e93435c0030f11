import type { Database } from '@wenshu/kit/database.ts';
import { today } from '@wenshu/kit/today.ts';
import { type Department, type DepartmentCaller, departmentNames } from '@wenshu/schema/caller.ts';
import { badInput, conflict, HubError, notFound } from '@wenshu/schema/errors.ts';
import { addWorkingDays, type Calendar } from '@wenshu/schema/working-days.ts';
import { and, eq, gt, isNull, or, type SQL, sql } from 'drizzle-orm';
import type { Grant } from '../governance/agreements.ts';
import type { Places } from '../governance/places.ts';
import type { ValuesOf } from '../lib/setting.ts';
import type { Catalogue } from './catalogue.ts';
import { randomText } from './key-text.ts';
import { endOfDay } from './moment.ts';
import { refuseUnprintable } from './refuse-unprintable.ts';
import { refuseBeyond, refuseUnknownRegion } from './region-bounds.ts';
import type { RequestAgreementInput } from './schema-types.ts';
import type { settings } from './settings.ts';
import { type AgreementAction, type AgreementRow, agreementEvents, agreements } from './tables.ts';

/**
 * Time limits of 政务数据共享条例 for data shared on conditions, in working days: the answer, its one extension with a reason,
 * and delivery after approval.
 */
export type AgreementLimits = ValuesOf<typeof settings.agreementLimits>;

export type AgreementRules = {
  readonly catalogue: () => Catalogue;
  readonly limits: AgreementLimits;
  readonly calendar: Calendar;
  readonly places: Pick<Places, 'isRegion' | 'isWithin'>;
};

export type AgreementState = AgreementRow['state'] | 'EXPIRED';

const maxFields = 500;

/** Makes one agreement for each department that owns some of the fields, in the order of the fields. */
export async function requestAgreements(
  db: Database,
  caller: DepartmentCaller,
  asked: RequestAgreementInput,
  rules: AgreementRules,
): Promise<AgreementRow[]> {
  const { department, region } = caller;
  // A caller responsible for a region requests data of that region only.
  const request = { ...asked, regionCode: asked.regionCode ?? region ?? null };
  refuseUnusable(request, rules.places);
  const extent = [request.regionCode];
  refuseBeyond(caller, extent, rules.places, { what: 'What is asked for', whatZh: '所申请的范围' });
  const known = rules.catalogue();
  const byOwner = Map.groupBy(new Set(request.fields), (field) =>
    ownerToAsk(department, field, request.fields.indexOf(field), known),
  );
  const endsAt = endOfDay(request.endsOn);
  const requests = [...byOwner].map(([owner, fields]) => ({
    ...request,
    requester: department,
    owner,
    fields,
    endsAt,
  }));
  return insertRequests(db, requests, caller, rules);
}

type NewRequest = Omit<typeof agreements.$inferInsert, 'id' | 'dueOn' | 'requestedBy'>;

/** Inserts requests with the date by which they must be answered, and the first event of each. */
export function insertRequests(
  db: Database,
  requests: readonly NewRequest[],
  { department, user }: Pick<DepartmentCaller, 'department' | 'user'>,
  { limits, calendar }: Pick<AgreementRules, 'limits' | 'calendar'>,
): Promise<AgreementRow[]> {
  const dueOn = addWorkingDays(today(), limits.answerDays, calendar);
  return db.transaction(async (tx) => {
    const rows: AgreementRow[] = [];
    for (const request of requests) {
      const id = `agr-${randomText(12)}`;
      const [row] = await tx
        .insert(agreements)
        .values({ ...request, id, requestedBy: user, dueOn })
        .returning();
      rows.push(row as AgreementRow);
      await tx
        .insert(agreementEvents)
        .values({ agreementId: id, seq: 0, action: 'REQUEST', department, by: user });
    }
    return rows;
  });
}

/** Extends the owner's time to answer: once, and with a reason. */
export const extendAgreement = (
  db: Database,
  caller: DepartmentCaller,
  id: string,
  reason: string,
  rules: AgreementRules,
) =>
  answer(db, caller, { id, action: 'EXTEND', reason }, rules, (agreement) => {
    refuseUnlessState(agreement, 'REQUESTED');
    if (agreement.isExtended) throw conflict(`The time to answer "${id}" was already extended.`, { id });
    const { limits, calendar } = rules;
    return { isExtended: true, dueOn: addWorkingDays(agreement.dueOn, limits.extensionDays, calendar) };
  });

export const approveAgreement = (db: Database, caller: DepartmentCaller, id: string, rules: AgreementRules) =>
  answer(db, caller, { id, action: 'APPROVE' }, rules, (agreement) => {
    refuseUnlessState(agreement, 'REQUESTED');
    if (agreement.endsOn < today()) {
      throw conflict(
        `Agreement "${id}" was requested until ${agreement.endsOn}, which has passed. Refuse it.`,
        {
          id,
        },
      );
    }
    const { limits, calendar } = rules;
    return { state: 'ACTIVE', deliverBy: addWorkingDays(today(), limits.deliveryDays, calendar) };
  });

export const refuseAgreement = (
  db: Database,
  caller: DepartmentCaller,
  id: string,
  reason: string,
  rules: AgreementRules,
) =>
  answer(db, caller, { id, action: 'REFUSE', reason }, rules, (agreement) => {
    refuseUnlessState(agreement, 'REQUESTED');
    return { state: 'REFUSED' };
  });

export const revokeAgreement = (
  db: Database,
  caller: DepartmentCaller,
  id: string,
  reason: string,
  rules: AgreementRules,
) =>
  answer(db, caller, { id, action: 'REVOKE', reason }, rules, (agreement) => {
    refuseUnlessState(agreement, 'ACTIVE');
    return { state: 'REVOKED' };
  });

/** Condition for the agreements in which a department takes part. */
export const concerning = (department: Department): SQL =>
  or(eq(agreements.requester, department), eq(agreements.owner, department)) as SQL;

/** Lists the active grants by receiving department. A grant for an API key gives nothing to a department. */
export async function listGrants(db: Database): Promise<ReadonlyMap<Department, readonly Grant[]>> {
  const rows = await db
    .select()
    .from(agreements)
    .where(and(eq(agreements.state, 'ACTIVE'), gt(agreements.endsAt, sql`now()`), isNull(agreements.keyId)))
    .orderBy(agreements.id);
  const grants = rows.map(({ id, requester, fields, regionCode, parkId, purpose, endsOn }) => ({
    requester,
    grant: {
      agreementId: id,
      fields,
      ...(regionCode && { region: regionCode }),
      ...(parkId && { park: parkId }),
      purpose,
      endsAt: Date.parse(endOfDay(endsOn)),
    } satisfies Grant,
  }));
  const byRequester = Map.groupBy(grants, ({ requester }) => requester);
  return new Map([...byRequester].map(([requester, own]) => [requester, own.map(({ grant }) => grant)]));
}

export const stateOf = ({ state, endsOn }: Pick<AgreementRow, 'state' | 'endsOn'>): AgreementState =>
  state === 'ACTIVE' && endsOn < today() ? 'EXPIRED' : state;

/** The state of an agreement as SQL, like the function above. */
export const stateSql: SQL = sql`case
  when ${agreements.state} = 'ACTIVE' and ${agreements.endsAt} <= now() then 'EXPIRED'
  else ${agreements.state} end`;

export const isOverdue = ({ state, dueOn }: Pick<AgreementRow, 'state' | 'dueOn'>): boolean =>
  state === 'REQUESTED' && dueOn < today();

export const overdueSql = (): SQL =>
  sql`(${agreements.state} = 'REQUESTED' and ${agreements.dueOn} < ${today()}::date)`;

/** Adds an event to the history of an agreement, after its latest one. */
export async function addEvent(
  db: Pick<Database, 'insert'>,
  event: Omit<typeof agreementEvents.$inferInsert, 'seq'>,
): Promise<void> {
  const seq = sql`(select max(${agreementEvents.seq}) + 1 from ${agreementEvents} where ${agreementEvents.agreementId} = ${event.agreementId})`;
  await db.insert(agreementEvents).values({ ...event, seq });
}

type Step = { readonly id: string; readonly action: AgreementAction; readonly reason?: string };

/** Applies one step of the owner: changes the row and adds an event. */
function answer(
  db: Database,
  caller: DepartmentCaller,
  { id, action, reason }: Step,
  { places }: AgreementRules,
  change: (agreement: AgreementRow) => Partial<AgreementRow>,
): Promise<AgreementRow> {
  if (reason?.trim() === '') throw badInput('reason', 'Give a reason: "reason" must not be empty.');
  if (reason !== undefined) refuseUnprintable('reason', reason);
  const { department, user } = caller;
  return db.transaction(async (tx) => {
    const [agreement] = await tx
      .select()
      .from(agreements)
      .where(and(eq(agreements.id, id), concerning(department)))
      .for('update');
    if (!agreement) throw notFound('Agreement', id);
    if (agreement.owner !== department) throw onlyOwner(agreement);
    const words = { what: `Agreement "${id}"`, whatZh: `协议“${id}”` };
    refuseBeyond(caller, [agreement.regionCode], places, words);
    const [changed] = await tx
      .update(agreements)
      .set(change(agreement))
      .where(eq(agreements.id, id))
      .returning();
    await addEvent(tx, { agreementId: id, action, department, by: user, reason: reason ?? null });
    return changed as AgreementRow;
  });
}

const onlyOwner = ({ id, owner }: AgreementRow) =>
  new HubError(
    'FORBIDDEN',
    `Only a steward of ${departmentNames[owner]} (${owner}) may answer agreement "${id}".`,
  );

function refuseUnlessState(agreement: AgreementRow, wanted: AgreementState) {
  const state = stateOf(agreement);
  if (state === wanted) return;
  const { id } = agreement;
  throw conflict(`Agreement "${id}" is ${state}; this can be done only while it is ${wanted}.`, {
    id,
    state,
  });
}

/** Returns the owner of a field, if it must be asked and may agree under 政务数据共享条例. */
function ownerToAsk(department: Department, field: string, index: number, catalogue: Catalogue): Department {
  const refuse = (reason: string) => badInput(`input.fields.${index}`, reason);
  const item = catalogue.itemOf(field);
  if (!item) throw refuse(`The data catalogue has no "${field}". Write fields like Park.enterprises.`);
  const { owner, class: sharingClass, basis } = item;
  if (owner === department)
    throw refuse(`"${field}" belongs to your own department, so it needs no agreement.`);
  if (sharingClass === 'UNCONDITIONAL') {
    throw refuse(`"${field}" is shared with every department, so it needs no agreement.`);
  }
  if (sharingClass === 'WITHHELD') {
    throw refuse(`"${field}" is only for ${departmentNames[owner]} and cannot be requested: ${basis}`);
  }
  return owner;
}

function refuseUnusable(
  { fields, purpose, basis, method, endsOn, regionCode, parkId }: RequestAgreementInput,
  places: Pick<Places, 'isRegion'>,
) {
  if (fields.length === 0 || fields.length > maxFields) {
    throw badInput('input.fields', `Request 1 to ${maxFields} fields, not ${fields.length}.`);
  }
  for (const [name, value] of Object.entries({ purpose, basis, method })) {
    if (value != null) refuseUnprintable(`input.${name}`, value);
  }
  if (endsOn < today()) throw badInput('input.endsOn', `"endsOn" must be today or later, not ${endsOn}.`);
  if (regionCode != null) refuseUnknownRegion('input.regionCode', regionCode, places);
  if (parkId === '') throw badInput('input.parkId', '"parkId" must not be empty.');
}
