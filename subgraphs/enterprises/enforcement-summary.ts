import type { Context } from '@wenshu/kit/context.ts';
import { fewestUnits } from '@wenshu/kit/few-units.ts';
import { regionCondition } from '@wenshu/kit/filter.ts';
import { percent } from '@wenshu/kit/percent.ts';
import { shownOnly } from '@wenshu/kit/row-filters.ts';
import { rowsOf } from '@wenshu/kit/statement.ts';
import { readsSynthetic } from '@wenshu/kit/synthetic.ts';
import { today } from '@wenshu/kit/today.ts';
import { enforcementRules } from '@wenshu/schema/enforcement-rules.ts';
import { badInput } from '@wenshu/schema/errors.ts';
import { and, eq, gte, lte, type SQL, sql } from 'drizzle-orm';
import { suppressedTotals } from './disclosure.ts';
import { findingList, inspectionList } from './queries.ts';
import { findings, inspectionAgencies, inspections, shared } from './tables.ts';

type EnforcementGroup = 'AGENCY' | 'REGION' | 'CAMPAIGN' | 'MONTH' | 'QUARTER' | 'YEAR';

export type SummaryArgs = {
  readonly region?: string | null;
  readonly from?: string | null;
  readonly to?: string | null;
  readonly campaignId?: string | null;
  readonly groupBy?: readonly EnforcementGroup[] | null;
  readonly synthetic?: boolean | null;
};

/** What is counted of a group, and the values that tell it from others. */
type Counted = {
  readonly agencyId: string | null;
  readonly regionCode: string | null;
  readonly campaignId: string | null;
  readonly period: string | null;
  readonly inspections: number;
  readonly recordedOnTime: number;
  readonly recordedLate: number;
  readonly findings: number;
  readonly filed: number;
  readonly exemptions: number;
  readonly firstOffences: number;
  readonly penalties: number;
  readonly penalised: number;
  readonly sum: string;
  readonly largest: string;
  readonly decided: number;
  readonly decidedOnTime: number;
  readonly late: number;
  readonly medianDays: string | null;
};

/** Figures of a group; the sum of its penalties is null where it would disclose a single enterprise. */
export type Figures = Counted & { readonly penaltySum: string | null };
export type EnforcementSummaryRow = Pick<Counted, 'agencyId' | 'regionCode' | 'campaignId' | 'period'> & {
  readonly figures: Figures;
};
export type EnforcementSummary = {
  readonly regionCode: string | null;
  readonly total: Figures;
  readonly groups: readonly EnforcementSummaryRow[];
  readonly synthetic: boolean;
};

/** Counts inspections, findings and decisions, in groups and in all. */
export async function summariseEnforcement(context: Context, args: SummaryArgs): Promise<EnforcementSummary> {
  const { region = null, from, to } = args;
  if (from && to && from > to) {
    throw badInput('to', `"to" must not be before "from".`, '“to”不得早于“from”。');
  }
  const synthetic = readsSynthetic(context, args.synthetic);
  const by = [...new Set(args.groupBy ?? (['AGENCY'] as const))];
  const [[total], grouped] = await Promise.all([
    rowsOf<Counted>(context.db, statementFor(context, { ...args, synthetic }, [])),
    by.length === 0 ? [] : rowsOf<Counted>(context.db, statementFor(context, { ...args, synthetic }, by)),
  ]);
  if (!total) throw new Error('The summary of law enforcement has no total.');
  const shown = withoutFew(total, grouped);
  return {
    regionCode: region,
    total: shown(total),
    groups: grouped.map((row) => ({ ...row, figures: shown(row) })),
    synthetic,
  };
}

type Asked = SummaryArgs & { readonly synthetic: boolean };

const periods: Partial<Record<EnforcementGroup, string>> = {
  MONTH: 'YYYY-MM',
  QUARTER: 'YYYY-"Q"Q',
  YEAR: 'YYYY',
};

function statementFor(context: Context, asked: Asked, by: readonly EnforcementGroup[]): SQL {
  const period = by.map((each) => periods[each]).find((format) => format !== undefined);
  const keys = [
    by.includes('AGENCY') ? sql`agency_id` : sql`null::text`,
    by.includes('REGION') ? sql`region_code` : sql`null::text`,
    by.includes('CAMPAIGN') ? sql`campaign_id` : sql`null::text`,
    period === undefined ? sql`null::text` : sql`to_char("on", ${period})`,
  ];
  const isDecided = sql`decided_on is not null`;
  const isDue = sql`decision_due_on is not null`;
  const grouping = by.length === 0 ? sql`` : sql`group by 1, 2, 3, 4 order by 1, 2, 3, 4`;
  return sql`
    select ${keys[0]} as "agencyId", ${keys[1]} as "regionCode", ${keys[2]} as "campaignId", ${keys[3]} as "period",
      (count(*) filter (where is_inspection))::int as "inspections",
      (count(*) filter (where recorded_on <= record_due_on))::int as "recordedOnTime",
      (count(*) filter (where recorded_on > record_due_on))::int as "recordedLate",
      (count(*) filter (where not is_inspection))::int as "findings",
      (count(*) filter (where filed_on is not null))::int as "filed",
      (count(*) filter (where exemption_kind is not null))::int as "exemptions",
      (count(*) filter (where exemption_kind = 'FIRST_CORRECTED'))::int as "firstOffences",
      (count(*) filter (where is_penalised))::int as "penalties",
      (count(distinct enterprise_id) filter (where is_penalised))::int as "penalised",
      coalesce(sum(amount), 0)::text as "sum",
      coalesce(max(of_enterprise), 0)::text as "largest",
      (count(*) filter (where ${isDecided}))::int as "decided",
      (count(*) filter (where ${isDecided} and ${isDue} and decided_on <= decision_due_on))::int as "decidedOnTime",
      (count(*) filter (where coalesce(decided_on, ${today()}::date) > decision_due_on or (${isDecided} is not true and due_on < ${today()}::date)))::int as "late",
      case when count(decided_on) >= ${fewestUnits} then
        (percentile_cont(0.5) within group (order by decided_on - "on") filter (where ${isDecided}))::numeric::text end as "medianDays"
    from (
      select facts.*, sum(amount) over (partition by ${sql.join(keys, sql`, `)}, enterprise_id) as of_enterprise
      from (${factsOf(context, asked, by.includes('AGENCY'))}) as facts
    ) as facts ${grouping}`;
}

/** Selects one row for each inspection and each finding; for each of its agencies, if they are counted by agency. */
function factsOf(context: Context, asked: Asked, byAgency: boolean): SQL {
  const ofInspection = sql`left join ${inspectionAgencies} on ${eq(inspectionAgencies.inspectionId, inspections.id)}`;
  const ofFinding = sql`left join ${inspectionAgencies} on ${and(eq(inspectionAgencies.inspectionId, findings.inspectionId), sql`${findings.caseAgencyId} is null`)}`;
  const foundOn = sql`coalesce(${findings.foundOn}, ${inspections.inspectedOn})`;
  const decidedOn = sql`coalesce(${findings.penaltyDecidedOn}, ${findings.exemptionDecidedOn})`;
  const isPenalised = sql`(${findings.penaltyKinds} is not null and ${findings.penaltyWithdrawnOn} is null)`;
  return sql`
    select ${byAgency ? inspectionAgencies.agencyId : sql`null::text`} as agency_id, ${inspections.regionCode} as region_code,
      ${inspections.campaignId} as campaign_id, ${inspections.enterpriseId} as enterprise_id, ${inspections.inspectedOn} as "on",
      true as is_inspection, ${inspections.recordedOn} as recorded_on, ${inspections.recordDueOn} as record_due_on,
      null::date as filed_on, null::text as exemption_kind, false as is_penalised, null::numeric as amount,
      null::date as decided_on, null::date as decision_due_on, null::date as due_on
    from ${inspections} ${byAgency ? ofInspection : sql``}
    where ${conditionsOf(context, asked, 'inspections')}
    union all
    select ${byAgency ? sql`coalesce(${findings.caseAgencyId}, ${inspectionAgencies.agencyId})` : sql`null::text`}, ${findings.regionCode},
      ${inspections.campaignId}, ${findings.enterpriseId}, ${foundOn},
      false, null::date, null::date,
      ${findings.filedOn}, ${findings.exemptionKind}, ${isPenalised}, case when ${isPenalised} then ${findings.penaltyAmount} end,
      ${decidedOn}, ${findings.filedOn} + ${enforcementRules.caseDays}::integer, ${findings.dueOn}
    from ${findings} join ${inspections} on ${eq(inspections.id, findings.inspectionId)} ${byAgency ? ofFinding : sql``}
    where ${conditionsOf(context, asked, 'findings')}`;
}

function conditionsOf(context: Context, asked: Asked, of: 'inspections' | 'findings'): SQL | undefined {
  const { region, from, to, campaignId, synthetic } = asked;
  const isFinding = of === 'findings';
  const code = isFinding ? findings.regionCode : inspections.regionCode;
  const on = isFinding
    ? sql`coalesce(${findings.foundOn}, ${inspections.inspectedOn})`
    : sql`${inspections.inspectedOn}`;
  return and(
    eq(isFinding ? findings.synthetic : inspections.synthetic, synthetic),
    region ? regionCondition(code, shared)({ within: region } as never, 'region') : undefined,
    from ? gte(on, from) : undefined,
    to ? lte(on, to) : undefined,
    campaignId ? eq(inspections.campaignId, campaignId) : undefined,
    shownOnly(context, summaries),
    shownOnly(context, isFinding ? findingList : inspectionList),
  );
}

/** Filter for look-ups only: a summary is in the region that it was asked for. */
const summaries = {
  type: 'EnforcementSummary',
  id: inspections.id,
  filter: { region: regionCondition(inspections.regionCode, shared), synthetic: inspections.synthetic },
};

const hundredths = (amount: string) => BigInt(Math.round(Number(amount) * 100));

/** Returns the function that leaves out the sums of penalties that would disclose what one enterprise paid. */
function withoutFew(total: Counted, groups: readonly Counted[]): (row: Counted) => Figures {
  const all = [total, ...groups].filter(({ penalised }) => penalised > 0);
  const nameOf = new Map<Counted, string>(all.map((row, i) => [row, `${i}`]));
  const massOf = ({ penalised, sum, largest }: Counted) => ({
    units: penalised,
    figures: [{ whole: hundredths(sum), largest: hundredths(largest) }],
  });
  const cells = new Map([...nameOf].map(([row, name]) => [name, massOf(row)]));
  const parts = groups.flatMap((row) => nameOf.get(row) ?? []);
  const whole = nameOf.get(total);
  const lines = whole !== undefined && parts.length > 0 ? [{ total: whole, parts }] : [];
  const hidden = suppressedTotals(cells, lines);
  return (row) => ({ ...row, penaltySum: hidden.has(nameOf.get(row) ?? '') ? null : row.sum });
}

const percentOf = (part: number, whole: number): string | null =>
  whole === 0 ? null : percent(part, whole, 'half up');

export const figureFields = {
  firstOffenceShare: ({ firstOffences, exemptions }: Figures) => percentOf(firstOffences, exemptions),
  onTimeRate: ({ decidedOnTime, late }: Figures) => percentOf(decidedOnTime, decidedOnTime + late),
  penaltySumReason: ({ penaltySum }: Figures) =>
    penaltySum === null
      ? `Fewer than ${fewestUnits} enterprises were penalised, one of them dominates the sum, or it could be computed from the others.`
      : null,
  penaltySumReasonZh: ({ penaltySum }: Figures) =>
    penaltySum === null ? `受处罚企业不足 ${fewestUnits} 家、一家占比过大,或可由其他数推算。` : null,
};
