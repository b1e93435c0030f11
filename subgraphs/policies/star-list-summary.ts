import type { Context } from '@wenshu/kit/context.ts';
import { fewestUnits } from '@wenshu/kit/few-units.ts';
import { regionCondition } from '@wenshu/kit/filter.ts';
import { percent } from '@wenshu/kit/percent.ts';
import { shownOnly } from '@wenshu/kit/row-filters.ts';
import { readsSynthetic } from '@wenshu/kit/synthetic.ts';
import { dayOf, isLate, workingDaysBetween } from '@wenshu/kit/workflow/durations.ts';
import { badInput } from '@wenshu/schema/errors.ts';
import { and, eq, gte, lte, type SQL, sql } from 'drizzle-orm';
import { isStanding } from './star-lists.ts';
import { regionClosure, shared, starListEntries, starListObjections, starLists } from './tables.ts';
import { starListWorkflow } from './workflows/star-lists.ts';

type SummaryArgs = {
  readonly region?: string | null;
  readonly from?: number | null;
  readonly to?: number | null;
  readonly groupBy: readonly (keyof typeof keys)[];
  readonly synthetic?: boolean | null;
};

/** Star lists of a group, counted. */
export type StarListFigures = {
  readonly count: number;
  readonly published: number;
  readonly nominated: number;
  readonly standing: number;
  readonly vetoed: number;
  readonly dropped: number;
  readonly removed: number;
  readonly objections: number;
  readonly upheld: number;
  readonly rejected: number;
  readonly onTime: number;
  readonly late: number;
  readonly medianWorkingDays: string | null;
};

type Group = {
  readonly regionCode: string | null;
  readonly year: number | null;
  readonly half: 'FIRST' | 'SECOND' | null;
};

export type StarListSummaryRow = Group & { readonly figures: StarListFigures };

export type StarListSummary = {
  readonly regionCode: string | null;
  readonly total: StarListFigures;
  readonly groups: readonly StarListSummaryRow[];
  readonly synthetic: boolean;
};

const keys = {
  REGION: { name: 'regionCode', value: sql`${starLists.regionCode}` },
  YEAR: { name: 'year', value: sql`${starLists.year}` },
  HALF: { name: 'half', value: sql`${starLists.half}` },
} as const;

/** Filter for look-ups only: a summary is in the region that it was asked for. */
const summaries = {
  type: 'StarListSummary',
  id: starLists.id,
  filter: { region: regionCondition(starLists.regionCode, shared), synthetic: starLists.synthetic },
};

/** Counts the star lists of some years, in groups and in all. */
export async function summariseStarLists(
  context: Context,
  { region, from, to, groupBy, synthetic: asked }: SummaryArgs,
): Promise<StarListSummary> {
  if (from != null && to != null && from > to) {
    throw badInput(
      'to',
      `"to" must not be before "from": no year is from ${from} to ${to}.`,
      `“to”不得早于“from”:从 ${from} 到 ${to} 没有年份。`,
    );
  }
  const synthetic = readsSynthetic(context, asked);
  const where = and(
    eq(starLists.synthetic, synthetic),
    region
      ? sql`${starLists.regionCode} in (select ${regionClosure.code} from ${regionClosure} where ${regionClosure.ancestor} = ${region})`
      : undefined,
    from == null ? undefined : gte(starLists.year, from),
    to == null ? undefined : lte(starLists.year, to),
    shownOnly(context, summaries),
  );
  const by = [...new Set(groupBy)].map((each) => keys[each]);
  type Row = Group & StarListFigures & { readonly isTotal: boolean };
  const rows = [...(await context.db.execute(statementFor(context, by, where)))] as Row[];
  const total = rows.find(({ isTotal }) => isTotal);
  if (!total) throw new Error('The summary of star lists has no total.');
  const groups = rows.filter(({ isTotal }) => !isTotal);
  return {
    regionCode: region ?? null,
    total,
    groups: groups.map((figures) => ({
      regionCode: figures.regionCode ?? region ?? null,
      year: figures.year ?? null,
      half: figures.half ?? null,
      figures,
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
    ...Object.entries(counted).map(([name, count]) => sql`${count} as ${sql.identifier(name)}`),
    sql`${isLate(starListWorkflow)} as is_late`,
    sql`${starLists.stage} = 'PUBLISHED' as is_published`,
    sql`${dayOf(starListWorkflow, 'first', ['DRAFT_LIST'])} as drafted_on`,
    sql`${starLists.publishedOn} as published_on`,
  ];
  const sums = Object.keys(counted).map(
    (name) => sql`coalesce(sum(${sql.identifier(name)}), 0)::int as ${sql.identifier(name)}`,
  );
  const isTimed = sql`is_published and drafted_on is not null`;
  return sql`
    select ${sql.join([...names, sql`${isTotal} as "isTotal"`, ...sums], sql`, `)},
      count(*)::int as "count",
      (count(*) filter (where is_published))::int as "published",
      (count(*) filter (where ${isTimed} and not is_late))::int as "onTime",
      (count(*) filter (where is_late))::int as "late",
      case when count(*) filter (where ${isTimed}) >= ${fewestUnits} then
        (percentile_cont(0.5) within group (order by ${workingDaysBetween(sql`drafted_on`, sql`published_on`, calendar)})
          filter (where ${isTimed}))::numeric::text
      end as "medianWorkingDays"
    from (select ${sql.join(columns, sql`, `)} from ${starLists} where ${where}) as lists
    group by grouping sets (${sql.join(sets, sql`, `)})
    order by ${sql.join([sql`"isTotal"`, ...names], sql`, `)}`;
}

const entries = (further?: SQL) =>
  sql`(select count(*) from ${starListEntries} where ${and(eq(starListEntries.listId, starLists.id), further)})`;
const objections = (further?: SQL) =>
  sql`(select count(*) from ${starListObjections} where ${and(eq(starListObjections.listId, starLists.id), further)})`;

const { vetoedById, droppedOn, removedOn } = starListEntries;

/** What is counted in each list and added up: each entry has one fate. */
const counted: Readonly<Record<string, SQL>> = {
  nominated: entries(),
  standing: entries(isStanding),
  vetoed: entries(sql`${vetoedById} is not null and ${droppedOn} is null and ${removedOn} is null`),
  dropped: entries(sql`${droppedOn} is not null and ${removedOn} is null`),
  removed: entries(sql`${removedOn} is not null`),
  objections: objections(),
  upheld: objections(eq(starListObjections.outcome, 'UPHELD')),
  rejected: objections(eq(starListObjections.outcome, 'REJECTED')),
};

export const starListFigures = {
  onTimeRate: ({ onTime, late }: StarListFigures) =>
    onTime + late === 0 ? null : percent(onTime, onTime + late, 'half up'),
};
