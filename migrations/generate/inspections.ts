import { inspectionAgencies, inspectionSteps, inspections } from '@wenshu/enterprises/tables.ts';
import { inspectionTable } from '@wenshu/enterprises/workflows/inspection-table.ts';
import { courseOf } from '@wenshu/kit/workflow/course.ts';
import { enforcementRules } from '@wenshu/schema/enforcement-rules.ts';
import { agencyOf } from './agencies.ts';
import { campaignOf, campaignStart, inspectedEnterprise } from './campaigns.ts';
import { type City, ids } from './city.ts';
import { workingDaysAfter } from './courses.ts';
import { afterWorkingDays, dateOf, today } from './days.ts';
import { liveCases } from './live-cases.ts';
import { type Random, weighted } from './random.ts';
import { statementColumns } from './record.ts';
import { type GeneratedTable, generated } from './table.ts';

/** Number of inspections: those of the city, and one for each case that is open. */
export const inspectionCount = ({ counts }: City): number => counts.inspections + liveCases.length;

export const inspectionTables = (city: City): GeneratedTable[] => [
  generated(inspections, inspectionCount(city), (i) => [inspectionRow(city, i)]),
  generated(inspectionSteps, inspectionCount(city), (i) => stepsOf(city, i)),
  generated(inspectionAgencies, inspectionCount(city), (i) =>
    agenciesOf(city, i).map((agencyId) => ({ inspectionId: ids.inspection(i), agencyId })),
  ),
];

const routineMethodOf = weighted(
  ['DOUBLE_RANDOM', 60],
  ['ROUTINE', 20],
  ['SPECIAL', 8],
  ['COMPLAINT', 7],
  ['FOLLOW_UP', 5],
);

/** What is known of an inspection before anything is decided. */
export type Inspected = {
  readonly id: string;
  readonly enterprise: number;
  readonly campaignId: string | null;
  readonly method: string;
  readonly day: number;
  readonly isSuspected: boolean;
  readonly random: Random;
};

export function inspectionAt(city: City, i: number): Inspected {
  const random = city.random('inspection', i);
  const live = liveCases[i - city.counts.inspections];
  if (live) {
    return {
      id: ids.inspection(i),
      enterprise: Math.floor(((i - city.counts.inspections) * city.counts.enterprises) / liveCases.length),
      campaignId: null,
      method: 'SPECIAL',
      day: today - live.daysAgo,
      isSuspected: true,
      random,
    };
  }
  const campaign = campaignOf(city, i);
  return {
    id: ids.inspection(i),
    enterprise: inspectedEnterprise(city, i),
    campaignId: campaign === undefined ? null : ids.event(campaign),
    method: campaign === undefined ? routineMethodOf(random) : 'JOINT',
    day:
      campaign === undefined
        ? today - 1 - random.below(1095)
        : campaignStart(city, campaign) + random.below(3),
    isSuspected: random.chance(0.036),
    random,
  };
}

/** Returns the day on which an inspection was recorded; one in twelve is late. */
const recordedOn = (city: City, i: number): number =>
  Math.min(
    today,
    afterWorkingDays(
      inspectionAt(city, i).day,
      city.random('recorded', i).chance(1 / 12) ? enforcementRules.recordWorkingDays + 2 : 2,
    ),
  );

export const placeOf = (city: City, enterprise: number) => city.placeIn(city.quarterOf(enterprise));

function inspectionRow(city: City, i: number) {
  const { id, enterprise, campaignId, method, day, isSuspected, random } = inspectionAt(city, i);
  return {
    ...statementColumns(id, random),
    enterpriseId: ids.enterprise(enterprise),
    campaignId,
    method,
    inspectedOn: dateOf(day),
    result: isSuspected ? 'SUSPECTED' : 'NO_PROBLEM',
    officers: random.between(enforcementRules.leastOfficers, 6),
    recordedOn: dateOf(recordedOn(city, i)),
    recordDueOn: workingDaysAfter(dateOf(day), enforcementRules.recordWorkingDays),
    regionCode: placeOf(city, enterprise).code,
    stage: 'RECORDED',
    dueOn: null,
  };
}

/** Returns the agencies of an inspection; the first one recorded it. */
export function agenciesOf(city: City, i: number): readonly string[] {
  const { enterprise, campaignId } = inspectionAt(city, i);
  const { code } = placeOf(city, enterprise);
  const departments = campaignId
    ? (['MARKET_REGULATION', 'CULTURE_TOURISM'] as const)
    : (['MARKET_REGULATION'] as const);
  return departments.map((department) => agencyOf(code, department));
}

function stepsOf(city: City, i: number) {
  const act = {
    action: 'RECORD' as const,
    on: dateOf(recordedOn(city, i)),
    agencyId: agenciesOf(city, i)[0] ?? null,
  };
  const { steps } = courseOf(inspectionTable, [act], workingDaysAfter);
  return steps.map((step) => ({ objectId: ids.inspection(i), ...step }));
}
