import { and, eq, type SQL, sql } from 'drizzle-orm';
import type { Dimension, ParentLink, PartValue } from './dimension.ts';
import type { List } from './list.ts';

type WithPart = Dimension & { readonly part: PartValue };

/**
 * Lets dimensions on the link table by which a list belongs to its parent count the parent's own rows: among the events of an agency, the
 * role of a host is that of the agency. Beside a dimension that tells the hosts apart, each host has its own.
 */
export function ofParent(dimensions: readonly Dimension[], links: readonly ParentLink[]): Dimension[] {
  const isOn =
    ({ owner }: ParentLink) =>
    ({ part }: Dimension) =>
      part?.owner === owner;
  const rowsOf = new Map(links.map((link) => [link, link.rows(sql`parent.key`)]));
  return dimensions.map((dimension) => {
    const { part } = dimension;
    const link = links.find((each) => isOn(each)(dimension));
    if (!part || !link) return dimension;
    const isToldApart = dimensions.filter(isOn(link)).some((each) => each.part?.target === link.target);
    return isToldApart ? dimension : { ...dimension, part: { ...part, ofParent: rowsOf.get(link) } };
  });
}

/**
 * Joins the dimensions whose values stand in the rows of one link table by one join. Joined separately, each value of one would meet each
 * value of the other: an event with two hosts in two roles would count for each host in both roles.
 */
export function pairedByPart({ id }: Pick<List, 'id'>, dimensions: readonly Dimension[]): Dimension[] {
  const isTogether = ({ part }: Dimension, other: Dimension) =>
    part !== undefined &&
    part.owner === other.part?.owner &&
    part.counted === other.part.counted &&
    part.ofParent === other.part.ofParent;
  return dimensions.map((dimension, i) => {
    const together = dimensions.filter((other): other is WithPart => isTogether(dimension, other));
    const [first] = together;
    if (!first || (together.length < 2 && !first.part.ofParent)) return dimension;
    const alias = sql.identifier(`p${dimensions.indexOf(first)}`);
    const value = sql`${alias}.${sql.identifier(`v${together.indexOf(dimension as WithPart)}`)}`;
    return { ...dimension, value, join: dimensions[i] === first ? joinOf(id, together, alias) : sql`` };
  });
}

function joinOf(
  id: List['id'],
  together: readonly WithPart[],
  alias: SQL | ReturnType<typeof sql.identifier>,
): SQL {
  const [{ part }] = together as [WithPart];
  const names = together.map((_, i) => sql.identifier(`v${i}`));
  const values = together.map((each, i) => sql`${each.part.value} as ${names[i]}`);
  const joins = together.flatMap((each) => each.part.join ?? []);
  const from = sql`from ${part.owner.table} ${sql.join(joins, sql` `)}`;
  // Values of related rows come with keys, which are joined once and not for each row.
  return joins.length > 0
    ? sql`left join (select distinct ${part.owner} as key, ${sql.join(values, sql`, `)} ${from}
        where ${and(part.counted, part.ofParent) ?? sql`true`}) as ${alias} on ${alias}.key = ${id}`
    : sql`left join lateral (select distinct ${sql.join(values, sql`, `)} ${from}
        where ${and(eq(part.owner, id), part.counted, part.ofParent)}) as ${alias} on true`;
}
