import type { Context } from '@wenshu/kit/context.ts';
import { fewestUnits } from '@wenshu/kit/few-units.ts';
import { readsSynthetic } from '@wenshu/kit/synthetic.ts';
import { today } from '@wenshu/kit/today.ts';
import { dayOf, workingDaysBetween } from '@wenshu/kit/workflow/durations.ts';
import { stagesOf } from '@wenshu/kit/workflow/table.ts';
import type { Department, DepartmentCaller } from '@wenshu/schema/caller.ts';
import { badInput } from '@wenshu/schema/errors.ts';
import { and, eq, gte, lte, type SQL, sql } from 'drizzle-orm';
import { corrections } from '../tables.ts';
import { type CorrectionStage, correctionTable } from './correction-table.ts';
import { correctionWorkflow, isSynthetic } from './corrections.ts';

export type CorrectionFigures = {
  readonly count: number;
  readonly byStage: readonly { readonly stage: CorrectionStage; readonly count: number }[];
  readonly overdue: number;
  readonly answered: number;
  readonly medianWorkingDays: string | null;
};

type Counted = Omit<CorrectionFigures, 'byStage'> & {
  readonly owner: Department | null;
  readonly stages: Readonly<Partial<Record<CorrectionStage, number>>>;
};

type Args = {
  readonly from?: string | null;
  readonly to?: string | null;
  readonly synthetic?: boolean | null;
};

const stages = stagesOf(correctionTable);

/** Counts the corrections that were asked for in a period, by the department that must answer and in all. */
export async function summariseCorrections(context: Context, caller: DepartmentCaller, args: Args) {
  const { from, to } = args;
  if (from && to && from > to) {
    throw badInput(
      'to',
      `"to" must not be before "from": no day is from ${from} to ${to}.`,
      `“to”不得早于“from”:从 ${from} 到 ${to} 没有日期。`,
    );
  }
  const synthetic = readsSynthetic(context, args.synthetic);
  const where = and(
    isSynthetic(synthetic),
    seesAll(caller) ? undefined : eq(corrections.owner, caller.department),
    from ? gte(corrections.requestedOn, from) : undefined,
    to ? lte(corrections.requestedOn, to) : undefined,
  );
  const rows = [...(await context.db.execute(statementFor(context, where)))] as Counted[];
  const total = rows.find(({ owner }) => owner === null);
  return {
    synthetic,
    total: figuresOf(total),
    groups: rows.flatMap((row) =>
      row.owner === null ? [] : [{ owner: row.owner, figures: figuresOf(row) }],
    ),
  };
}

const seesAll = ({ role, department }: DepartmentCaller) =>
  role === 'steward' || department === correctionTable.owner;

const figuresOf = ({
  stages: counts = {},
  count = 0,
  overdue = 0,
  answered = 0,
  medianWorkingDays = null,
}: Partial<Counted> = {}): CorrectionFigures => ({
  count,
  byStage: stages.map((stage) => ({ stage, count: counts[stage] ?? 0 })),
  overdue,
  answered,
  medianWorkingDays,
});

function statementFor({ calendar }: Pick<Context, 'calendar'>, where: SQL | undefined): SQL {
  const answeredOn = dayOf(correctionWorkflow, 'first', ['ACCEPT', 'REFUSE', 'SETTLE']);
  const isWaiting = sql`${corrections.stage} in ('SUBMITTED', 'DISPUTED')`;
  const numbers = stages.map((stage) => sql`${stage}::text, count(*) filter (where stage = ${stage})`);
  return sql`
    select owner, count(*)::int as "count", (count(*) filter (where is_overdue))::int as "overdue",
      count(answered_on)::int as "answered", json_build_object(${sql.join(numbers, sql`, `)}) as "stages",
      case when count(answered_on) >= ${fewestUnits} then
        (percentile_cont(0.5) within group (order by working_days) filter (where answered_on is not null))::numeric::text
      end as "medianWorkingDays"
    from (
      select *, ${workingDaysBetween(sql`requested_on`, sql`answered_on`, calendar)} as working_days
      from (
        select ${corrections.owner} as owner, ${corrections.stage} as stage, ${corrections.requestedOn} as requested_on,
          ${answeredOn} as answered_on, (${isWaiting} and ${corrections.dueOn} < ${today()}::date) as is_overdue
        from ${corrections} where ${where}
      ) as dated
    ) as counted
    group by grouping sets ((owner), ()) order by owner`;
}
