import { allOnRecord, type Figure, fewerThanThree, suppressed } from './figure.ts';

/** The computed numbers about what workflows carry out. */
export const workflowFigures: readonly Figure[] = [
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
    of: 'CorrectionFigures.count,overdue,answered',
    counts:
      'the corrections that the department must answer, those that are overdue, and those that were answered or settled',
    partOf: '`count`',
    unknown: 'Nothing is unknown.',
  },
  {
    of: 'CorrectionStageCount.count',
    counts: 'the corrections in a stage',
    partOf: '`CorrectionFigures.count`',
    unknown: 'Nothing is unknown.',
  },
  {
    of: 'CorrectionFigures.medianWorkingDays',
    counts: 'the working days from the request to the first answer or decision, by the calendar',
    partOf: 'the answered corrections',
    unknown: 'Null below three such corrections.',
  },
];
