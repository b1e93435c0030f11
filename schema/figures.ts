/** What a number that the hub computes means: a count, a rate, a sum, a mean or a share. */
export type Figure = {
  /** The coordinates: `*` stands for any part of a name, and commas part the names of several fields. */
  readonly of: string;
  /** What it counts or adds up. */
  readonly counts: string;
  /** The whole of which it is a part; undefined if it is not a part of anything. */
  readonly partOf?: string;
  /** What becomes of the unknown. */
  readonly unknown: string;
};

const nothingUnknown = 'Nothing is unknown: it counts records that are there.';
const withoutTheValue = 'Rows without the value are left out; `count` says how many rows have one.';

/** All computed numbers of the graph. A number that stands neither here nor in `recordedNumbers` fails a test. */
export const figures: readonly Figure[] = [
  {
    of: '*Connection.totalCount',
    counts: 'the records that match the filter of the list and that the caller may see, on all pages',
    unknown: nothingUnknown,
  },
  {
    of: '*Aggregate.count',
    counts: 'the rows of the group; within a figure, the rows of the group that have the value',
    partOf: 'all rows that match the filter of the list',
    unknown: nothingUnknown,
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
    unknown: 'Null if the sum is null.',
  },
  {
    of: '*Aggregate.sum,avg,min,max',
    counts: 'the values of the rows of the group',
    unknown: withoutTheValue,
  },
  {
    of: 'Region.enterpriseCount,parkCount,projectCount,eventCount,policyCount,partyUnitCount,agencyCount',
    counts: 'the records of the type in the region and in the regions below it',
    unknown: 'Counts what the agency has on record. Records without a region are in no region.',
  },
  {
    of: 'Region.inspectionCount,serviceRequestCount',
    counts: 'the records of the type in the region and in the regions below it',
    unknown: 'Null with `SUPPRESSED` reasons where few units could be told apart.',
  },
  {
    of: 'RegionPartyCoverage.parkCount,enterpriseCount',
    counts: 'the parks or enterprises in the region',
    unknown: 'Null if their agency does not answer.',
  },
  {
    of: 'RegionPartyCoverage.parksCovered,enterprisesCovered',
    counts: 'those that a Party organisation covers',
    partOf: 'the parks or enterprises in the region',
    unknown: 'TODO-merge',
  },
  {
    of: 'RegionPartyCoverage.parkRate,enterpriseRate',
    counts: 'those that a Party organisation covers, in percent',
    partOf: 'the parks or enterprises in the region',
    unknown: 'TODO-merge',
  },
  {
    of: 'InspectionFunnel.inspected,suspected,filed,penalised,warned,exempted,dismissed',
    counts: 'the inspections that reached the stage',
    partOf: 'the inspections that match the filter',
    unknown: 'TODO-merge',
  },
  {
    of: 'ReturnsSummary.enterpriseCount,staff,revenue,tax',
    counts: 'the enterprises that reported, and what they reported',
    unknown: 'TODO-merge',
  },
  {
    of: 'ServiceRequestSummary.count,closed,overdue,reopened,closureRate,medianWorkingDays',
    counts: 'the service requests of the group',
    unknown: 'TODO-merge',
  },
  { of: 'TenantCount.count', counts: 'TODO-merge', unknown: 'TODO-merge' },
  { of: 'Policy.paidTotal', counts: 'TODO-merge', unknown: 'TODO-merge' },
  {
    of: 'KeyUsageDay.requests',
    counts: 'the requests with a key on one day',
    unknown: nothingUnknown,
  },
  {
    of: 'UsageCount.count',
    counts: 'the requests of one kind',
    partOf: 'the requests of the day',
    unknown: nothingUnknown,
  },
  {
    of: 'AuditRecord.count',
    counts: 'the refusals that one record sums up',
    unknown: 'Null for a record of one request.',
  },
];

/** Numbers that a record holds as its source has them, or that number records. They are null if they are unknown. */
export const recordedNumbers: readonly string[] = [
  '*.version',
  '*.seq',
  '*.sequence',
  '*.year',
  '*Group.*Year',
  'Policy.issuedYear',
  'StarListEntry.rank',
  'ApiKey.costPerMinute,costPerDay',
  'Attendance.value',
  'DualEffectAssessment.socialScore,economicScore,total,socialWeight,resultCap',
  'DualEffectItem.weight,score',
  'FloorArea.sqm',
  'Growth.value',
  'Indicator.value',
  'Enterprise.registeredCapital',
  'OpenCall.reward',
  'Payout.amount',
  'Penalty.amount',
  'Project.plannedInvestment,completedInvestment',
  'PublishedRevenue.yuan',
];

/** Whether coordinates such as `*Connection.totalCount` or `Region.parkCount,eventCount` name a field. */
export function names(coordinates: string, typeName: string, fieldName: string): boolean {
  const [type = '', fields = ''] = coordinates.split('.');
  return matches(type, typeName) && fields.split(',').some((field) => matches(field, fieldName));
}

const matches = (pattern: string, name: string) =>
  new RegExp(`^${pattern.replaceAll('*', '.*')}$`).test(name);
