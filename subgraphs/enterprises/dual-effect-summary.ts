import type { Context } from '@wenshu/kit/context.ts';
import { fewestUnits } from '@wenshu/kit/few-units.ts';
import { regionCondition } from '@wenshu/kit/filter.ts';
import { percent } from '@wenshu/kit/percent.ts';
import { shownOnly } from '@wenshu/kit/row-filters.ts';
import { type Rule, suppressedCells } from '@wenshu/kit/suppression.ts';
import { readsSynthetic } from '@wenshu/kit/synthetic.ts';
import { dayOf, isLate, workingDaysBetween } from '@wenshu/kit/workflow/durations.ts';
import { stagesOf } from '@wenshu/kit/workflow/table.ts';
import { badInput } from '@wenshu/schema/errors.ts';
import { and, eq, gte, lte, type SQL, sql } from 'drizzle-orm';
import { grades } from './dual-effect-scores.ts';
import { dualEffectAssessments, enterprises, regionClosure, shared } from './tables.ts';
import { type DualEffectStage, dualEffectTable } from './workflows/dual-effect-table.ts';
import { dualEffectWorkflow } from './workflows/dual-effects.ts';

const maxGroups = 1_000;

export type SummaryArgs = {
  readonly region?: string | null;
  readonly from?: number | null;
  readonly to?: number | null;
  readonly groupBy: readonly ('REGION' | 'YEAR')[];
  readonly synthetic?: boolean | null;
};

type Group = { readonly regionCode: string | null; readonly year: number | null };

/** Assessments of a group, counted. */
type Counted = {
  readonly count: number;
  readonly stages: Readonly<Record<string, number>>;
  readonly grades: Readonly<Record<string, number>>;
  readonly onTime: number;
  readonly late: number;
  readonly undated: number;
  readonly medianWorkingDays: string | null;
  readonly medianTotal: string | null;
};

type Row = Group & Counted & { readonly isTotal: boolean };

type GradeCount = { readonly gradeZh: string; readonly count: number | null; readonly isSuppressed: boolean };

/** Figures that callers read: without those that would disclose single enterprises. */
export type DualEffectFigures = Omit<Counted, 'stages' | 'grades'> & {
  readonly byStage: readonly { readonly stage: DualEffectStage; readonly count: number }[];
  readonly byGrade: readonly GradeCount[];
};

export type DualEffectSummaryRow = Group & { readonly figures: DualEffectFigures };

export type DualEffectSummary = {
  readonly regionCode: string | null;
  readonly total: DualEffectFigures;
  readonly groups: readonly DualEffectSummaryRow[];
  readonly synthetic: boolean;
};

const { stage, year, gradeZh, total: totalScore, enterpriseId } = dualEffectAssessments;

const regionOf = sql`(select ${enterprises.regionCode} from ${enterprises} where ${enterprises.id} = ${enterpriseId})`;

const keys = {
  REGION: { name: 'regionCode', value: regionOf },
  YEAR: { name: 'year', value: sql`${year}` },
} as const;

/** Filter for look-ups only: a summary is in the region that it was asked for. */
const summaries = {
  type: 'DualEffectSummary',
  id: dualEffectAssessments.id,
  filter: {
    region: regionCondition(dualEffectAssessments.regionCode, shared),
    synthetic: dualEffectAssessments.synthetic,
  },
};

/** Counts the assessments of some years, in groups and in all. */
export async function summariseAssessments(
  context: Context,
  { region, from, to, groupBy, synthetic: asked }: SummaryArgs,
): Promise<DualEffectSummary> {
  if (from != null && to != null && from > to) {
    throw badInput(
      'to',
      `"to" must not be before "from": no year is from ${from} to ${to}.`,
      `“to”不得早于“from”:从 ${from} 到 ${to} 没有年份。`,
    );
  }
  const synthetic = readsSynthetic(context, asked);
  const where = and(
    eq(dualEffectAssessments.synthetic, synthetic),
    region
      ? sql`${regionOf} in (select ${regionClosure.code} from ${regionClosure} where ${regionClosure.ancestor} = ${region})`
      : undefined,
    from == null ? undefined : gte(year, from),
    to == null ? undefined : lte(year, to),
    shownOnly(context, summaries),
  );
  const by = [...new Set(groupBy)].map((each) => keys[each]);
  const rows = [...(await context.db.execute(statementFor(context, by, where)))] as Row[];
  const total = rows.find(({ isTotal }) => isTotal);
  if (!total) throw new Error('The summary of assessments has no total.');
  const groups = rows.filter(({ isTotal }) => !isTotal);
  const shown = withoutFew(total, groups);
  return {
    regionCode: region ?? null,
    total: shown(total),
    groups: groups.map((row) => ({
      regionCode: row.regionCode ?? region ?? null,
      year: row.year ?? null,
      figures: shown(row),
    })),
    synthetic,
  };
}

function statementFor(
  { calendar }: Pick<Context, 'calendar'>,
  by: readonly { readonly name: string; readonly value: SQL }[],
  where: SQL | undefined,
): SQL {
  const names = by.map(({ name }) => sql.identifier(name));
  const sets = names.length > 0 ? [sql`(${sql.join(names, sql`, `)})`, sql`()`] : [sql`()`];
  const isTotal =
    names.length > 0 ? sql`grouping(${sql.join(names, sql`, `)}) = ${2 ** names.length - 1}` : sql`true`;
  const columns = [
    ...by.map(({ name, value }) => sql`${value} as ${sql.identifier(name)}`),
    sql`${stage} as stage`,
    sql`${gradeZh} as grade`,
    sql`${totalScore} as score`,
    sql`${stage} = 'FINAL' as is_final`,
    sql`${isLate(dualEffectWorkflow)} as is_late`,
    sql`${dayOf(dualEffectWorkflow, 'first', ['OPEN'])} as opened_on`,
    sql`${dayOf(dualEffectWorkflow, 'last', ['CLOSE', 'DECIDE_APPEAL'])} as final_on`,
  ];
  const isTimed = sql`is_final and opened_on is not null and final_on is not null`;
  return sql`
    select ${sql.join([...names, sql`${isTotal} as "isTotal"`], sql`, `)},
      count(*)::int as "count",
      ${countsOf('stage', stagesOf(dualEffectTable))} as "stages",
      ${countsOf(
        'grade',
        grades.map(({ zh }) => zh),
      )} as "grades",
      (count(*) filter (where ${isTimed} and not is_late))::int as "onTime",
      (count(*) filter (where is_late))::int as "late",
      (count(*) filter (where is_final and not (${isTimed}) and not is_late))::int as "undated",
      case when count(*) filter (where ${isTimed}) >= ${fewestUnits} then
        (percentile_cont(0.5) within group (order by ${workingDaysBetween(sql`opened_on`, sql`final_on`, calendar)})
          filter (where ${isTimed}))::numeric::text
      end as "medianWorkingDays",
      case when count(score) filter (where is_final) >= ${fewestUnits} then
        (percentile_cont(0.5) within group (order by score) filter (where is_final))::numeric::text
      end as "medianTotal"
    from (select ${sql.join(columns, sql`, `)} from ${dualEffectAssessments} where ${where}) as assessments
    group by grouping sets (${sql.join(sets, sql`, `)})
    order by ${sql.join([sql`"isTotal"`, ...names], sql`, `)}`;
}

/** Counts the rows by the values of a column; grades only among final assessments. */
function countsOf(column: 'stage' | 'grade', values: readonly string[]): SQL {
  const counts = values.map(
    (value) =>
      sql`${value}::text, count(*) filter (where ${sql.identifier(column)} = ${value}${column === 'grade' ? sql` and is_final` : sql``})`,
  );
  return sql`jsonb_build_object(${sql.join(counts, sql`, `)})`;
}

/** Rule for a distribution: a number of one or two enterprises is not shown. */
const fewRule: Rule<number, 'FEW'> = {
  riskOf: (units) => (units > 0 && units < fewestUnits ? 'FEW' : null),
  together: (all) => all.reduce((sum, each) => sum + each, 0),
  canBeAsked: () => true,
  // A zero hides nothing, so it is hidden last.
  sizeOf: (units) => units || Number.MAX_SAFE_INTEGER,
};

/** Returns the function that leaves out the numbers of few enterprises, also those that sums and differences would tell. */
function withoutFew(total: Row, groups: readonly Row[]): (row: Row) => DualEffectFigures {
  const rows = [total, ...groups];
  const nameOf = (row: Row, grade: string) => `${rows.indexOf(row)} ${grade}`;
  const all = (row: Row) => `${rows.indexOf(row)}`;
  const cells = new Map<string, number>();
  for (const row of rows) {
    for (const { zh } of grades) cells.set(nameOf(row, zh), row.grades[zh] ?? 0);
    cells.set(all(row), fewRule.together(Object.values(row.grades)));
  }
  const ofRows = rows.map((row) => ({ total: all(row), parts: grades.map(({ zh }) => nameOf(row, zh)) }));
  const ofGrades =
    groups.length === 0
      ? []
      : [
          ...grades.map(
            ({ zh }) =>
              (row: Row) =>
                nameOf(row, zh),
          ),
          all,
        ].map((cell) => ({
          total: cell(total),
          parts: groups.map(cell),
        }));
  const hidden = suppressedCells(cells, [...ofRows, ...ofGrades], fewRule);
  return (row) => {
    const { stages, grades: _grades, ...figures } = row;
    return {
      ...figures,
      byStage: stagesOf(dualEffectTable).map((each) => ({ stage: each, count: stages[each] ?? 0 })),
      byGrade: grades.map(({ zh }) => {
        const isSuppressed = hidden.has(nameOf(row, zh));
        return { gradeZh: zh, count: isSuppressed ? null : (row.grades[zh] ?? 0), isSuppressed };
      }),
    };
  };
}

export const dualEffectFigures = {
  onTimeRate: ({ onTime, late }: DualEffectFigures) =>
    onTime + late === 0 ? null : percent(onTime, onTime + late, 'half up'),
};

export const summaryFields = {
  groupCount: ({ groups }: DualEffectSummary) => groups.length,
  groups({ groups }: DualEffectSummary, { first }: { readonly first: number }) {
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
