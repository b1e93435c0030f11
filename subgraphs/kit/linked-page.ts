import { and, eq, or, type SQL, sql } from 'drizzle-orm';
import { whereOf } from './filter.ts';
import { isNamed, type LinkName, linksOf, type Related } from './link.ts';
import type { List } from './list.ts';
import { orderSql } from './order.ts';
import type { PageArgs } from './page-args.ts';
import { type PageQuery, type Read, readOf, sortColumn } from './page-query.ts';

type Input = Readonly<Record<string, unknown>>;

/** Of so many links it is found out at once which rows have them; of more, of each row that comes up. */
const maxLinked = 20_000;

/** Reads the rows of a page of a list for which a condition holds too, in the way that is the quickest for its filter. */
export const readPage = (
  list: List,
  filter: PageArgs['filter'],
  query: Read & Pick<PageQuery, 'with'>,
  condition: SQL | undefined,
): SQL =>
  (condition ? undefined : readLinked(list, filter, query)) ?? sql`${query.with}${readOf(query, condition)}`;

/**
 * The rows of a page of which nothing is asked but that they name some of many things, in a table of links: as SQL, or
 * undefined for any other page. PostgreSQL would look up all rows that do, to put them in order; or go through the
 * rows in order, and compare each with all keys. Here it takes which rows do, and goes through twice as many rows in
 * order: where those hold the page, that is all. Else it looks them up. So it takes as long as there are links at
 * worst, and no plan depends on how many keys there are.
 */
function readLinked(list: List, filter: Input | null | undefined, query: Read): SQL | undefined {
  const [related, ...more] = partsOf(filter ?? {});
  const kind = and(...kindsOf(filter ?? {}).map((synthetic) => whereOf(list, { synthetic })));
  const { keys, limit, backward } = query;
  // In the order of their ids, the links are in order too.
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

/** The conditions of a filter, all of which must hold, but for those of `kindsOf`; undefined for one that is not on something related. */
const partsOf = (filter: Input): (Related | undefined)[] =>
  Object.entries(filter).flatMap(([name, value]) => {
    if (value === null || value === undefined) return [];
    if (name === 'and') return (value as Input[]).flatMap(partsOf);
    if (name === 'synthetic') return [];
    return name === '_related' ? (value as Related[]) : [undefined];
  });

/** Its conditions on whether rows are synthetic, which nearly all of a list are, or none. */
const kindsOf = (filter: Input): unknown[] => [
  ...(filter.synthetic ? [filter.synthetic] : []),
  ...((filter.and ?? []) as Input[]).flatMap(kindsOf),
];

const union = (selects: readonly SQL[]): SQL => sql.join([...selects], sql` union all `);
