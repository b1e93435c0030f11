import type { Context } from '@wenshu/kit/context.ts';
import type { Database } from '@wenshu/kit/database.ts';
import { today } from '@wenshu/kit/today.ts';
import { type Carried, carryOut, carryOutFirst, type Effect } from '@wenshu/kit/workflow/carry-out.ts';
import { Problems } from '@wenshu/kit/workflow/free-text.ts';
import { newId } from '@wenshu/kit/workflow/new-id.ts';
import { agencyOf } from '@wenshu/kit/workflow/situations.ts';
import type { Transition } from '@wenshu/kit/workflow/table.ts';
import { HubError } from '@wenshu/schema/errors.ts';
import { addWorkingDays } from '@wenshu/schema/working-days.ts';
import { and, asc, eq } from 'drizzle-orm';
import { checkFault, checkItems, resultOf, scoresOf, weightOf } from '../dual-effect-scores.ts';
import type {
  AdvanceDualEffectInput,
  AppealDualEffectInput,
  DecideDualEffectAppealInput,
  OpenDualEffectAssessmentInput,
  ReportDualEffectInput,
  ScoreDualEffectInput,
} from '../schema-types.ts';
import {
  type DualEffectAssessmentRow,
  type DualEffectItemRow,
  dualEffectAssessments,
  dualEffectItems,
  enterprises,
} from '../tables.ts';
import type { DualEffectAction } from './dual-effect-table.ts';
import { dualEffectWorkflow } from './dual-effects.ts';

type AssessmentEffect = Effect<typeof dualEffectAssessments>;

/** Opens the assessment of a state cultural enterprise for a year. */
export async function openDualEffectAssessment(
  context: Context,
  input: OpenDualEffectAssessmentInput,
): Promise<Carried> {
  const { key, enterpriseId, year, items, supervisedById = null } = input;
  const problems = new Problems(context);
  checkItems(problems, items);
  const { regionCode, synthetic } = await assessed(context.db, problems, enterpriseId);
  problems.throwIfAny();
  const request = { action: 'OPEN' as const, key, input };
  const intended = { regionCode, enterpriseId };
  return carryOutFirst(context, dualEffectWorkflow, request, intended, async (db, { stage, dueOn }) => {
    const id = newId('dual', synthetic);
    const [made] = await db
      .insert(dualEffectAssessments)
      .values({
        id,
        enterpriseId,
        year,
        regionCode,
        supervisedById,
        assessedById: agencyOf(context.caller) ?? null,
        socialWeight: String(weightOf(items, 'SOCIAL')),
        hasContentFault: false,
        stage,
        dueOn,
        synthetic,
      })
      .onConflictDoNothing({ target: [dualEffectAssessments.enterpriseId, dualEffectAssessments.year] })
      .returning({ id: dualEffectAssessments.id });
    if (!made) refuseSecond(year);
    await db
      .insert(dualEffectItems)
      .values(items.map((item, seq) => ({ ...item, nameZh: item.nameZh.trim(), assessmentId: id, seq })));
    return { id };
  });
}

/** Refuses a second assessment of an enterprise for a year. */
function refuseSecond(year: number): void {
  const problems = new Problems();
  problems.add(
    'year',
    'DUPLICATE',
    `该企业 ${year} 年度已有考核。`,
    `The enterprise has an assessment for ${year} already.`,
  );
  problems.throwIfAny();
}

type Assessed = { readonly regionCode: string | null; readonly synthetic: boolean };

/** Returns the enterprise that is to be assessed. Reports one that is unknown, or no state enterprise. */
async function assessed(db: Database, problems: Problems, id: string): Promise<Assessed> {
  const { kind, regionCode, synthetic } = enterprises;
  const [enterprise] = await db
    .select({ kind, regionCode, synthetic })
    .from(enterprises)
    .where(eq(enterprises.id, id));
  if (!enterprise) {
    problems.addUnknown('enterpriseId', id);
  } else if (enterprise.kind !== 'SOE') {
    problems.add('enterpriseId', 'VALUE', '只考核国有文化企业。', 'Only state enterprises are assessed.');
  }
  return enterprise ?? { regionCode: null, synthetic: false };
}

/** Hands in the report of an enterprise. */
export function reportDualEffect(context: Context, input: ReportDualEffectInput): Promise<Carried> {
  const request = { ...input, action: 'REPORT' as const, input };
  return carryOut(context, dualEffectWorkflow, request, async ({ id }, _transition, db) => {
    const problems = new Problems(context);
    const reportZh = problems.text('reportZh', input.reportZh);
    const scores = scoresOf(problems, await itemsOf(db, id), input.scores);
    problems.throwIfAny();
    return {
      set: { reportZh },
      also: (transaction) => writeScores(transaction, id, scores, (selfScore) => ({ selfScore })),
    };
  });
}

const itemsOf = (db: Database, id: string): Promise<DualEffectItemRow[]> =>
  db
    .select()
    .from(dualEffectItems)
    .where(eq(dualEffectItems.assessmentId, id))
    .orderBy(asc(dualEffectItems.seq));

type Scores = ReadonlyMap<number, string | null>;

async function writeScores(
  db: Database,
  id: string,
  scores: Scores,
  columns: (score: string | null) => Partial<DualEffectItemRow>,
): Promise<void> {
  for (const [seq, score] of scores) {
    await db
      .update(dualEffectItems)
      .set(columns(score))
      .where(and(eq(dualEffectItems.assessmentId, id), eq(dualEffectItems.seq, seq)));
  }
}

/** Scores an assessment. The sums, the capped total and the grade follow from the scores. */
export function scoreDualEffect(context: Context, input: ScoreDualEffectInput): Promise<Carried> {
  const request = { ...input, action: 'SCORE' as const, input };
  return carryOut(context, dualEffectWorkflow, request, async ({ id }, _transition, db) => {
    const problems = new Problems(context);
    const noteZh = problems.optionalText('noteZh', input.noteZh);
    const scored = await scoredBy(db, problems, id, { ...input, scores: input.scores });
    problems.throwIfAny();
    return { ...scored, noteZh };
  });
}

type Given = Pick<ScoreDualEffectInput, 'scores' | 'resultCap'> & { readonly hasContentFault: boolean };

/** Returns the effect of new scores. */
async function scoredBy(
  db: Database,
  problems: Problems,
  id: string,
  { scores: given, ...fault }: Given,
): Promise<AssessmentEffect> {
  const items = await itemsOf(db, id);
  const scores = scoresOf(problems, items, given);
  checkFault(problems, fault);
  return {
    set: resultOf(items, scores, fault),
    also: (transaction) => writeScores(transaction, id, scores, (score) => ({ score })),
  };
}

/** Appeals against an assessment. */
export function appealDualEffect(context: Context, input: AppealDualEffectInput): Promise<Carried> {
  return carryOut(context, dualEffectWorkflow, { ...input, action: 'APPEAL', input }, () => {
    const problems = new Problems(context);
    const appealZh = problems.text('textZh', input.textZh);
    problems.throwIfAny();
    return { set: { appealZh, appealedOn: today() } };
  });
}

/** Decides an appeal. If it is upheld, the scores are corrected. */
export function decideDualEffectAppeal(
  context: Context,
  input: DecideDualEffectAppealInput,
): Promise<Carried> {
  const { outcome, scores = null } = input;
  const request = { ...input, action: 'DECIDE_APPEAL' as const, input };
  return carryOut(context, dualEffectWorkflow, request, async ({ id }, _transition, db) => {
    const problems = new Problems(context);
    const appealAnswerZh = problems.text('answerZh', input.answerZh);
    if ((outcome === 'UPHELD') !== (scores !== null)) {
      problems.add(
        'scores',
        outcome === 'UPHELD' ? 'MISSING' : 'VALUE',
        '申诉成立须给出更正后的得分,不成立则不得更改。',
        'An appeal that is upheld needs the corrected scores; otherwise they stay.',
      );
    }
    const corrected =
      outcome === 'UPHELD' && scores ? await scoredBy(db, problems, id, { ...input, scores }) : undefined;
    problems.throwIfAny();
    return {
      ...corrected,
      set: { ...corrected?.set, appealOutcome: outcome, appealAnswerZh },
      details: { outcome },
    };
  });
}

type Advance = (
  row: DualEffectAssessmentRow,
  input: AdvanceDualEffectInput,
  problems: Problems,
  context: Context,
  transition: Transition,
) => AssessmentEffect;

const noScores = {
  socialScore: null,
  economicScore: null,
  total: null,
  hasContentFault: false,
  resultCap: null,
  gradeZh: null,
};

/** What each further action changes. */
const advances: Partial<Record<DualEffectAction, Advance>> = {
  RETURN_SCORES: ({ id }, { noteZh }, problems) => ({
    noteZh: problems.text('noteZh', noteZh),
    set: noScores,
    also: (db) => db.update(dualEffectItems).set({ score: null }).where(eq(dualEffectItems.assessmentId, id)),
  }),
  APPROVE: (_row, { noteZh }, problems) => ({ noteZh: problems.optionalText('noteZh', noteZh) }),
  NOTIFY: (_row, { noteZh }, problems, { calendar }, { workingDays }) => ({
    noteZh: problems.optionalText('noteZh', noteZh),
    set: { notifiedOn: today(), appealUntil: addWorkingDays(today(), workingDays ?? 0, calendar) },
  }),
  CLOSE: (_row, { noteZh }, problems) => ({ noteZh: problems.optionalText('noteZh', noteZh) }),
};

/** Carries out one of the further actions. */
export function advanceDualEffect(context: Context, input: AdvanceDualEffectInput): Promise<Carried> {
  const { action } = input;
  const advance = advances[action];
  if (!advance) {
    throw new HubError('BAD_USER_INPUT', `${action} has a mutation of its own. Use that one.`, {
      messageZh: `${action} 有专门的变更,请用该变更。`,
      argument: 'input.action',
    });
  }
  return carryOut(context, dualEffectWorkflow, { ...input, input }, (row, transition) => {
    const problems = new Problems(context);
    const effect = advance(row, input, problems, context, transition);
    problems.throwIfAny();
    return effect;
  });
}
