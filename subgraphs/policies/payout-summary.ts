import type { Context } from '@wenshu/kit/context.ts';
import { fewestUnits } from '@wenshu/kit/few-units.ts';
import { percent } from '@wenshu/kit/percent.ts';
import { type Rule, suppressedCells } from '@wenshu/kit/suppression.ts';
import { readsSynthetic } from '@wenshu/kit/synthetic.ts';
import { workingDaysBetween } from '@wenshu/kit/workflow/working-days-between.ts';
import { badInput } from '@wenshu/schema/errors.ts';
import { sql } from 'drizzle-orm';
import { type FactGap, matchingRuns, paymentRules, payoutSteps, payouts } from './tables.ts';
import { gapsTogether } from './workflows/fact-gaps.ts';

export type PayoutSummaryBy = 'MEASURE' | 'PAYING_AGENCY' | 'REGION' | 'QUARTER' | 'MONTH';

export type PayoutSummaryArgs = {
  readonly year: number;
  readonly groupBy: PayoutSummaryBy;
  readonly synthetic?: boolean | null;
};

/** What is counted: how many payouts came so far, and how many ended otherwise. */
const counters = ['matched', 'confirmed', 'payable', 'paid', 'vetoed', 'declined', 'clawedBack'] as const;
type Counter = (typeof counters)[number];

/** The payouts of a group and the enterprises that they are for, by what is counted. */
type Cell = {
  readonly by: PayoutSummaryBy | null;
  readonly value: string | null;
  readonly counts: Readonly<Record<Counter, number>>;
  readonly enterprises: Readonly<Record<Counter, number>>;
  readonly paidAmount: string;
  readonly payableAmount: string;
  readonly medianWorkingDays: string | null;
};

type Budget = { readonly budget: string; readonly committed: string };

export type PayoutFigures = Readonly<Record<Counter, number | null>> & {
  readonly paidAmount: string | null;
  readonly payableAmount: string | null;
  readonly medianWorkingDays: string | null;
  readonly budget: string | null;
  readonly budgetCommitted: string | null;
};

export type PayoutSummaryRow = {
  readonly measureId: string | null;
  readonly payingAgencyId: string | null;
  readonly regionCode: string | null;
  readonly period: string | null;
  readonly figures: PayoutFigures;
};

export type PayoutGap = Omit<FactGap, 'unknown' | 'likely'> & {
  readonly unknown: number | null;
  readonly likely: number | null;
};

export type PayoutSummary = {
  readonly year: number;
  readonly total: PayoutFigures;
  readonly groups: readonly PayoutSummaryRow[];
  readonly gaps: readonly PayoutGap[];
  readonly synthetic: boolean;
};

/** The values by which payouts are grouped. Each payout has one value of each. */
const dimensions = {
  MEASURE: sql`${payouts.measureId}`,
  PAYING_AGENCY: sql`${payouts.payingAgencyId}`,
  REGION: sql`${payouts.regionCode}`,
  QUARTER: sql`to_char(${payouts.matchedOn}, 'YYYY-"Q"Q')`,
  MONTH: sql`to_char(${payouts.matchedOn}, 'YYYY-MM')`,
} as const satisfies Record<PayoutSummaryBy, unknown>;

const names = Object.keys(dimensions) as PayoutSummaryBy[];

/**
 * Counts the payouts that were matched in a year. A caller chooses the year and one grouping, and nothing else: what is
 * suppressed is the same for every question, so that two answers do not tell by their difference what one withholds.
 */
export async function summarisePayouts(context: Context, args: PayoutSummaryArgs): Promise<PayoutSummary> {
  const { year, groupBy } = args;
  if (year < 1949 || year > 9999) {
    throw badInput(
      'year',
      `"year" must be from 1949 to 9999, not ${year}.`,
      `“year”须为 1949 至 9999,不能是 ${year}。`,
    );
  }
  const synthetic = readsSynthetic(context, args.synthetic);
  const [cells, budgets, gaps] = await Promise.all([
    cellsOf(context, year, synthetic),
    budgetsOf(context, year, synthetic),
    gapsOf(context, year, synthetic),
  ]);
  const hidden = suppressed(cells);
  const figuresOf = (cell: Cell) => figures(cell, hidden, budgets.get(keyOf(cell)) ?? null);
  const total = cells.find(({ by }) => by === null);
  if (!total) throw new Error('The summary of payouts has no total.');
  const groups = cells.filter(({ by }) => by === groupBy);
  return {
    year,
    total: figuresOf(total),
    groups: groups.map((cell) => ({ ...groupOf(cell), figures: figuresOf(cell) })),
    gaps,
    synthetic,
  };
}

const keyOf = ({ by, value }: Pick<Cell, 'by' | 'value'>) => `${by ?? 'TOTAL'} ${value ?? ''}`;

const groupOf = ({ by, value }: Cell): Omit<PayoutSummaryRow, 'figures'> => ({
  measureId: by === 'MEASURE' ? value : null,
  payingAgencyId: by === 'PAYING_AGENCY' ? value : null,
  regionCode: by === 'REGION' ? value : null,
  period: by === 'MONTH' || by === 'QUARTER' ? value : null,
});

/** Counts all groups of all groupings in one statement. */
async function cellsOf({ db, calendar }: Context, year: number, synthetic: boolean): Promise<Cell[]> {
  const { stage, amount, clawBackAmount, matchedOn, paidOn } = payouts;
  const reached = (...stages: string[]) =>
    sql`exists (select 1 from ${payoutSteps} where ${payoutSteps.objectId} = ${payouts.id} and ${payoutSteps.stage} = any(${sql.param(stages)}::text[]))`;
  const is = {
    matched: sql`true`,
    confirmed: reached('CONFIRMED', 'OBJECTION', 'PAYABLE', 'PAID'),
    payable: reached('PAYABLE', 'PAID'),
    paid: sql`${paidOn} is not null`,
    vetoed: sql`${stage} = 'VETOED'`,
    declined: sql`${stage} = 'DECLINED'`,
    clawedBack: sql`${stage} = 'CLAWED_BACK'`,
  } as const satisfies Record<Counter, unknown>;
  const id = (name: string) => sql.identifier(name);
  const list = <T>(of: readonly T[], each: (one: T) => ReturnType<typeof sql>) =>
    sql.join(of.map(each), sql`, `);
  const counted = (what: ReturnType<typeof sql>) =>
    sql`jsonb_build_object(${list(counters, (name) => sql`${name}::text, ${what} filter (where ${id(name)})`)})`;
  const rows = await db.execute<Cell>(sql`
    select
      case ${sql.join(
        names.map((name) => sql`when grouping(${id(name)}) = 0 then ${name}`),
        sql` `,
      )} end as "by",
      coalesce(${list(names, (name) => sql`case when grouping(${id(name)}) = 0 then ${id(name)} end`)}) as "value",
      ${counted(sql`count(*)`)} as "counts", ${counted(sql`count(distinct enterprise)`)} as "enterprises",
      coalesce(sum(kept) filter (where paid), 0)::text as "paidAmount",
      coalesce(sum(amount) filter (where payable and not vetoed), 0)::text as "payableAmount",
      (percentile_cont(0.5) within group (order by days) filter (where paid))::numeric::text as "medianWorkingDays"
    from (
      select ${list(names, (name) => sql`${dimensions[name]} as ${id(name)}`)},
        ${list(counters, (name) => sql`${is[name]} as ${id(name)}`)},
        ${payouts.enterpriseId} as enterprise, ${amount} as amount,
        ${amount} - case when ${is.clawedBack} then coalesce(${clawBackAmount}, ${amount}) else 0 end as kept,
        ${workingDaysBetween(matchedOn, paidOn, calendar)} as days
      from ${payouts}
      where ${payouts.synthetic} = ${synthetic} and ${matchedOn} >= ${`${year}-01-01`}::date and ${matchedOn} <= ${`${year}-12-31`}::date
    ) as each_payout
    group by grouping sets (${list(names, (name) => sql`(${id(name)})`)}, ())
    order by 1, 2`);
  return [...rows];
}

/** Returns the budgets of the rules whose window opens in a year: of each measure, of each paying agency, and of all. */
async function budgetsOf(
  { db }: Context,
  year: number,
  synthetic: boolean,
): Promise<ReadonlyMap<string, Budget>> {
  const { measureId, payingAgencyId, budget, committed, opensOn, stage } = paymentRules;
  const rows = await db.execute<Budget & Pick<Cell, 'by' | 'value'>>(sql`
    select case when grouping(${measureId}) = 0 then 'MEASURE' when grouping(${payingAgencyId}) = 0 then 'PAYING_AGENCY' end as "by",
      coalesce(${measureId}, ${payingAgencyId}) as "value", sum(${budget})::text as budget, sum(${committed})::text as committed
    from ${paymentRules}
    where ${paymentRules.synthetic} = ${synthetic} and ${stage} in ('IN_FORCE', 'ENDED')
      and ${opensOn} >= ${`${year}-01-01`}::date and ${opensOn} <= ${`${year}-12-31`}::date
    group by grouping sets ((${measureId}), (${payingAgencyId}), ())`);
  return new Map(rows.map(({ by, value, ...sums }) => [keyOf({ by, value }), sums]));
}

/** Adds up what the latest run of each measure in a year lacked. Numbers of fewer than three enterprises are left out. */
async function gapsOf({ db }: Context, year: number, synthetic: boolean): Promise<PayoutGap[]> {
  const { measureId, ranOn, id, gaps } = matchingRuns;
  const rows = await db.execute<{ gaps: readonly FactGap[] }>(sql`
    select distinct on (${measureId}) ${gaps} as gaps from ${matchingRuns}
    where ${matchingRuns.synthetic} = ${synthetic} and ${ranOn} >= ${`${year}-01-01`}::date and ${ranOn} <= ${`${year}-12-31`}::date
    order by ${measureId}, ${ranOn} desc, ${matchingRuns.updatedAt} desc, ${id}`);
  const all = rows.reduce<readonly FactGap[]>((sum, row) => gapsTogether(sum, row.gaps), []);
  return all.map((gap) => ({ ...gap, unknown: unlessFew(gap.unknown), likely: unlessFew(gap.likely) }));
}

const unlessFew = (count: number) => (count > 0 && count < fewestUnits ? null : count);

type Mass = { readonly count: number; readonly enterprises: number };

/** Payouts to one or two enterprises would tell what these were paid, or that they were vetoed. */
const few: Omit<Rule<Mass, 'FEW'>, 'canBeAsked'> = {
  riskOf: ({ count, enterprises }) => (count > 0 && enterprises < fewestUnits ? 'FEW' : null),
  // An enterprise may have payouts in several cells, so together they are of as many as the largest has at least.
  together: (masses) => ({
    count: masses.reduce((sum, { count }) => sum + count, 0),
    enterprises: Math.max(...masses.map(({ enterprises }) => enterprises)),
  }),
  sizeOf: ({ count }) => count,
};

/** Returns the cells that are not shown, by what is counted. All groupings of a year are one table. */
function suppressed(cells: readonly Cell[]): ReadonlyMap<Counter, ReadonlyMap<string, unknown>> {
  const keysOf = (by: PayoutSummaryBy, within = (_value: string) => true) =>
    cells.filter((cell) => cell.by === by && within(cell.value ?? '')).map(keyOf);
  const total = keyOf({ by: null, value: null });
  const lines = [
    ...names.filter((by) => by !== 'MONTH').map((by) => ({ total, parts: keysOf(by) })),
    ...cells
      .filter(({ by }) => by === 'QUARTER')
      .map((quarter) => ({
        total: keyOf(quarter),
        parts: keysOf('MONTH', (month) => quarterOf(month) === quarter.value),
      })),
  ].filter(({ parts }) => parts.length > 0);
  return new Map(
    counters.map((counter) => {
      const masses = new Map(
        cells.map((cell) => [
          keyOf(cell),
          { count: cell.counts[counter], enterprises: cell.enterprises[counter] },
        ]),
      );
      return [counter, suppressedCells(masses, lines, { ...few, canBeAsked: () => true })];
    }),
  );
}

const quarterOf = (month: string) => `${month.slice(0, 4)}-Q${Math.ceil(Number(month.slice(5)) / 3)}`;

function figures(
  cell: Cell,
  hidden: ReadonlyMap<Counter, ReadonlyMap<string, unknown>>,
  budget: Budget | null,
): PayoutFigures {
  const isShown = (counter: Counter) => !hidden.get(counter)?.has(keyOf(cell));
  const count = (counter: Counter) => (isShown(counter) ? cell.counts[counter] : null);
  return {
    matched: count('matched'),
    confirmed: count('confirmed'),
    payable: count('payable'),
    paid: count('paid'),
    vetoed: count('vetoed'),
    declined: count('declined'),
    clawedBack: count('clawedBack'),
    paidAmount: isShown('paid') ? cell.paidAmount : null,
    payableAmount: isShown('payable') ? cell.payableAmount : null,
    medianWorkingDays: isShown('paid') && cell.counts.paid >= fewestUnits ? cell.medianWorkingDays : null,
    budget: budget?.budget ?? null,
    budgetCommitted: budget && isShown('payable') ? budget.committed : null,
  };
}

export const payoutFigureFields = {
  budgetUsed: ({ budget, budgetCommitted }: PayoutFigures) =>
    budget === null || budgetCommitted === null || Number(budget) === 0
      ? null
      : percent(cents(budgetCommitted), cents(budget), 'half up'),
};

const cents = (yuan: string) => Math.round(Number(yuan) * 100);
