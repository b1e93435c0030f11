import type { Context } from '@wenshu/kit/context.ts';
import { today } from '@wenshu/kit/today.ts';
import { type Carried, carryOut, type Effect } from '@wenshu/kit/workflow/carry-out.ts';
import { Problems } from '@wenshu/kit/workflow/free-text.ts';
import { and, eq, inArray, isNull, notInArray } from 'drizzle-orm';
import type { RecordProjectStageInput } from '../schema-types.ts';
import { type ProjectLedgerRow, type projectLedgers, projectMilestones } from '../tables.ts';
import { ledgerWorkflow } from './ledgers.ts';
import { noStageOfLedger } from './plan.ts';
import { isFinal, rankOf, stagesUpTo } from './project-course.ts';

/** Records the stage that a project has reached, or corrects a wrong record. */
export function recordProjectStage(context: Context, input: RecordProjectStageInput): Promise<Carried> {
  const { stage, isCorrection } = input;
  const action = isCorrection
    ? ('CORRECT_STAGE' as const)
    : isFinal(stage)
      ? ('COMPLETE' as const)
      : ('RECORD_STAGE' as const);
  return carryOut(context, ledgerWorkflow, { ...input, action, input }, (row) => {
    const problems = new Problems(context);
    const sourceZh = problems.text('sourceZh', input.sourceZh);
    const noteZh = isCorrection
      ? problems.text('noteZh', input.noteZh)
      : problems.optionalText('noteZh', input.noteZh);
    checkStage(problems, row, input);
    problems.throwIfAny();
    return effectOf(row, input, noteZh, sourceZh);
  });
}

function checkStage(
  problems: Problems,
  { reached, reachedOn }: ProjectLedgerRow,
  { stage, on, isCorrection }: RecordProjectStageInput,
): void {
  if (on > today()) {
    problems.add('on', 'DATE', '日期不得在今后。', 'The day must not be in the future.');
  }
  if (rankOf(stage) < 0) {
    problems.add('stage', 'UNKNOWN', ...noStageOfLedger(stage));
    return;
  }
  const isBack = rankOf(stage) < rankOf(reached);
  if (isCorrection && (!isBack || isFinal(stage))) {
    problems.add(
      'stage',
      'UNKNOWN',
      '更正只退回竣工以前的先前阶段。',
      'A correction leads back, before completion.',
    );
  }
  if (!isCorrection && rankOf(stage) <= rankOf(reached)) {
    problems.add(
      'stage',
      'UNKNOWN',
      `已记至 ${reached},不退回;误记请更正。`,
      `${reached} is recorded already. A stage never goes back but by a correction.`,
    );
  }
  if (!isCorrection && reachedOn !== null && on < reachedOn) {
    problems.add(
      'on',
      'DATE',
      `不得早于已记阶段的日期 ${reachedOn}。`,
      `The day must not be before ${reachedOn}.`,
    );
  }
}

function effectOf(
  { id, reached }: ProjectLedgerRow,
  { stage, on, isCorrection }: RecordProjectStageInput,
  noteZh: string | null,
  sourceZh: string,
): Effect<typeof projectLedgers> {
  const { ledgerId, stage: ofStage, reachedOn } = projectMilestones;
  const upTo = [...stagesUpTo(stage)];
  return {
    noteZh,
    set: { reached: stage, reachedOn: on },
    details: { projectStage: stage, on, sourceZh, ...(isCorrection && { before: reached }) },
    also: async (db) => {
      await db
        .update(projectMilestones)
        .set({ reachedOn: on })
        .where(and(eq(ledgerId, id), inArray(ofStage, upTo), isNull(reachedOn)));
      await db
        .update(projectMilestones)
        .set({ reachedOn: null })
        .where(and(eq(ledgerId, id), notInArray(ofStage, upTo)));
    },
  };
}
