import { type SQL, sql } from 'drizzle-orm';
import { checkedSql } from './checked-sums.ts';
import type { Dimension } from './dimension.ts';
import { baseOf, comparableOf, type Figure, quotient } from './figure.ts';
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
  const reasons = figures.filter(({ kind }) => kind === 'reason');
  const reasonsOfWhole = reasons.filter(({ measure }) => shares.some((share) => share.measure === measure));
  const years = yearsOf(dimensions);
  const keys = dimensions.map((_, i) => groupColumn(i));

  const groups = checkedSql(list, {
    keys,
    bases: distinct([...figures.map(baseOf), ...growths.flatMap((each) => comparableOf(each) ?? [])]),
    select: (columns) => sql`
      select ${listed([...dimensions.map(({ value }, i) => sql`${value} as ${groupColumn(i)}`), ...columns])}
      from ${list.table} ${spaced(dimensions.map(({ join }) => join))}
      where ${where} ${keys.length > 0 ? sql`group by ${listed(keys)}` : sql``}`,
  });
  // Computed separately, because a row with several values is in several groups but once in the total.
  const whole = checkedSql(list, {
    keys: [],
    bases: distinct([...shares, ...reasonsOfWhole].map(baseOf)),
    select: (columns) => sql`select ${listed(columns)} from ${list.table} where ${where}`,
  });

  return sql`
    select ${listed([
      sql`groups.*`,
      ...shares.map((each) => named(each, shareSql(baseOf(each)))),
      ...growths.map((each) => named(each, years ? growthSql(each, years) : sql`null::numeric`)),
      ...reasons.map((each) => named(each, reasonSql(each, reasonsOfWhole.includes(each)))),
    ])}
    from (${groups}) as groups ${shares.length > 0 ? sql`cross join (${whole}) as whole` : sql``}
    ${growths.length > 0 && years ? sql`window years as (${years.window})` : sql``}`;
}

/** Returns the reason why there is no sum, or no sum of all rows for a share of it. */
function reasonSql(reason: Figure, isOfWhole: boolean): SQL {
  const problem = sql.identifier(baseOf(reason).name);
  if (!isOfWhole) return sql`groups.${problem}`;
  return sql`coalesce(groups.${problem}, case when whole.${problem} is not null then 'WHOLE' end)`;
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

/** Returns the growth in percent over the same group of the year before, if both count the same. */
function growthSql(growth: Figure, { isYearAfter }: Years): SQL {
  const now = sql`groups.${sql.identifier(baseOf(growth).name)}::numeric`;
  const before = sql`lag(${now}) over years`;
  const comparable = comparableOf(growth);
  const column = comparable && sql.identifier(comparable.name);
  const isSame = column && sql` and lag(${column}) over years = ${column}`;
  return sql`case when ${isYearAfter}${isSame ?? sql``}
    then ${quotient(sql`100 * (${now} - ${before})`, sql`abs(${before})`, 2)} end`;
}

const named = ({ name }: Figure, value: SQL): SQL => sql`${value} as ${sql.identifier(name)}`;
const distinct = (figures: readonly Figure[]): Figure[] => [
  ...new Map(figures.map((each) => [each.name, each])).values(),
];
const listed = (parts: readonly SQL[]): SQL => sql.join([...parts], sql`, `);
const spaced = (parts: readonly SQL[]): SQL => sql.join([...parts], sql` `);
