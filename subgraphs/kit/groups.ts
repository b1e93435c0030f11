import { type SQL, sql } from 'drizzle-orm';
import type { Dimension } from './dimension.ts';
import { baseOf, baseSql, type Figure, quotient, unitOf } from './figure.ts';
import type { List } from './list.ts';

/** Returns the column that holds the key of a group in a dimension. */
export const groupColumn = (dimension: number): SQL => sql`${sql.identifier(`g${dimension}`)}`;

/** Returns the groups of the rows that meet the condition: their keys, and these figures of each by name. */
export function groupsSql(
  list: List,
  dimensions: readonly Dimension[],
  figures: readonly Figure[],
  where: SQL,
): SQL {
  const shares = figures.filter(({ kind }) => kind === 'share');
  const growths = figures.filter(({ kind }) => kind === 'growth');
  const bases = [...figures.map(baseOf), ...growths.flatMap((each) => unitOf(each) ?? [])];
  const years = yearsOf(dimensions);

  const groups = sql`
    select ${listed([
      ...dimensions.map(({ value }, i) => sql`${value} as ${groupColumn(i)}`),
      ...distinct(bases).map((base) => named(base, baseSql(base))),
    ])}
    from ${list.table} ${spaced(dimensions.map(({ join }) => join))}
    where ${where} ${dimensions.length > 0 ? sql`group by ${listed(dimensions.map((_, i) => groupColumn(i)))}` : sql``}`;
  // Computed separately, because a row with several values is in several groups but once in the total.
  const whole = sql`
    select ${listed(distinct(shares.map(baseOf)).map((base) => named(base, baseSql(base))))}
    from ${list.table} where ${where}`;

  return sql`
    select ${listed([
      sql`groups.*`,
      ...shares.map((each) => named(each, shareSql(baseOf(each)))),
      ...growths.map((each) => named(each, years ? growthSql(each, years) : sql`null::numeric`)),
    ])}
    from (${groups}) as groups ${shares.length > 0 ? sql`cross join (${whole}) as whole` : sql``}
    ${growths.length > 0 && years ? sql`window years as (${years.window})` : sql``}`;
}

/** Returns the share in percent. */
function shareSql({ name }: Figure): SQL {
  const part = sql.identifier(name);
  return quotient(sql`100 * groups.${part}::numeric`, sql`whole.${part}`, 2);
}

interface Years {
  /** Window in which the preceding row is the group of the year before, if there is one. */
  readonly window: SQL;
  /** True if the preceding row belongs to the year before. */
  readonly isYearAfter: SQL;
}

/** Returns the sequence of groups by exactly one year or month. */
function yearsOf(dimensions: readonly Dimension[]): Years | undefined {
  const [at, ...others] = dimensions.flatMap(({ kind }, i) =>
    kind === 'year' || kind === 'month' ? [i] : [],
  );
  if (at === undefined || others.length > 0) return undefined;
  const time = groupColumn(at);
  const ofMonths = dimensions[at]?.kind === 'month';
  const alike = [
    ...dimensions.flatMap((_, i) => (i === at ? [] : [groupColumn(i)])),
    ...(ofMonths ? [sql`extract(month from ${time})`] : []),
  ];
  return {
    window: sql`${alike.length > 0 ? sql`partition by ${listed(alike)}` : sql``} order by ${time}`,
    isYearAfter: sql`lag(${time}) over years = ${time} - ${ofMonths ? sql`interval '1 year'` : sql`1`}`,
  };
}

/** Returns the growth in percent over the same group of the year before, if both have the same unit. */
function growthSql(growth: Figure, { isYearAfter }: Years): SQL {
  const now = sql`groups.${sql.identifier(baseOf(growth).name)}::numeric`;
  const before = sql`lag(${now}) over years`;
  const unit = unitOf(growth);
  const isSameUnit =
    unit && sql` and lag(${sql.identifier(unit.name)}) over years = ${sql.identifier(unit.name)}`;
  return sql`case when ${isYearAfter}${isSameUnit ?? sql``}
    then ${quotient(sql`100 * (${now} - ${before})`, sql`abs(${before})`, 2)} end`;
}

const named = ({ name }: Figure, value: SQL): SQL => sql`${value} as ${sql.identifier(name)}`;
const distinct = (figures: readonly Figure[]): Figure[] => [
  ...new Map(figures.map((each) => [each.name, each])).values(),
];
const listed = (parts: readonly SQL[]): SQL => sql.join([...parts], sql`, `);
const spaced = (parts: readonly SQL[]): SQL => sql.join([...parts], sql` `);
