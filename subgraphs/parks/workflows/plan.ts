import type { Context } from '@wenshu/kit/context.ts';
import type { Database } from '@wenshu/kit/database.ts';
import { shownOnly } from '@wenshu/kit/row-filters.ts';
import { today } from '@wenshu/kit/today.ts';
import { type Carried, carryOut, carryOutFirst } from '@wenshu/kit/workflow/carry-out.ts';
import { Problems } from '@wenshu/kit/workflow/free-text.ts';
import { conflict, notFound } from '@wenshu/schema/errors.ts';
import { and, eq } from 'drizzle-orm';
import { projectList } from '../queries.ts';
import type { SetProjectPlanInput } from '../schema-types.ts';
import { projectLedgers, projectMilestones, projects, projectYearPlans } from '../tables.ts';
import { ledgerWorkflow } from './ledgers.ts';
import { monthOf, reportDueOn } from './months.ts';
import { rankOf } from './project-course.ts';

/** A project has one ledger, so its id follows from that of the project. */
const ledgerIdOf = (projectId: string): string => `${projectId}-ledger`;

/** Opens the ledger of a project with its plan, or changes the plan of a ledger whose version is given. */
export async function setProjectPlan(context: Context, input: SetProjectPlanInput): Promise<Carried> {
  return input.version == null ? openLedger(context, input) : revisePlan(context, input, input.version);
}

async function openLedger(context: Context, input: SetProjectPlanInput): Promise<Carried> {
  const { projectId, responsibleId, liaisonId = null } = input;
  const problems = new Problems(context);
  const noteZh = problems.optionalText('noteZh', input.noteZh);
  checkPlan(problems, input);
  const project = await shownProject(context, projectId);
  problems.throwIfAny();
  const { regionCode, synthetic } = project;
  const request = { action: 'SET_PLAN' as const, key: input.key, input };
  return carryOutFirst(context, ledgerWorkflow, request, { regionCode }, async (db, { stage }) => {
    const id = ledgerIdOf(projectId);
    const reportsFrom = monthOf(today());
    const dueOn = reportDueOn(reportsFrom);
    const [made] = await db
      .insert(projectLedgers)
      .values({ id, projectId, regionCode, synthetic, stage, dueOn, responsibleId, liaisonId, reportsFrom })
      .onConflictDoNothing()
      .returning({ id: projectLedgers.id });
    if (!made) throw await alreadyOpen(db, id);
    await writePlan(db, id, input, { reached: null, reachedOn: null });
    return { id, dueOn, noteZh, details: planOf(input) };
  });
}

async function alreadyOpen(db: Database, id: string) {
  const [ledger] = await db.select().from(projectLedgers).where(eq(projectLedgers.id, id));
  return conflict('This project has a ledger. Give its version to change the plan.', {
    messageZh: '该项目已有台账。调整计划请给出版本号。',
    version: ledger?.version,
    stage: ledger?.stage,
  });
}

async function shownProject(context: Context, id: string) {
  const [project] = await context.db
    .select({ regionCode: projects.regionCode, synthetic: projects.synthetic })
    .from(projects)
    .where(and(eq(projects.id, id), shownOnly(context, projectList)));
  if (!project) throw notFound('Project', '项目', id);
  return project;
}

function revisePlan(context: Context, input: SetProjectPlanInput, version: number): Promise<Carried> {
  const { key, projectId, responsibleId, liaisonId = null } = input;
  const request = { action: 'REVISE_PLAN' as const, id: ledgerIdOf(projectId), version, key, input };
  return carryOut(context, ledgerWorkflow, request, ({ id, reached, reachedOn }) => {
    const problems = new Problems(context);
    const noteZh = problems.text('noteZh', input.noteZh);
    checkPlan(problems, input);
    problems.throwIfAny();
    return {
      noteZh,
      set: { responsibleId, liaisonId },
      details: planOf(input),
      also: (db) => writePlan(db, id, input, { reached, reachedOn }),
    };
  });
}

const planOf = ({ milestones, years, responsibleId, liaisonId = null }: SetProjectPlanInput) => ({
  milestones,
  years,
  responsibleId,
  liaisonId,
});

type Reached = Pick<typeof projectLedgers.$inferSelect, 'reached' | 'reachedOn'>;

/** Writes the plan in place of an earlier one. A milestone that was reached stays so. */
async function writePlan(
  db: Database,
  ledgerId: string,
  { milestones, years }: Pick<SetProjectPlanInput, 'milestones' | 'years'>,
  { reached, reachedOn }: Reached,
): Promise<void> {
  const before = await db
    .delete(projectMilestones)
    .where(eq(projectMilestones.ledgerId, ledgerId))
    .returning();
  const reachedBefore = new Map(before.map((each) => [each.stage, each.reachedOn]));
  const isReached = (stage: string) => rankOf(stage) <= rankOf(reached);
  await db.insert(projectMilestones).values(
    milestones.map(({ stage, dueOn }, seq) => ({
      ledgerId,
      seq,
      stage,
      dueOn,
      reachedOn: isReached(stage) ? (reachedBefore.get(stage) ?? reachedOn) : null,
    })),
  );
  await db.delete(projectYearPlans).where(eq(projectYearPlans.ledgerId, ledgerId));
  await db.insert(projectYearPlans).values(years.map((each) => ({ ledgerId, ...each })));
}

function checkPlan(problems: Problems, { milestones, years }: SetProjectPlanInput): void {
  if (milestones.length === 0) {
    problems.add('milestones', 'MISSING', '须有至少一个节点。', 'A plan needs a milestone at least.');
  }
  for (const [at, { stage, dueOn }] of milestones.entries()) {
    const before = milestones[at - 1];
    if (rankOf(stage) < 0) problems.add(`milestones.${at}.stage`, 'UNKNOWN', ...noStageOfLedger(stage));
    else if (before && (rankOf(stage) <= rankOf(before.stage) || dueOn < before.dueOn)) {
      problems.add(
        `milestones.${at}`,
        'DATE',
        '节点须依阶段和日期先后排列。',
        'Milestones follow one another, by stage and by day.',
      );
    }
  }
  checkYears(problems, years);
}

export const noStageOfLedger = (stage: string) =>
  [
    `${stage} 只用于文件所述,不用于台账。`,
    `${stage} is a word of documents, and no stage of a ledger.`,
  ] as const;

function checkYears(problems: Problems, years: SetProjectPlanInput['years']): void {
  if (years.length === 0) {
    problems.add('years', 'MISSING', '须有至少一个年度计划。', 'A plan needs a year at least.');
  }
  for (const [at, { year, plannedInvestment }] of years.entries()) {
    if (years.findIndex((each) => each.year === year) < at) {
      problems.add(`years.${at}.year`, 'UNKNOWN', '年度重复。', 'This year stands there twice.');
    }
    if (year < 2000 || year > 2100) {
      problems.add(
        `years.${at}.year`,
        'DATE',
        '年度须为 2000 至 2100。',
        'The year must be from 2000 to 2100.',
      );
    }
    if (Number(plannedInvestment) <= 0) {
      problems.add(
        `years.${at}.plannedInvestment`,
        'UNKNOWN',
        '计划投资须大于零。',
        'The planned money must be more than zero.',
      );
    }
  }
}
