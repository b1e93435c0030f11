import { manyByKey, oneByKey, referenceByKey } from '@wenshu/kit/by-key.ts';
import type { Context } from '@wenshu/kit/context.ts';
import { inKeyOrder } from '@wenshu/kit/in-key-order.ts';
import { nullIfNone } from '@wenshu/kit/null-if-none.ts';
import { page } from '@wenshu/kit/page.ts';
import { pageBy } from '@wenshu/kit/page-by.ts';
import { referenceOrNull, referenceTo } from '@wenshu/kit/reference.ts';
import { summaryFields } from '@wenshu/kit/summary-groups.ts';
import { today } from '@wenshu/kit/today.ts';
import { allowedActionsOf } from '@wenshu/kit/workflow/situations.ts';
import { inArray, sql } from 'drizzle-orm';
import type { GraphQLResolveInfo } from 'graphql';
import { percentOfPlan, projectFigureFields, summariseLedgers } from './ledger-summary.ts';
import { assistedBy, projectLedgerList, projectList, reportedBy } from './queries.ts';
import type { Resolvers } from './schema-types.ts';
import {
  projectLedgerSteps,
  projectLedgers,
  projectMilestones,
  projectProblems,
  projectQuarters,
  projectReports,
  projectYearPlans,
} from './tables.ts';
import { isBehindNow } from './workflows/behind.ts';
import { ledgerWorkflow } from './workflows/ledgers.ts';
import { reportDueOn } from './workflows/months.ts';
import { setProjectPlan } from './workflows/plan.ts';
import { reportProgress } from './workflows/progress.ts';
import { recordProjectStage } from './workflows/project-stage.ts';
import { issueNotice, publishQuarter } from './workflows/supervision.ts';

export const ledgerQueries: Pick<
  Resolvers['Query'],
  'projectLedger' | 'projectLedgers' | 'projectLedgerSummary'
> = {
  projectLedger: (_root, { id }, context, info) => oneByKey(context, projectLedgerList, info, id),
  projectLedgers: (_root, args, context, info) => page(context, projectLedgerList, args, info),
  projectLedgerSummary: (_root, args, context) => summariseLedgers(context, args),
};

export const ledgerOfProject: Pick<Resolvers['Project'], 'ledger'> = {
  ledger: (project, _args, context, info) =>
    oneByKey(context, projectLedgerList, info, project.id, projectLedgers.projectId),
};

export const ledgersOfAgency: Pick<Resolvers['Agency'], 'reportedLedgers' | 'assistedLedgers'> = {
  reportedLedgers: (agency, args, context, info) =>
    pageBy(context, projectLedgerList, reportedBy, agency.id, args, info),
  assistedLedgers: (agency, args, context, info) =>
    pageBy(context, projectLedgerList, assistedBy, agency.id, args, info),
};

/** Tells whether each ledger is behind its plan now. One statement answers all. */
const isBehind = (context: Context, id: string): Promise<boolean> =>
  context
    .batch('behind its plan', async (ids: readonly string[], db) => {
      const rows = await db
        .select({ id: projectLedgers.id, isBehind: sql<boolean>`${isBehindNow()}` })
        .from(projectLedgers)
        .where(inArray(projectLedgers.id, [...ids]));
      return inKeyOrder(ids, rows, (row) => row.id).map((row) => row?.isBehind ?? false);
    })
    .load(id);

/** What the resolvers of ledgers share with those of other types. */
type SharedResolvers = {
  region(
    row: { readonly regionCode: string | null },
    args: unknown,
    context: Context,
    info: GraphQLResolveInfo,
  ): ReturnType<Resolvers['ProjectLedger']['region']>;
};

type LedgerTypes =
  | 'Mutation'
  | 'ProjectLedger'
  | 'ProjectLedgerStep'
  | 'ProjectLedgerPayload'
  | 'ProjectMilestone'
  | 'ProjectYear'
  | 'ProjectReport'
  | 'ProjectProblem'
  | 'ProjectQuarter'
  | 'ProjectLedgerSummary'
  | 'ProjectLedgerSummaryRow'
  | 'ProjectFigures';

/** Resolvers of the ledgers of projects. */
export const ledgerResolvers = ({ region }: SharedResolvers): Pick<Resolvers, LedgerTypes> => ({
  Mutation: {
    setProjectPlan: (_root, { input }, context) => setProjectPlan(context, input),
    recordProjectStage: (_root, { input }, context) => recordProjectStage(context, input),
    reportProgress: (_root, { input }, context) => reportProgress(context, input),
    publishQuarter: (_root, { input }, context) => publishQuarter(context, input),
    issueNotice: (_root, { input }, context) => issueNotice(context, input),
  },

  ProjectLedgerPayload: {
    projectLedger: ({ id }, _args, context, info) => oneByKey(context, projectLedgerList, info, id),
  },

  ProjectLedger: {
    __resolveReference: ({ id }, context, info) => oneByKey(context, projectLedgerList, info, id),
    project: (ledger, _args, context, info) => referenceByKey(context, projectList, info, ledger.projectId),
    region,
    responsible: (ledger) => referenceTo('Agency', ledger.responsibleId),
    liaison: (ledger) => referenceOrNull('Agency', ledger.liaisonId),
    isBehind: (ledger, _args, context) => isBehind(context, ledger.id),
    milestones: (ledger, _args, context) => {
      const { ledgerId, seq } = projectMilestones;
      return manyByKey(context, projectMilestones, ledgerId, ledger.id, seq);
    },
    years: (ledger, _args, context) => {
      const { ledgerId, year } = projectYearPlans;
      return manyByKey(context, projectYearPlans, ledgerId, ledger.id, year);
    },
    reports: async (ledger, _args, context) => nullIfNone(await reportsOf(context, ledger.id)),
    problems: async (ledger, { version }, context) => {
      const { ledgerId, step } = projectProblems;
      const problems = await manyByKey(context, projectProblems, ledgerId, ledger.id, step);
      // The step with number 0 led to version 1, and each one after it adds one to both.
      return nullIfNone(version == null ? problems : problems.filter((each) => each.step === version - 1));
    },
    quarters: async (ledger, _args, context) => {
      const { ledgerId, quarter } = projectQuarters;
      return nullIfNone(await manyByKey(context, projectQuarters, ledgerId, ledger.id, quarter));
    },
    history: (ledger, _args, context) => {
      const { objectId, seq } = projectLedgerSteps;
      return manyByKey(context, projectLedgerSteps, objectId, ledger.id, seq);
    },
    allowedActions: (ledger, _args, context) => allowedActionsOf(context, ledgerWorkflow, ledger.id),
  },

  ProjectLedgerStep: { agency: (step) => referenceOrNull('Agency', step.agencyId) },
  ProjectMilestone: {
    isMissed: ({ dueOn, reachedOn }) => dueOn < today() && reachedOn === null,
  },

  ProjectYear: {
    completedInvestment: async (year, _args, context) =>
      (await lastReportOf(context, year))?.completedInvestment ?? null,
    reportedMonth: async (year, _args, context) => (await lastReportOf(context, year))?.month ?? null,
    completedPercent: async (year, _args, context) => {
      const report = await lastReportOf(context, year);
      return report ? percentOfPlan(report.completedInvestment, year.plannedInvestment) : null;
    },
  },

  ProjectReport: { isOnTime: ({ month, reportedOn }) => reportedOn <= reportDueOn(month) },
  ProjectProblem: { enterprise: ({ enterpriseId }) => referenceTo('Enterprise', enterpriseId) },
  ProjectQuarter: {
    completedPercent: ({ completedInvestment, plannedInvestment }) =>
      percentOfPlan(completedInvestment, plannedInvestment) ?? '0.00',
  },

  ProjectFigures: projectFigureFields,
  ProjectLedgerSummary: { ...summaryFields, region },
  ProjectLedgerSummaryRow: {
    region,
    responsible: ({ responsibleId }) => referenceOrNull('Agency', responsibleId),
  },
});

const reportsOf = (context: Context, id: string) =>
  manyByKey(context, projectReports, projectReports.ledgerId, id, projectReports.month);

/** Returns the last report of a planned year; undefined before the first. */
async function lastReportOf(context: Context, { ledgerId, year }: typeof projectYearPlans.$inferSelect) {
  const reports = await reportsOf(context, ledgerId);
  return reports.findLast(({ month }) => month.startsWith(`${year}-`));
}
