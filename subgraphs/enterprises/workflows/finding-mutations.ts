import { manyByKey } from '@wenshu/kit/by-key.ts';
import type { Context } from '@wenshu/kit/context.ts';
import { shownOnly } from '@wenshu/kit/row-filters.ts';
import { today } from '@wenshu/kit/today.ts';
import { type Carried, carryOut, carryOutFirst, type Effect } from '@wenshu/kit/workflow/carry-out.ts';
import { Problems } from '@wenshu/kit/workflow/free-text.ts';
import { newId } from '@wenshu/kit/workflow/new-id.ts';
import { agencyOf } from '@wenshu/kit/workflow/situations.ts';
import { enforcementRules } from '@wenshu/schema/enforcement-rules.ts';
import { HubError, notFound } from '@wenshu/schema/errors.ts';
import { addWorkingDays } from '@wenshu/schema/working-days.ts';
import { and, eq } from 'drizzle-orm';
import { inspectionList } from '../queries.ts';
import type {
  AddFindingInput,
  AdvanceFindingInput,
  ExemptFindingInput,
  PenaliseFindingInput,
} from '../schema-types.ts';
import { type FindingRow, findings, inspectionAgencies, inspections } from '../tables.ts';
import { addDays } from './days.ts';
import { findingWorkflow } from './enforcement.ts';
import { lockEnterprise } from './enterprise-of-record.ts';
import { checkTolerance, requireExemptible } from './exemption.ts';
import type { FindingAction } from './finding-table.ts';

type FindingEffect = Effect<typeof findings>;

/** Adds a finding to an inspection. */
export async function addFinding(context: Context, input: AddFindingInput): Promise<Carried> {
  const { inspectionId } = input;
  const problems = new Problems(context);
  const titleZh = problems.text('titleZh', input.titleZh);
  const basisZh = problems.optionalText('basisZh', input.basisZh);
  problems.throwIfAny();
  const [inspection] = await context.db
    .select()
    .from(inspections)
    .where(and(eq(inspections.id, inspectionId), shownOnly(context, inspectionList)));
  if (!inspection) throw notFound('Inspection', '检查', inspectionId);
  const { enterpriseId, regionCode, synthetic } = inspection;
  const took = await manyByKey(context, inspectionAgencies, inspectionAgencies.inspectionId, inspectionId);
  const own = agencyOf(context.caller);
  const relations = took.some(({ agencyId }) => agencyId === own) ? ['inspecting'] : [];
  const request = { action: 'ADD' as const, key: input.key, input };
  const intended = { regionCode, enterpriseId, relations };
  return carryOutFirst(context, findingWorkflow, request, intended, async (db, { stage, dueOn }) => {
    const id = newId('fin', synthetic);
    await db.insert(findings).values({
      id,
      inspectionId,
      enterpriseId,
      regionCode,
      synthetic,
      stage,
      dueOn,
      foundOn: today(),
      titleZh,
      basisZh,
      severity: input.severity ?? null,
      harmCaused: input.harmCaused ?? null,
    });
    // An enterprise whose inspection found something has a suspicion on record.
    await db.update(inspections).set({ result: 'SUSPECTED' }).where(eq(inspections.id, inspectionId));
    return { id };
  });
}

/** Exempts an enterprise from a penalty. */
export function exemptFinding(context: Context, input: ExemptFindingInput): Promise<Carried> {
  const request = { ...input, action: 'EXEMPT' as const, input };
  return carryOut(context, findingWorkflow, request, async (row, _transition, db) => {
    const problems = new Problems(context);
    const basisZh = problems.text('basisZh', input.basisZh);
    const toleranceUntil = checkTolerance(problems, input);
    problems.throwIfAny();
    await lockEnterprise(db, row.enterpriseId);
    const established = {
      severity: input.severity ?? row.severity,
      harmCaused: input.harmCaused ?? row.harmCaused,
      correctedOn: row.correctedOn,
    };
    await requireExemptible(db, row, established, input.kind);
    return {
      set: {
        ...established,
        isFirst: input.kind === 'FIRST_CORRECTED' ? true : row.isFirst,
        notifiedOn: row.notifiedOn ?? today(),
        exemptionKind: input.kind,
        exemptionBasisZh: basisZh,
        exemptionDecidedOn: today(),
        exemptionToleranceUntil: toleranceUntil,
      },
      details: { kind: input.kind, lookBackDays: enforcementRules.firstOffenceLookBackDays },
    };
  });
}

const withMoney: readonly string[] = ['FINE', 'CONFISCATION'];

/** Decides on a penalty. */
export function penaliseFinding(context: Context, input: PenaliseFindingInput): Promise<Carried> {
  const { kinds, amount = null, documentNo } = input;
  const request = { ...input, action: 'PENALISE' as const, input };
  return carryOut(context, findingWorkflow, request, async (row, _transition, db) => {
    const problems = new Problems(context);
    const number = problems.text('documentNo', documentNo);
    if (kinds.length === 0)
      problems.add('kinds', 'MISSING', '须有处罚种类。', 'Name at least one kind of penalty.');
    if (kinds.some((kind) => withMoney.includes(kind)) !== (amount !== null) || Number(amount ?? 0) < 0)
      problems.add(
        'amount',
        'MISSING',
        '罚款、没收须有不为负的金额,其他处罚没有金额。',
        'A fine or a confiscation needs an amount that is not negative; other penalties have none.',
      );
    problems.throwIfAny();
    // An exemption of the same enterprise that is decided on now must see this penalty.
    await lockEnterprise(db, row.enterpriseId);
    return {
      set: {
        penaltyKinds: [...new Set(kinds)],
        penaltyAmount: amount,
        penaltyDecidedOn: today(),
        penaltyDocumentNo: number,
      },
      details: { kinds },
    };
  });
}

type Advance = (
  row: FindingRow,
  input: AdvanceFindingInput,
  problems: Problems,
  context: Context,
) => FindingEffect;

/** What each further action changes. Those that need a reason demand the note. */
const advances: Partial<Record<FindingAction, Advance>> = {
  WARN: withReason(({ notifiedOn }, { dueOn = null, warning = null }, problems) => {
    if (warning === null) problems.add('warning', 'MISSING', '须说明方式。', 'Say how it was warned.');
    if (dueOn === null || dueOn < today())
      problems.add('dueOn', 'DATE', '须定今天或以后的改正期限。', 'Set the day by which it is corrected.');
    return { set: { warningKind: warning, notifiedOn: notifiedOn ?? today() }, dueOn };
  }),
  NOTE_CORRECTION: withNote(({ foundOn }, { on }, problems) => {
    const correctedOn = on ?? today();
    if (correctedOn > today() || (foundOn !== null && correctedOn < foundOn))
      problems.add('on', 'DATE', '改正日期不合。', 'The day is before the finding, or after today.');
    return { set: { correctedOn } };
  }),
  FILE: withNote((_row, _input, _problems, { caller }) => ({
    set: { caseAgencyId: agencyOf(caller) ?? null, filedOn: today() },
    dueOn: addDays(today(), enforcementRules.caseDays),
  })),
  DISMISS: withReason(() => ({})),
  NOTIFY: withReason((_row, _input, _problems, { calendar }) => ({
    set: {
      notifiedOn: today(),
      statementUntil: addWorkingDays(today(), enforcementRules.statementWorkingDays, calendar),
    },
  })),
  STATE_CASE: withReason((_row, { noteZh }) => ({ set: { statementZh: noteZh ?? '' } })),
  PUBLISH: withNote((_row, { dueOn = null }, problems) => {
    const until = dueOn ?? addDays(today(), enforcementRules.publicationDays);
    if (until < today())
      problems.add('dueOn', 'DATE', '公示期满之日已过。', 'The last day of the publication is over.');
    return { set: { penaltyPublishedOn: today(), penaltyPublishedUntil: until } };
  }),
  SET_ASIDE: withReason(({ stage }) => ({
    set: stage === 'PENALISED' ? { penaltyWithdrawnOn: today() } : {},
  })),
  WITHDRAW: withNote(() => ({ set: { penaltyWithdrawnOn: today() } })),
  RESTORE: withReason(() => ({ set: { penaltyRestoredOn: today() } })),
};

/** Carries out one of the further actions on a finding. */
export function advanceFinding(context: Context, input: AdvanceFindingInput): Promise<Carried> {
  const advance = advances[input.action];
  if (!advance) {
    throw new HubError('BAD_USER_INPUT', `${input.action} is not for this mutation.`, {
      messageZh: `${input.action} 不由该变更办理。`,
      argument: 'input.action',
    });
  }
  return carryOut(context, findingWorkflow, { ...input, input }, (row) => {
    const problems = new Problems(context);
    const effect = advance(row, input, problems, context);
    problems.throwIfAny();
    return effect;
  });
}

/** Demands a note, and writes it into the step. */
function withReason(advance: Advance): Advance {
  return (row, input, problems, context) => {
    const noteZh = problems.text('noteZh', input.noteZh);
    return { ...advance(row, { ...input, noteZh }, problems, context), noteZh };
  };
}

/** Writes the note into the step, if there is one. */
function withNote(advance: Advance): Advance {
  return (row, input, problems, context) => {
    const noteZh = problems.optionalText('noteZh', input.noteZh);
    return { ...advance(row, input, problems, context), noteZh };
  };
}
