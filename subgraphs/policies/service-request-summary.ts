import type { Context } from '@wenshu/kit/context.ts';
import { fewestUnits } from '@wenshu/kit/few-units.ts';
import { regionCondition } from '@wenshu/kit/filter.ts';
import { percent } from '@wenshu/kit/percent.ts';
import { shownOnly } from '@wenshu/kit/row-filters.ts';
import { type Share, shareRule, suppressedCells } from '@wenshu/kit/suppression.ts';
import { readsSynthetic } from '@wenshu/kit/synthetic.ts';
import { badInput } from '@wenshu/schema/errors.ts';
import { exceptionsOf } from '@wenshu/schema/working-days.ts';
import { and, eq, gte, lte, type SQL, sql } from 'drizzle-orm';
import { overdueSql } from './service-requests.ts';
import { regionClosure, serviceRequests, shared } from './tables.ts';

const { stage, dueOn, submittedOn, closedOn, isReopened, isSatisfied, regionCode, kind, responsibleId } =
  serviceRequests;

const maxGroups = 1_000;

type By = 'REGION' | 'KIND' | 'RESPONSIBLE' | 'QUARTER';

export interface SummaryArgs {
  region?: string | null;
  from?: string | null;
  to?: string | null;
  groupBy?: readonly By[] | null;
  synthetic?: boolean | null;
}

/** Requests of a group, counted. */
type Counted = {
  readonly count: number;
  readonly closed: number;
  readonly onTime: number;
  readonly late: number;
  readonly pending: number;
  readonly undated: number;
  readonly medianWorkingDays: string | null;
  readonly overdue: number;
  readonly reopened: number;
  readonly rated: number;
  readonly satisfied: number;
};

/** The values by which a group is told from others; null for what it is not grouped by. */
type Group = {
  readonly regionCode: string | null;
  readonly kind: string | null;
  readonly responsibleId: string | null;
  readonly quarter: string | null;
};

type Row = Group & Counted & { readonly isTotal: boolean };

/** Figures that callers read: without those that would disclose single enterprises. */
export type RequestFigures = Omit<Counted, 'satisfied'> & { readonly satisfied: number | null };
export type RequestSummaryRow = Group & { readonly figures: RequestFigures };
export type RequestSummary = {
  readonly regionCode: string | null;
  readonly total: RequestFigures;
  readonly groups: readonly RequestSummaryRow[];
  readonly synthetic: boolean;
};

const expressions: Readonly<Record<By, { readonly name: keyof Group; readonly value: SQL }>> = {
  REGION: { name: 'regionCode', value: sql`${regionCode}` },
  KIND: { name: 'kind', value: sql`${kind}` },
  RESPONSIBLE: { name: 'responsibleId', value: sql`${responsibleId}` },
  QUARTER: { name: 'quarter', value: sql`to_char(${submittedOn}, 'YYYY-"Q"Q')` },
};

/** Filter for look-ups only: a summary is in the region that it was asked for. */
const summaries = {
  type: 'ServiceRequestSummary',
  id: serviceRequests.id,
  filter: { region: regionCondition(regionCode, shared), synthetic: serviceRequests.synthetic },
};

/** Counts the requests submitted in a period, in groups and in all. */
export async function summariseRequests(context: Context, args: SummaryArgs): Promise<RequestSummary> {
  const { region, from, to, groupBy } = args;
  if (from && to && from > to) {
    throw badInput(
      'to',
      `"to" must not be before "from": no day is from ${from} to ${to}.`,
      `“to”不得早于“from”:从 ${from} 到 ${to} 没有日期。`,
    );
  }
  const synthetic = readsSynthetic(context, args.synthetic);
  const by = [...new Set(groupBy ?? (['RESPONSIBLE', 'QUARTER'] as const))].map((each) => expressions[each]);
  const inRegion = sql`${regionCode} in (select ${regionClosure.code} from ${regionClosure} where ${regionClosure.ancestor} = ${region})`;
  const where = and(
    eq(serviceRequests.synthetic, synthetic),
    region ? inRegion : undefined,
    from ? gte(submittedOn, from) : undefined,
    to ? lte(submittedOn, to) : undefined,
    shownOnly(context, summaries),
  );
  const rows = [...(await context.db.execute(statementFor(context, by, where)))] as Row[];
  const total = rows.find(({ isTotal }) => isTotal);
  if (!total) throw new Error('The summary of service requests has no total.');
  const grouped = rows.filter(({ isTotal }) => !isTotal);
  const shown = withoutFew(total, grouped);
  return {
    regionCode: region ?? null,
    total: shown(total),
    groups: grouped.map((row) => ({
      regionCode: row.regionCode ?? region ?? null,
      kind: row.kind ?? null,
      responsibleId: row.responsibleId ?? null,
      quarter: row.quarter ?? null,
      figures: shown(row),
    })),
    synthetic,
  };
}

function statementFor(
  { calendar }: Pick<Context, 'calendar'>,
  by: readonly { readonly name: keyof Group; readonly value: SQL }[],
  where: SQL | undefined,
): SQL {
  const isClosed = sql`${stage} = 'STRUCK_OFF'`;
  const keys = by.map(({ name, value }) => sql`${value} as ${sql.identifier(name)}`);
  const names = by.map(({ name }) => sql.identifier(name));
  const sets = names.length > 0 ? [sql`(${sql.join(names, sql`, `)})`, sql`()`] : [sql`()`];
  const isTotal =
    names.length > 0 ? sql`grouping(${sql.join(names, sql`, `)}) = ${2 ** names.length - 1}` : sql`true`;
  const workingDays = sql`${workingDaysThrough(closedOn)} - ${workingDaysThrough(submittedOn)} + ${daysInstead(exceptionsOf(calendar))}`;
  return sql`
    select ${sql.join([...names, sql`${isTotal} as "isTotal"`], sql`, `)},
      count(*)::int as "count",
      (count(*) filter (where is_closed))::int as "closed",
      (count(*) filter (where is_closed and closed_on <= due_on))::int as "onTime",
      (count(*) filter (where is_overdue or (is_closed and closed_on > due_on)))::int as "late",
      (count(*) filter (where not is_closed and not is_overdue and due_on is not null))::int as "pending",
      (count(*) filter (where due_on is null))::int as "undated",
      case when count(*) filter (where is_closed) >= ${fewestUnits} then
        (percentile_cont(0.5) within group (order by working_days) filter (where is_closed))::numeric::text
      end as "medianWorkingDays",
      (count(*) filter (where is_overdue))::int as "overdue",
      (count(*) filter (where is_reopened))::int as "reopened",
      count(is_satisfied)::int as "rated",
      (count(*) filter (where is_satisfied))::int as "satisfied"
    from (
      select ${sql.join([...keys, sql`${isClosed} as is_closed`], sql`, `)}, ${overdueSql()} as is_overdue,
        ${closedOn} as closed_on, ${dueOn} as due_on, ${isReopened} as is_reopened, ${isSatisfied} as is_satisfied,
        ${workingDays} as working_days
      from ${serviceRequests} where ${where}
    ) as requests
    group by grouping sets (${sql.join(sets, sql`, `)})
    order by ${sql.join([sql`"isTotal"`, ...names], sql`, `)}`;
}

/**
 * Returns the function that leaves out how many were satisfied where that would tell what single enterprises said, by
 * itself or by subtraction from the total.
 */
function withoutFew(total: Row, groups: readonly Row[]): (row: Row) => RequestFigures {
  const nameOf = new Map<Row, string>([total, ...groups].map((row, i) => [row, `${i}`]));
  const cells = new Map<string, Share>(
    [...nameOf].map(([row, name]) => [name, { units: row.rated, counted: row.satisfied }]),
  );
  const parts = groups.flatMap((row) => nameOf.get(row) ?? []);
  const lines = parts.length > 0 ? [{ total: '0', parts }] : [];
  const hidden = suppressedCells(cells, lines, { ...shareRule, canBeAsked: () => true });
  return (row) => ({ ...row, satisfied: hidden.has(nameOf.get(row) ?? '') ? null : row.satisfied });
}

/** Returns a part in percent with two decimals; null if the whole is empty. */
const percentOf = (part: number, whole: number): string | null =>
  whole === 0 ? null : percent(part, whole, 'half up');

export const figureFields = {
  closureRate: ({ closed, count }: RequestFigures) => percentOf(closed, count),
  onTimeRate: ({ onTime, late }: RequestFigures) => percentOf(onTime, onTime + late),
  satisfactionRate: ({ satisfied, rated }: RequestFigures) =>
    satisfied === null ? null : percentOf(satisfied, rated),
  satisfactionReason: ({ satisfied }: RequestFigures) =>
    satisfied === null
      ? `Fewer than ${fewestUnits} requests were rated satisfied or fewer than ${fewestUnits} were not, or the number could be computed from the others.`
      : null,
  satisfactionReasonZh: ({ satisfied }: RequestFigures) =>
    satisfied === null ? `满意或不满意的不足 ${fewestUnits} 件,或可由其他数推算。` : null,
};

export const summaryFields = {
  groupCount: ({ groups }: { readonly groups: readonly unknown[] }) => groups.length,
  groups<Row>({ groups }: { readonly groups: readonly Row[] }, { first }: { readonly first: number }) {
    if (first < 1 || first > maxGroups) {
      throw badInput(
        'first',
        `"first" must be from 1 to ${maxGroups}, not ${first}.`,
        `“first”须为 1 至 ${maxGroups},不能是 ${first}。`,
      );
    }
    return groups.slice(0, first);
  },
};

/** Returns the number of days from Monday to Friday up to and including a day, counted from Monday, 1 January 1900. */
function workingDaysThrough(day: typeof closedOn | typeof submittedOn): SQL {
  const days = sql`(${day} - date '1899-12-31')`;
  return sql`(5 * (${days} / 7) + least(${days} % 7, 5))`;
}

/** Returns the number of further working days of a request by the calendar, beyond Monday to Friday; negative for holidays. */
function daysInstead({ worked, free }: ReturnType<typeof exceptionsOf>): SQL {
  const among = (days: readonly string[]) =>
    sql`(select count(*) from unnest(${sql.param(days)}::text[]) as day where day::date > ${submittedOn} and day::date <= ${closedOn})`;
  return sql`(${among(worked)} - ${among(free)})`;
}
