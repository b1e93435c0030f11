import type { Context } from '@wenshu/kit/context.ts';
import type { Database } from '@wenshu/kit/database.ts';
import { today } from '@wenshu/kit/today.ts';
import { type Carried, carryOut, carryOutFirst, type Effect } from '@wenshu/kit/workflow/carry-out.ts';
import { Problems } from '@wenshu/kit/workflow/free-text.ts';
import { newId } from '@wenshu/kit/workflow/new-id.ts';
import { defineWorkflow } from '@wenshu/kit/workflow/workflow.ts';
import { HubError, notFound } from '@wenshu/schema/errors.ts';
import { syntheticPrefix } from '@wenshu/schema/synthetic.ts';
import { and, eq, or, type SQL, sql } from 'drizzle-orm';
import { callerOnRecord } from '../../request/caller-on-record.ts';
import type { AskAgencies } from '../across/ask-agencies.ts';
import type { Catalogue } from '../catalogue.ts';
import { correctionList } from '../queries.ts';
import type { RecordChange } from '../record-change.ts';
import type {
  AdvanceCorrectionInput,
  DisputeAgreementInput,
  RequestCorrectionInput,
} from '../schema-types.ts';
import { agencyTables, agreements, type CorrectionRow, correctionSteps, corrections } from '../tables.ts';
import { type CorrectionAction, correctionTable } from './correction-table.ts';
import { findRecord, namedBy } from './subject.ts';

export const correctionWorkflow = defineWorkflow({
  table: correctionTable,
  agency: agencyTables,
  list: correctionList,
  objects: corrections,
  steps: correctionSteps,
  enterpriseId: corrections.enterpriseId,
  relations: {},
  departmentRelations: {
    requester: (department) => eq(corrections.requester, department),
    owner: (department) => eq(corrections.owner, department),
  },
  concerns: concerningCaller,
  conditions: {
    mayDispute: () =>
      sql`(${corrections.stage} <> 'REFUSED' or coalesce(${corrections.dueOn} >= ${today()}::date, false))`,
  },
});

export type CorrectionRules = {
  readonly ask: AskAgencies;
  readonly catalogue: () => Catalogue;
  readonly record: RecordChange;
};

/** Returns the condition that corrections are of synthetic records, or of real ones. */
export const isSynthetic = (synthetic: boolean): SQL =>
  sql`starts_with(${corrections.subjectId}, ${syntheticPrefix}) = ${synthetic}`;

/** Returns the condition for the corrections that concern the caller. Test keys have to do with synthetic records alone. */
export function concerningCaller({ caller }: Pick<Context, 'caller'>): SQL {
  if (caller?.kind === 'partner') {
    return caller.enterpriseId === undefined
      ? sql`false`
      : (and(eq(corrections.enterpriseId, caller.enterpriseId), isSynthetic(caller.isTest)) as SQL);
  }
  if (caller?.kind !== 'department') return sql`false`;
  const { department } = caller;
  if (department === correctionTable.owner) return sql`true`;
  return or(eq(corrections.requester, department), eq(corrections.owner, department)) as SQL;
}

/** Asks for the correction of a record that the caller sees. Throws BAD_USER_INPUT, NOT_FOUND, and what the engine throws. */
export async function requestCorrection(
  context: Context,
  input: RequestCorrectionInput,
  { ask, catalogue, record }: CorrectionRules,
): Promise<Carried> {
  const { key, coordinate, id: subjectId } = input;
  const problems = new Problems();
  const claimedZh = problems.text('claimedZh', input.claimedZh);
  const evidence = problems.text('evidence', input.evidence);
  const named = namedBy(catalogue(), problems, coordinate);
  problems.throwIfAny();
  const typeName = named?.typeName ?? '';
  const subject = await findRecord(ask, context, catalogue(), { typeName, id: subjectId });
  const { caller } = context;
  const isPartner = caller?.kind === 'partner';
  // To a key, what is not about its enterprise is not there.
  if (!subject || (isPartner && subject.enterpriseId !== caller.enterpriseId))
    throw notFound(typeName, '记录', subjectId);
  const { regionCode, version: subjectVersion } = subject;
  const enterpriseId = isPartner ? (caller.enterpriseId ?? null) : null;
  return make(
    context,
    record,
    { action: 'REQUEST', key, input },
    {
      kind: 'RECORD',
      coordinate,
      subjectId,
      subjectVersion,
      owner: named?.owner ?? 'GOVERNMENT',
      regionCode,
      enterpriseId,
      claimedZh,
      evidence,
    },
  );
}

/** Disputes the refusal of an agreement that the caller's department asked for. */
export async function disputeAgreement(
  context: Context,
  input: DisputeAgreementInput,
  { record }: Pick<CorrectionRules, 'record'>,
): Promise<Carried> {
  const { db, caller } = context;
  const { key, agreementId } = input;
  const problems = new Problems();
  const claimedZh = problems.text('reasonZh', input.reasonZh);
  const evidence = problems.text('evidence', input.evidence);
  problems.throwIfAny();
  const department = caller?.kind === 'department' ? caller.department : undefined;
  const own = department === undefined ? sql`false` : eq(agreements.requester, department);
  const [agreement] = await db
    .select()
    .from(agreements)
    .where(and(eq(agreements.id, agreementId), own));
  if (!agreement) throw notFound('Agreement', '协议', agreementId);
  if (agreement.state !== 'REFUSED') {
    throw new HubError('WRONG_STAGE', `Agreement "${agreementId}" was not refused.`, {
      messageZh: `协议“${agreementId}”未被拒绝。`,
      stage: agreement.state,
      allowed: [],
    });
  }
  return make(
    context,
    record,
    { action: 'DISPUTE_AGREEMENT', key, input },
    {
      kind: 'AGREEMENT',
      subjectId: agreementId,
      owner: agreement.owner,
      regionCode: agreement.regionCode,
      claimedZh,
      evidence,
    },
  );
}

type New = Pick<
  typeof corrections.$inferInsert,
  | 'kind'
  | 'coordinate'
  | 'subjectId'
  | 'subjectVersion'
  | 'owner'
  | 'regionCode'
  | 'enterpriseId'
  | 'claimedZh'
  | 'evidence'
>;

function make(
  context: Context,
  record: RecordChange,
  request: { readonly action: CorrectionAction; readonly key: string; readonly input: unknown },
  made: New,
): Promise<Carried> {
  const { caller } = context;
  const { regionCode = null, enterpriseId = null } = made;
  const intended = { regionCode, enterpriseId, relations: ['requester'] };
  return carryOutFirst(context, correctionWorkflow, request, intended, async (db, { stage, dueOn }) => {
    const id = newId('corr', false);
    const requester = caller?.kind === 'department' ? caller.department : null;
    await db.insert(corrections).values({ ...made, id, requester, stage, dueOn, requestedOn: today() });
    await putOnRecord(context, record, request.action, id, made);
    return { id };
  });
}

/** The record must be durable before the change holds: it is written before the transaction ends. */
function putOnRecord(
  { caller, purposeOfUse }: Pick<Context, 'caller' | 'purposeOfUse'>,
  record: RecordChange,
  action: CorrectionAction,
  id: string,
  { coordinate, subjectId }: Pick<New, 'coordinate' | 'subjectId'>,
): Promise<void> {
  return record({
    kind: 'change',
    ...purposeOfUse,
    caller: caller && callerOnRecord(caller),
    action: `correction ${action}`,
    subject: id,
    details: { coordinate: coordinate ?? null, subjectId },
  });
}

type CorrectionEffect = Effect<typeof corrections>;

type Advance = (
  row: CorrectionRow,
  input: AdvanceCorrectionInput,
  problems: Problems,
  current: number | undefined,
) => CorrectionEffect;

const withReason: Advance = (_row, { noteZh }, problems) => ({ noteZh: problems.text('noteZh', noteZh) });

/** What each further action changes. */
const advances: Partial<Record<CorrectionAction, Advance>> = {
  ACCEPT: ({ subjectVersion }, { noteZh, recordVersion }, problems, current) => {
    const isMended =
      recordVersion != null &&
      recordVersion > (subjectVersion ?? 0) &&
      recordVersion <= (current ?? recordVersion - 1);
    if (!isMended) {
      problems.add(
        'recordVersion',
        'UNKNOWN',
        `须为更正后的版本:大于 ${subjectVersion ?? 0},且该记录已有此版本。`,
        `It must be the version that mends the record: greater than ${subjectVersion ?? 0}, and the record must have it.`,
      );
    }
    const note = problems.optionalText('noteZh', noteZh);
    return { noteZh: note, set: { mendedInVersion: recordVersion ?? null, answerZh: note } };
  },
  REFUSE: (_row, { noteZh }, problems) => {
    const note = problems.text('noteZh', noteZh);
    return { noteZh: note, set: { answerZh: note } };
  },
  WITHDRAW: withReason,
  DISPUTE: withReason,
  SETTLE: (_row, { noteZh, isUpheld }, problems) => {
    if (isUpheld == null)
      problems.add(
        'isUpheld',
        'MISSING',
        '须说明是否支持提出者。',
        'Say whether the decision is for the one who asked.',
      );
    const note = problems.text('noteZh', noteZh);
    return { noteZh: note, details: { isUpheld }, set: { answerZh: note, isUpheld: isUpheld ?? null } };
  },
};

/** Carries out one of the further actions. */
export async function advanceCorrection(
  context: Context,
  input: AdvanceCorrectionInput,
  { ask, catalogue, record }: CorrectionRules,
): Promise<Carried> {
  const { action } = input;
  const advance = advances[action];
  if (!advance) {
    throw new HubError('BAD_USER_INPUT', `${action} has a mutation of its own. Use that one.`, {
      messageZh: `${action} 有专门的变更,请用该变更。`,
      argument: 'input.action',
    });
  }
  const current =
    action === 'ACCEPT' ? await currentVersion(context, input.id, { ask, catalogue }) : undefined;
  return carryOut(context, correctionWorkflow, { ...input, input }, (row) => {
    const problems = new Problems();
    const effect = advance(row, input, problems, current);
    problems.throwIfAny();
    return { ...effect, also: (_db: Database) => putOnRecord(context, record, action, row.id, row) };
  });
}

/** Returns the version that the record of a correction has now, as its owner sees it. */
async function currentVersion(
  context: Context,
  id: string,
  { ask, catalogue }: Pick<CorrectionRules, 'ask' | 'catalogue'>,
): Promise<number | undefined> {
  const [row] = await context.db
    .select()
    .from(corrections)
    .where(and(eq(corrections.id, id), concerningCaller(context)));
  const typeName = row?.coordinate?.split('.')[0];
  if (!row || typeName === undefined) return undefined;
  return (await findRecord(ask, context, catalogue(), { typeName, id: row.subjectId }))?.version;
}
