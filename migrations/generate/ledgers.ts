import { type Act, courseOf } from '@wenshu/kit/workflow/course.ts';
import {
  projectLedgerSteps,
  projectLedgers,
  projectMilestones,
  projectProblems,
  projectQuarters,
  projectReports,
  projectYearPlans,
} from '@wenshu/parks/tables.ts';
import { type LedgerAction, ledgerTable } from '@wenshu/parks/workflows/ledger-table.ts';
import { monthAfter, monthsOfQuarter, reportDueOn } from '@wenshu/parks/workflows/months.ts';
import { isFinal, rankOf } from '@wenshu/parks/workflows/project-course.ts';
import { agencyOf } from './agencies.ts';
import { type City, ids } from './city.ts';
import { dateOf, dayAfterWorkingDays, dayNumber, today, yearOf } from './days.ts';
import { projectAt } from './parks.ts';
import { type Random, weighted } from './random.ts';
import { statementColumns, suffix } from './record.ts';
import { type GeneratedTable, generated, type WrittenRow } from './table.ts';

export const ledgerTables = (city: City): GeneratedTable[] => {
  const made =
    <Rows>(rowsOf: (ledger: Ledger) => Rows) =>
    (i: number) =>
      rowsOf(ledgerAt(city, i));
  const { projects } = city.counts;
  return [
    generated(
      projectLedgers,
      projects,
      made(({ row }) => [row]),
    ),
    generated(
      projectMilestones,
      projects,
      made(({ milestones }) => milestones),
    ),
    generated(
      projectYearPlans,
      projects,
      made(({ years }) => years),
    ),
    generated(
      projectReports,
      projects,
      made(({ reports }) => reports),
    ),
    generated(
      projectProblems,
      projects,
      made(({ problems }) => problems),
    ),
    generated(
      projectQuarters,
      projects,
      made(({ quarters }) => quarters),
    ),
    generated(
      projectLedgerSteps,
      projects,
      made(({ steps }) => steps),
    ),
  ];
};

type Ledger = ReturnType<typeof ledgerAt>;

/** How a project keeps to its plan: how much of the money is spent, whether it is pressed, and whether it reports. */
type Pace = {
  readonly spends: number;
  readonly notices: readonly LedgerAction[];
  readonly missesMilestone: boolean;
  readonly lastReport: string;
};

const year = yearOf(today);
/** The last month whose report is due before the generator's today, and the one whose report is due soon. */
const lastMonth = `${year}-11`;
const onTime = { spends: 1, notices: [], missesMilestone: false, lastReport: lastMonth } as const;

const paces = {
  onPlan: onTime,
  overdue: { ...onTime, lastReport: `${year}-10` },
  late: { ...onTime, missesMilestone: true },
  slow: { ...onTime, spends: 0.6 },
  reminded: { ...onTime, spends: 0.6, notices: ['REMIND'] },
  noticed: { ...onTime, spends: 0.5, notices: ['REMIND', 'NOTICE'] },
  pressed: { ...onTime, spends: 0.3, notices: ['REMIND', 'NOTICE', 'PROPOSE_DISCIPLINE'] },
} as const satisfies Record<string, Pace>;

const inTurn: readonly Pace[] = Object.values(paces);
const anyPace = weighted<Pace>(
  [paces.onPlan, 70],
  [paces.overdue, 5],
  [paces.late, 8],
  [paces.slow, 8],
  [paces.reminded, 5],
  [paces.noticed, 3],
  [paces.pressed, 1],
);

const openedOn = `${year}-01-10`;
const reportsFrom = `${year}-01`;
const publishedQuarters = [
  { quarter: `${year}-Q1`, on: `${year}-04-20` },
  { quarter: `${year}-Q2`, on: `${year}-07-20` },
  { quarter: `${year}-Q3`, on: `${year}-10-20` },
];
const noticeDays = [`${year}-08-15`, `${year}-10-15`, `${year}-12-10`];

/** Returns the ledger of a project in its last full year, by a walk of the table of its workflow. */
function ledgerAt(city: City, i: number) {
  const random = city.random('ledger', i);
  const { row: project, stages, place } = projectAt(city, i);
  const pace = inTurn[i] ?? anyPace(random);
  const id = `${ids.project(i)}-ledger`;
  // Nothing is recorded after the completion.
  const doneAt = stages.findIndex(({ stage }) => isFinal(stage));
  const recorded = stages
    .slice(0, doneAt < 0 ? stages.length : doneAt + 1)
    .map(({ stage, asOf }) => ({ stage, on: asOf }));
  const last = recorded.at(-1);
  const done = doneAt < 0 ? undefined : last;
  const responsibleId = agencyOf(place.code, 'CULTURE_PROMOTION');
  const planned = Math.ceil(Number(project.plannedInvestment) / 4);
  const reports = reportsUntil(id, pace, done?.on, planned, random);
  const hasProblem = i === 0 || random.chance(0.1);
  const acts = actsOf(recorded, pace, done?.on, reports, {
    problemAt: hasProblem ? reports.at(-1)?.month : undefined,
    owner: agencyOf(place.code, 'CULTURE_TOURISM'),
    responsible: responsibleId,
  });
  const course = courseOf(ledgerTable, acts, dayAfterWorkingDays);
  const { synthetic, updatedAt } = statementColumns(id, random);
  const row: WrittenRow<typeof projectLedgers> = {
    id,
    projectId: ids.project(i),
    regionCode: place.code,
    stage: course.stage,
    version: course.version,
    dueOn: course.dueOn,
    responsibleId,
    liaisonId: random.chance(0.7) ? agencyOf(place.code, 'GOVERNMENT') : null,
    reached: last?.stage ?? null,
    reachedOn: last?.on ?? null,
    reportsFrom,
    synthetic,
    updatedAt,
  };
  return {
    row,
    milestones: milestonesOf(id, recorded, pace),
    years: [{ ledgerId: id, year, plannedInvestment: String(planned) }],
    reports,
    quarters: quartersOf(id, planned, reports, acts, recorded),
    problems: course.steps
      .filter(({ action }) => action === 'REPORT_PROBLEM')
      .map(({ seq, on }) => ({
        ledgerId: id,
        step: seq,
        kind: 'LAND_SPACE',
        titleZh: `用地未交付${suffix.zh}`,
        textZh: `二期地块尚未交付${suffix.zh}`,
        enterpriseId: ids.enterprise(random.below(city.counts.enterprises)),
        raisedOn: on,
      })),
    steps: course.steps.map((step) => ({ objectId: id, ...step })),
  };
}

type Recorded = { readonly stage: string; readonly on: string };
type Reported = WrittenRow<typeof projectReports>;

/** The agencies with a part in a ledger, and the month whose report has a problem. */
type Part = { readonly owner: string; readonly responsible: string; readonly problemAt: string | undefined };

/** Returns the monthly reports, until the project is done. */
function reportsUntil(
  ledgerId: string,
  { spends, lastReport }: Pace,
  doneOn: string | undefined,
  planned: number,
  random: Random,
): Reported[] {
  const reports: Reported[] = [];
  for (let month = reportsFrom; month <= lastReport; month = monthAfter(month)) {
    const reportedOn = dateOf(Math.min(dayNumber(reportDueOn(month)) - 4 + random.below(6), today));
    if (doneOn !== undefined && reportedOn >= doneOn) break;
    const completedInvestment = String(Math.round((planned * spends * Number(month.slice(5))) / 12));
    reports.push({ ledgerId, month, completedInvestment, reportedOn, noteZh: null });
  }
  return reports;
}

/** Returns what was done with a ledger, by day. What was reached before it was opened is recorded when it is opened. */
function actsOf(
  recorded: readonly Recorded[],
  { notices }: Pace,
  doneOn: string | undefined,
  reports: readonly Reported[],
  { owner, responsible, problemAt }: Part,
): Act<LedgerAction>[] {
  const acts: Act<LedgerAction>[] = [
    ...recorded.slice(-1).map(
      ({ stage, on }): Act<LedgerAction> => ({
        action: isFinal(stage) ? 'COMPLETE' : 'RECORD_STAGE',
        on: on < openedOn ? openedOn : on,
        agencyId: responsible,
        details: { projectStage: stage, on },
      }),
    ),
    ...reports.map(
      ({ month, completedInvestment, reportedOn }): Act<LedgerAction> => ({
        action: month === problemAt ? 'REPORT_PROBLEM' : 'REPORT_PROGRESS',
        on: reportedOn,
        agencyId: responsible,
        dueOn: reportDueOn(monthAfter(month)),
        details: { month, completedInvestment, ...(month === problemAt && { problem: 'LAND_SPACE' }) },
      }),
    ),
    ...publishedQuarters
      .filter(({ quarter }) =>
        monthsOfQuarter(quarter)?.every((month) => reports.some((each) => each.month === month)),
      )
      .map(
        ({ quarter, on }): Act<LedgerAction> => ({
          action: 'PUBLISH_QUARTER',
          on,
          agencyId: owner,
          details: { quarter },
        }),
      ),
    ...(doneOn === undefined ? notices : []).map(
      (action, at): Act<LedgerAction> => ({
        action,
        on: noticeDays[at] ?? openedOn,
        agencyId: owner,
        noteZh: '进度滞后,请报整改措施。',
      }),
    ),
  ];
  const opening: Act<LedgerAction> = {
    action: 'SET_PLAN',
    on: openedOn,
    agencyId: owner,
    dueOn: reportDueOn(reportsFrom),
  };
  return [opening, ...acts.toSorted((a, b) => (a.on < b.on ? -1 : a.on > b.on ? 1 : 0))];
}

const plannedStages = ['SIGNED', 'STARTED', 'TOPPED_OUT', 'COMPLETED'] as const;

/** Returns the milestones: those that were reached, with a day a month after that, and those that follow. */
function milestonesOf(ledgerId: string, recorded: readonly Recorded[], { missesMilestone }: Pace) {
  const firstDue = missesMilestone ? today - 40 : today + 60;
  let open = 0;
  return plannedStages.map((stage, seq) => {
    const reachedOn = recorded.find((each) => rankOf(each.stage) >= rankOf(stage))?.on ?? null;
    const dueOn = reachedOn ? dateOf(dayNumber(reachedOn) + 30) : dateOf(firstDue + 200 * open++);
    return { ledgerId, seq, stage, dueOn, reachedOn };
  });
}

const quartersOf = (
  ledgerId: string,
  planned: number,
  reports: readonly Reported[],
  acts: readonly Act<LedgerAction>[],
  recorded: readonly Recorded[],
): WrittenRow<typeof projectQuarters>[] =>
  publishedQuarters
    .filter(({ on }) => acts.some((act) => act.action === 'PUBLISH_QUARTER' && act.on === on))
    .map(({ quarter, on }) => {
      const month = monthsOfQuarter(quarter)?.at(-1) ?? '';
      const completed = Number(reports.find((each) => each.month === month)?.completedInvestment ?? 0);
      return {
        ledgerId,
        quarter,
        publishedOn: on,
        reached: recorded.findLast((each) => each.on <= on)?.stage ?? null,
        plannedInvestment: String(planned),
        completedInvestment: String(completed),
        isBehind: (completed / planned) * 100 < (Number(month.slice(5)) / 12) * 100 - 10,
      };
    });
