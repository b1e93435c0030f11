/** Of which rows of a type something is seen; `unknown` where the words of the documentation do not decide it. */
export type Reach = 'all' | 'none' | 'unknown' | { readonly sql: string };

export const isSome = (reach: Reach): reach is { readonly sql: string } => typeof reach === 'object';

export const where = (sql: string): Reach => ({ sql });

/** The rows that are in each of these. */
export function both(...parts: readonly Reach[]): Reach {
  if (parts.includes('none')) return 'none';
  if (parts.includes('unknown')) return 'unknown';
  return joined(parts.filter(isSome), 'and', 'all');
}

/** The rows that are in any of these. */
export function either(...parts: readonly Reach[]): Reach {
  if (parts.includes('all')) return 'all';
  if (parts.includes('unknown')) return 'unknown';
  return joined(parts.filter(isSome), 'or', 'none');
}

function joined(
  parts: readonly { readonly sql: string }[],
  word: 'and' | 'or',
  neutral: 'all' | 'none',
): Reach {
  const unique = [...new Set(parts.map(({ sql }) => sql))].sort();
  if (unique.length === 0) return neutral;
  return where(unique.length === 1 ? (unique[0] as string) : `(${unique.join(` ${word} `)})`);
}

/** Whether rows are surely all within others. */
export const isWithin = (rows: Reach, others: Reach): boolean =>
  others === 'all' ||
  (isSome(rows) && isSome(others) && partsOf(others).every((part) => rows.sql.includes(part)));

/** What all has to hold of these rows, if it is said so. */
const partsOf = ({ sql }: { readonly sql: string }): string[] => {
  const parts = sql.startsWith('(') ? sql.slice(1, -1).split(' and ') : [];
  const isWhole = parts.every((part) => part.split('(').length === part.split(')').length);
  return isWhole && parts.length > 1 && !sql.includes(' or ') ? parts : [sql];
};
