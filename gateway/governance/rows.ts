import type { RowRule } from '../request/denial.ts';

/** The rows of a type: all, none, or those of a rule. */
export type Rows = 'all' | 'none' | RowRule;

type Read = Parameters<RowRule['includes']>[0];

/** Returns the rows that belong to all parts. */
export function both(...parts: readonly Rows[]): Rows {
  if (parts.includes('none')) return 'none';
  return combined(parts, 'and', 'all');
}

/** Returns the rows that belong to any part. */
export function either(...parts: readonly Rows[]): Rows {
  if (parts.includes('all')) return 'all';
  return combined(parts, 'or', 'none');
}

function combined(parts: readonly Rows[], join: 'and' | 'or', neutral: 'all' | 'none'): Rows {
  const rules = parts.flatMap((part) => (typeof part === 'string' ? [] : partsOf(part, join)));
  const byKey = new Map(rules.toReversed().map((each) => [each.key, each]));
  const unique = [...byKey.values()].sort((a, b) => (a.key < b.key ? -1 : 1));
  const [first] = unique;
  if (!first) return neutral;
  if (unique.length === 1) return first;
  return {
    key: `(${unique.map(({ key }) => key).join(` ${join} `)})`,
    needs: [...new Set(unique.map(({ needs }) => needs))].join(' '),
    includes: (read: Read) =>
      join === 'and'
        ? unique.every((each) => each.includes(read))
        : unique.some((each) => each.includes(read)),
    filter: joined(
      join,
      unique.map(({ filter }) => filter),
    ),
    listFilter: joined(
      join,
      unique.map(({ listFilter }) => listFilter),
    ),
    lookup: joined(
      join,
      unique.map(({ lookup }) => lookup),
    ),
    parts: { join, rules: unique },
  };
}

/** Flattens rules of the same join into one list, so that the same rows always have the same key. */
const partsOf = (rule: RowRule, join: 'and' | 'or') =>
  rule.parts?.join === join ? rule.parts.rules : [rule];

/** Joins filters; undefined if one of them is undefined. */
export function joined(join: 'and' | 'or', filters: readonly (string | undefined)[]): string | undefined {
  const said = filters.filter((filter) => filter !== undefined);
  if (said.length < filters.length) return undefined;
  return said.length === 1 ? said[0] : `{ ${join}: [${said.join(', ')}] }`;
}

/** Returns the rule for rows whose field holds a row that the rule selects; with the filter of their lists, if there is one. */
export const heldAt = (
  field: string,
  { key, needs, includes, lookup }: RowRule,
  filter?: string,
): RowRule => ({
  key: `${field}.${key}`,
  needs: `${field} { ${needs} }`,
  includes: (read) => includes((path) => read([field, ...path])),
  filter,
  listFilter: filter,
  lookup: lookup && `{ _holding: { ${field}: ${lookup} } }`,
});

/** Returns whether the rows are certainly a subset of the others. */
export function isWithin(rows: Rows, others: Rows): boolean {
  if (rows === 'none' || others === 'all') return true;
  if (rows === 'all' || others === 'none') return false;
  if (rows.key === others.key) return true;
  if (others.parts?.join === 'and') return others.parts.rules.every((each) => isWithin(rows, each));
  if (rows.parts?.join === 'or') return rows.parts.rules.every((each) => isWithin(each, others));
  return (
    (rows.parts?.rules.some((each) => isWithin(each, others)) ?? false) ||
    (others.parts?.rules.some((each) => isWithin(rows, each)) ?? false)
  );
}

/** Returns whether the rows are certainly the same. */
export const isSame = (one: Rows, other: Rows): boolean =>
  typeof one === 'string' || typeof other === 'string' ? one === other : one.key === other.key;
