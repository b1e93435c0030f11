import { allOnRecord, type Figure, suppressed } from './figure.ts';
import { workflowFigures } from './workflow-figures.ts';

/** All computed numbers of the graph. A number that stands neither here nor in `recordedNumbers` (recorded-numbers.ts) fails a test. */
export const figures: readonly Figure[] = [
  {
    of: '*Connection.totalCount',
    counts:
      'the records of the list that match its filter and that the caller may see, on all pages; real or synthetic, never both',
    unknown: allOnRecord,
  },
  {
    of: '*Aggregate.count',
    counts: 'the rows of the group; in a figure, those that have the value',
    partOf: 'all rows that match the filter of the list',
    unknown: allOnRecord,
  },
  {
    of: '*Aggregate.groupCount',
    counts: 'the groups, on all pages',
    unknown: 'Rows without a value of the dimension are one group of their own.',
  },
  {
    of: '*Aggregate.share',
    counts: 'the part of the group, in percent',
    partOf: 'all rows that match the filter of the list, or their sum',
    unknown: 'Null where the sum is null.',
  },
  {
    of: '*Aggregate.sum,avg',
    counts: 'the values of the rows of the group that have one',
    unknown: 'Null, with `reason`, where the values cannot be added; `approx` is the precision.',
  },
  {
    of: '*Aggregate.min,max',
    counts: 'the smallest and the largest value of the group',
    unknown: 'Rows without the value are left out; null where units differ.',
  },
  {
    of: 'Region.enterpriseCount,parkCount,projectCount,eventCount,policyCount,partyUnitCount,agencyCount,inspectionCount,serviceRequestCount',
    counts:
      'the records of the type in the region and in the regions below it; real or synthetic, never both',
    unknown: allOnRecord,
  },
  {
    of: 'RegionCoverageCount.total',
    counts:
      'the parks or enterprises of the region that count for coverage: no class, no virtual one, no whole beside its parts',
    unknown: 'Null if their agency does not answer.',
  },
  {
    of: 'RegionCoverageCount.covered,notCovered,unknown',
    counts: 'those that are covered, not covered, or neither on record; the three add up to the total',
    partOf: 'the total',
    unknown:
      'The unknown are counted apart. All three are null, with `isSuppressed`, where they would reveal single units.',
  },
  {
    of: 'RegionCoverageCount.levelUnknown',
    counts: 'those that may belong to the level that was asked for',
    unknown: 'It is the number of the unknown.',
  },
  {
    of: 'RegionCoverageCount.rate',
    counts: 'those that are covered, in percent',
    partOf: 'the total',
    unknown: 'Null, with `reason`, as long as anything is unknown.',
  },
  {
    of: 'RegionCoverageCount.rateAtLeast,rateAtMost',
    counts: 'the bounds of the rate, in percent',
    partOf: 'the total',
    unknown: 'The unknown are taken as not covered, or as covered.',
  },
  {
    of: 'PublishedTotal.held',
    counts: 'the records of what was asked that the published figure may count',
    partOf: 'the published figure beside it',
    unknown: 'Records that do not state a condition of the figure count too.',
  },
  {
    of: 'PolicyMatch.conditionCount,metCount,likelyCount,unknownCount,notMetCount',
    counts: 'the conditions of the policy, and those with each verdict',
    partOf: '`conditionCount`',
    unknown: 'What cannot be told is counted in `unknownCount`.',
  },
  {
    of: 'InspectionFunnel.inspected,suspected,filed,penalised,warned,exempted,dismissed',
    counts: 'the inspections of the campaign on record, and those that led to each result',
    partOf: '`inspected`',
    unknown: suppressed,
  },
  {
    of: 'ReturnsSummary.enterpriseCount,staff,revenue,tax',
    counts: 'the units that reported for the month, and the sums of what they reported',
    unknown: suppressed,
  },
  {
    of: 'ProjectFigures.count,behind,behindRate',
    counts:
      'the projects of the group with a plan for the year, and those behind it, in number and in percent',
    partOf: '`count`',
    unknown:
      'A month without a report counts with the money of the last report. The rate is null where there are none.',
  },
  {
    of: 'ProjectFigures.plannedInvestment,completedInvestment,completedPercent,plannedPercent',
    counts:
      'the money planned for the year and reported until the end of the period, and the parts of the year plan',
    partOf: '`plannedInvestment`',
    unknown:
      'Projects without a report count with nothing. `completedPercent` is null where nothing is planned.',
  },
  {
    of: 'ProjectFigures.reportsDue,reportsOnTime,reportsLate,reportsMissing,onTimeRate',
    counts: 'the monthly reports that were due for the period: all, on time, late and missing',
    partOf: '`reportsDue`',
    unknown: 'The rate is null where none was due.',
  },
  {
    of: 'ProjectFigures.reminders,notices,disciplineProposals',
    counts: 'the notices to agencies in the period, by level',
    unknown: allOnRecord,
  },
  {
    of: 'ProjectYear.completedPercent',
    counts: 'the reported money in percent of the year plan',
    partOf: '`plannedInvestment`',
    unknown: 'Null before the first report.',
  },
  {
    of: 'ProjectQuarter.completedPercent',
    counts: 'the money at the end of the quarter in percent of the year plan',
    partOf: '`plannedInvestment`',
    unknown: 'A published quarter always has it.',
  },
  {
    of: 'Policy.paidTotal',
    counts: 'what was paid under the policy, in yuan, and not clawed back',
    unknown: 'Null if no payout is on record.',
  },
  {
    of: 'KeyUsageDay.requests',
    counts: 'the requests with a key on one day',
    unknown: 'Nothing is unknown.',
  },
  {
    of: 'UsageCount.count',
    counts: 'the requests that contained it',
    partOf: 'the requests of the period',
    unknown: 'Nothing is unknown.',
  },
  {
    of: 'AuditRecord.count',
    counts: 'the refusals that one record sums up',
    unknown: 'Null for a record of one request.',
  },
  ...workflowFigures,
];

/** Whether coordinates such as `*Connection.totalCount` or `Region.parkCount,eventCount` name a field. */
export function names(coordinates: string, typeName: string, fieldName: string): boolean {
  const [type = '', fields = ''] = coordinates.split('.');
  return matches(type, typeName) && fields.split(',').some((field) => matches(field, fieldName));
}

const matches = (pattern: string, name: string) =>
  new RegExp(`^${pattern.replaceAll('*', '.*')}$`).test(name);
