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

const allOnRecord = 'It counts records, and says nothing of what is not on record: `completeness` does.';
const suppressed = 'Null, with `isSuppressed`, where it would reveal single enterprises.';

/** All computed numbers of the graph. A number that stands neither here nor in `recordedNumbers` fails a test. */
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
    of: 'ServiceRequestFigures.count,closed,onTime,late,pending,undated,overdue,reopened',
    counts: 'the requests of the group, and those of each course',
    partOf: '`count`',
    unknown:
      'Requests without a due day are counted in `undated`, open ones that are not yet due in `pending`.',
  },
  {
    of: 'ServiceRequestFigures.rated,satisfied',
    counts: 'the requests whose enterprise was asked, and those whose enterprise was satisfied',
    partOf: '`rated`',
    unknown: '`satisfied` is null where it would tell what single enterprises said.',
  },
  {
    of: 'ServiceRequestFigures.closureRate,onTimeRate,satisfactionRate',
    counts: 'the part that was closed, on time, or satisfied, in percent',
    partOf: '`count`, `onTime` and `late`, or `rated`',
    unknown: 'Null where the whole is empty or the part is hidden.',
  },
  {
    of: 'ServiceRequestFigures.medianWorkingDays',
    counts: 'the working days from submission to closure, by the calendar',
    partOf: 'the closed requests',
    unknown: 'Null below three closed requests.',
  },
  {
    of: 'ServiceRequestSummary.groupCount',
    counts: 'the groups, on all pages',
    unknown: 'Requests without a value of the dimension are one group of their own.',
  },
  {
    of: 'StarListFigures.count,published,nominated,standing,vetoed,dropped,removed,objections,upheld,rejected,onTime,late',
    counts: 'the lists of the group, their entries by what became of them, their objections by outcome',
    partOf: '`count`, `nominated` or `objections`',
    unknown: 'Lists from before the hub worked on them have no steps: they are neither on time nor late.',
  },
  {
    of: 'StarListFigures.onTimeRate',
    counts: 'the published lists none of whose steps was late, in percent',
    partOf: '`onTime` and `late`',
    unknown: 'Null where the whole is empty.',
  },
  {
    of: 'StarListFigures.medianWorkingDays',
    counts: 'the working days from the draft to publication, by the calendar',
    partOf: 'the published lists with steps',
    unknown: 'Null below three such lists.',
  },
  {
    of: 'StarListSummary.groupCount',
    counts: 'the groups, on all pages',
    unknown: 'Lists without a value of the dimension are one group of their own.',
  },
  {
    of: 'DualEffectFigures.count,onTime,late,undated',
    counts: 'the assessments of the group, and those that were on time or late',
    partOf: '`count`',
    unknown: 'Final assessments without steps are counted in `undated`.',
  },
  {
    of: 'DualEffectStageCount.count',
    counts: 'the assessments in a stage',
    partOf: '`DualEffectFigures.count`',
    unknown: allOnRecord,
  },
  {
    of: 'DualEffectGradeCount.count',
    counts: 'the enterprises with a grade, among final assessments',
    partOf: 'the final assessments of the group',
    unknown: suppressed,
  },
  {
    of: 'DualEffectFigures.onTimeRate',
    counts: 'the final assessments none of whose steps was late, in percent',
    partOf: '`onTime` and `late`',
    unknown: 'Null where the whole is empty.',
  },
  {
    of: 'DualEffectFigures.medianWorkingDays,medianTotal',
    counts: 'the working days from the opening to the final result, by the calendar, and the totals',
    partOf: 'the final assessments, those with steps for the working days',
    unknown: 'Null below three such assessments.',
  },
  {
    of: 'DualEffectSummary.groupCount',
    counts: 'the groups, on all pages',
    unknown: 'Assessments without a value of the dimension are one group of their own.',
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
];

/** Numbers that a record holds as its source states them, or that number something. They are null if they are unknown. */
export const recordedNumbers: readonly string[] = [
  '*.version',
  '*.seq',
  '*.sequence',
  '*.year',
  '*Group.*Year',
  '*Group.bundleSize',
  'Policy.issuedYear',
  'Project.bundleSize,plannedInvestment,completedInvestment',
  'StarListEntry.rank,total',
  'StarListScore.score',
  'StarListWeight.weight',
  'SearchMark.start,end',
  'DualEffectPayload.step',
  'ServiceRequestPayload.step',
  'StarListPayload.step',
  'ApiKey.costPerMinute,costPerDay',
  'Attendance.value',
  'DualEffectAssessment.socialScore,economicScore,total,socialWeight,resultCap',
  'DualEffectItem.weight,score,selfScore',
  'FloorArea.sqm',
  'TenantCount.count',
  'Growth.value',
  'Indicator.value',
  'Enterprise.registeredCapital',
  'OpenCall.reward',
  'Payout.amount',
  'Penalty.amount',
  'PublishedRevenue.yuan',
];

/** Whether coordinates such as `*Connection.totalCount` or `Region.parkCount,eventCount` name a field. */
export function names(coordinates: string, typeName: string, fieldName: string): boolean {
  const [type = '', fields = ''] = coordinates.split('.');
  return matches(type, typeName) && fields.split(',').some((field) => matches(field, fieldName));
}

const matches = (pattern: string, name: string) =>
  new RegExp(`^${pattern.replaceAll('*', '.*')}$`).test(name);
