import { and, eq, or, type SQL, sql } from 'drizzle-orm';
import { whereOf } from './filter.ts';
import { isNamed, type LinkName, linksOf, type Related } from './link.ts';
import type { List } from './list.ts';
import { orderSql } from './order.ts';
import type { PageArgs } from './page-args.ts';
import { type PageQuery, type Read, readOf, sortColumn } from './page-query.ts';

type Input = Readonly<Record<string, unknown>>;

/** Maximum number of links that are read at once to find the rows that have them. For more links, each row in order is checked. */
const maxLinked = 20_000;

/** Reads the rows of a page that meet a further condition, in the quickest way for its filter. */
export const readPage = (
  list: List,
  filter: PageArgs['filter'],
  query: Read & Pick<PageQuery, 'with'>,
  condition: SQL | undefined,
): SQL =>
  (condition ? undefined : readLinked(list, filter, query)) ?? sql`${query.with}${readOf(query, condition)}`;

/**
 * Returns the SQL of a page whose only condition is that rows hold one of many ids in a link table; undefined for any other page.
 * PostgreSQL would either look up all such rows and sort them, or read the rows in order and compare each with all keys. Here the ids of
 * such rows are read first, then twice as many rows as the page in order; if these fill the page, it is complete. Otherwise the rows are
 * looked up. So the worst case takes as long as there are links, and no plan depends on the number of keys (`npm run
 * bench:data`, page without party unit).
 */
function readLinked(list: List, filter: Input | null | undefined, query: Read): SQL | undefined {
  const [related, ...more] = partsOf(filter ?? {});
  const kind = and(...kindsOf(filter ?? {}).map((synthetic) => whereOf(list, { synthetic })));
  const { keys, limit, backward } = query;
  // Links are read in the order of the ids, so in this order no sort is needed.
  const isInOwnOrder = keys.length > 1 && keys.every(({ source }) => !source);
  if (!isInOwnOrder || !related?.keys || !related.link || !related.to || more.length > 0) return undefined;
  const links = linksOf(list, related.link).flatMap(({ owner, ...link }) =>
    owner ? [{ ...link, owner }] : [],
  );
  if (links.length < linksOf(list, related.link).length) return undefined;

  const { to } = related as LinkName;
  const found = union(
    links.map((link) => {
      const { owner, target } = link;
      return sql`select ${owner} as key from keys join ${owner.table} on ${target} = keys.key where ${isNamed(link, to)}`;
    }),
  );
  const hasOne = union(
    links.map((link) => {
      const isKey = sql`(${link.target} in (select key from keys)) is true`;
      return sql`select 1 from ${link.owner.table} where ${and(eq(link.owner, sql`row.id`), isNamed(link, to), isKey)}`;
    }),
  );
  const count = sql`(select links from size)`;
  const rows = readOf({
    ...query,
    select: sql`${list.id} as id`,
    where: kind,
    limit: sql`(select 2 * links from size)`,
  });
  const sorts = keys.map((key, i) => ({ ...key, expression: sortColumn(i) }));
  const page = sql`case when (select count(*) from walked) = ${limit} then array(select id from walked) else array(${found}) end`;
  return sql`with keys as materialized (select unnest(${sql.param(related.keys)}::text[]) as key),
    linked as materialized (${found} limit ${maxLinked + 1}),
    size as materialized (select count(*) as links from linked),
    walked as materialized (
      select id from (${rows}) as row
      where case when ${count} > ${maxLinked} then exists (${hasOne}) else id in (select key from linked) end
      order by ${orderSql(sorts, backward)} limit ${limit})
    ${readOf({ ...query, where: and(sql`${list.id} = any(${page})`, kind, or(...query.ranges)), ranges: [] })}`;
}

/**
 * Returns the conditions of a filter, all of which must hold, without those of `kindsOf`; undefined for a condition that is not on a
 * related row.
 */
const partsOf = (filter: Input): (Related | undefined)[] =>
  Object.entries(filter).flatMap(([name, value]) => {
    if (value === null || value === undefined) return [];
    if (name === 'and') return (value as Input[]).flatMap(partsOf);
    if (name === 'synthetic') return [];
    return name === '_related' ? (value as Related[]) : [undefined];
  });

/** Returns its conditions on `synthetic`, which nearly all rows of a list meet, or none. */
const kindsOf = (filter: Input): unknown[] => [
  ...(filter.synthetic ? [filter.synthetic] : []),
  ...((filter.and ?? []) as Input[]).flatMap(kindsOf),
];

const union = (selects: readonly SQL[]): SQL => sql.join([...selects], sql` union all `);
