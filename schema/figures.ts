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
const fewerThanThree = 'Null where it would tell of fewer than three enterprises.';
const suppressed = 'Null, with `isSuppressed`, where it would reveal single enterprises.';

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
    of: 'PartyMeetingFigures.due,held,overdue,unknown',
    counts:
      'the meetings that rules of Party organisations demand in the periods that ended more than five days ago, and those that were held, were not held, or of which nothing is known',
    partOf: '`due`',
    unknown: 'Meetings of an organisation from before its first record are counted in `unknown`.',
  },
  {
    of: 'PartyMeetingFigures.heldRate',
    counts: 'the meetings that were held, in percent',
    partOf: '`held` and `overdue`',
    unknown: 'The unknown are left out; null where there are no others.',
  },
  {
    of: 'PartyCoverageFigures.established,dissolved,checks,checksOnTime,overdue',
    counts: 'the steps of coverage cases in the period; `overdue` the cases whose check is overdue today',
    unknown: allOnRecord,
  },
  {
    of: 'PartyBrandFigures.nominated,cultivated,awarded',
    counts: 'the steps of brands in the period',
    unknown: allOnRecord,
  },
  {
    of: 'EnforcementFigures.inspections,recordedOnTime,recordedLate',
    counts: 'the inspections of the group, and those that were recorded in time or late',
    partOf: '`inspections`',
    unknown: 'Inspections whose day of recording is not known are neither in time nor late.',
  },
  {
    of: 'EnforcementFigures.findings,filed,exemptions,firstOffences,penalties,decided,decidedOnTime,late',
    counts: 'the findings of the group, and those of each course; penalties that were set aside are left out',
    partOf: '`findings`',
    unknown: 'Only decisions on cases, which have a last day, are in time.',
  },
  {
    of: 'EnforcementFigures.firstOffenceShare,onTimeRate',
    counts: 'the part that was exempted as a first violation, or decided in time, in percent',
    partOf: '`exemptions`, or `decidedOnTime` and `late`',
    unknown: 'Null where the whole is empty.',
  },
  {
    of: 'EnforcementFigures.penaltySum',
    counts: 'the fines and the confiscated money, in yuan',
    unknown: 'Null, with `penaltySumReason`, where it would reveal single enterprises.',
  },
  {
    of: 'EnforcementFigures.medianDays',
    counts: 'the days from the finding to its decision',
    partOf: 'the findings that were decided on',
    unknown: 'Null below three decisions.',
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
    of: 'OpenCallFigures.count,published,selected,inProgress,accepted,failed,lapsed,rewarded',
    counts: 'the open calls of the group, those in each stage, and those whose reward was paid',
    partOf: '`count`',
    unknown: allOnRecord,
  },
  {
    of: 'OpenCallFigures.claims,claimsPerCall',
    counts: 'the claims that were not withdrawn, in all and for each call',
    unknown: '`claimsPerCall` is null where there are no calls.',
  },
  {
    of: 'OpenCallFigures.acceptanceRate',
    counts: 'the calls that were accepted, in percent',
    partOf: '`accepted` and `failed`',
    unknown: 'Null where there are none.',
  },
  {
    of: 'OpenCallFigures.medianDays',
    counts: 'the calendar days from publication to acceptance',
    partOf: 'the accepted calls',
    unknown: 'Null below three accepted calls.',
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
    of: 'OpenCallSummary.groupCount',
    counts: 'the groups of the summary',
    unknown: 'Calls without a value are one group of their own.',
  },
  {
    of: 'ProjectLedgerSummary.groupCount',
    counts: 'the groups of the summary',
    unknown: 'Ledgers without a value are one group of their own.',
  },
  {
    of: 'ServiceRequestSummary.groupCount',
    counts: 'the groups, on all pages',
    unknown: 'Requests without a value of the dimension are one group of their own.',
  },
  {
    of: 'PayoutFigures.matched,confirmed,payable,paid,vetoed,declined,clawedBack',
    counts: 'the payouts of the group that were matched in the year, and those that came so far',
    partOf: '`matched`',
    unknown: fewerThanThree,
  },
  {
    of: 'PayoutFigures.paidAmount,payableAmount,budget,budgetCommitted',
    counts:
      'what was paid and not clawed back, what was approved, the budget, and what of it was approved, in yuan',
    unknown: fewerThanThree,
  },
  {
    of: 'PayoutFigures.budgetUsed',
    counts: 'what was approved, in percent of the budget',
    partOf: '`budget`',
    unknown: 'Null where there is no budget or the part is hidden.',
  },
  {
    of: 'PayoutFigures.medianWorkingDays',
    counts: 'the working days from the match to the payment, by the calendar',
    partOf: 'the paid payouts',
    unknown: 'Null below three paid payouts.',
  },
  {
    of: 'PayoutSummary.groupCount',
    counts: 'the groups, on all pages',
    unknown: 'Payouts without a value of the dimension are one group of their own.',
  },
  {
    of: 'PayoutGap.unknown,likely',
    counts: 'the enterprises that the latest run of each measure could not decide on for lack of the fact',
    unknown: fewerThanThree,
  },
  {
    of: 'MatchingRun.tested,met,likely,unknown,notMet,blacklisted,alreadyMatched',
    counts: 'the enterprises that the run tested, and those with each result',
    partOf: '`tested`',
    unknown: 'Enterprises that cannot be decided on are counted in `unknown` and `likely`.',
  },
  {
    of: 'FactGap.unknown,likely',
    counts: 'the enterprises that the run could not decide on for lack of the fact',
    partOf: '`MatchingRun.tested`',
    unknown: 'It counts what is unknown.',
  },
  {
    of: 'BlacklistNotePayload.vetoed',
    counts: 'the payouts that the note vetoed',
    unknown: 'Nothing is unknown.',
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

/** Whether coordinates such as `*Connection.totalCount` or `Region.parkCount,eventCount` name a field. */
export function names(coordinates: string, typeName: string, fieldName: string): boolean {
  const [type = '', fields = ''] = coordinates.split('.');
  return matches(type, typeName) && fields.split(',').some((field) => matches(field, fieldName));
}

const matches = (pattern: string, name: string) =>
  new RegExp(`^${pattern.replaceAll('*', '.*')}$`).test(name);
