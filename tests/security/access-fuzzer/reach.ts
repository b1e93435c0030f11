/** Rows of a type for which something is visible; `unknown` if the documentation does not decide it. */
export type Reach = 'all' | 'none' | 'unknown' | { readonly sql: string };

export const isSome = (reach: Reach): reach is { readonly sql: string } => typeof reach === 'object';

export const where = (sql: string): Reach => ({ sql });

/** Returns the intersection of these rows. */
export function both(...parts: readonly Reach[]): Reach {
  if (parts.includes('none')) return 'none';
  if (parts.includes('unknown')) return 'unknown';
  return joined(parts.filter(isSome), 'and', 'all');
}

/** Returns the union of these rows. */
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

/** True if rows are certainly a subset of others. */
export const isWithin = (rows: Reach, others: Reach): boolean =>
  others === 'all' ||
  (isSome(rows) && isSome(others) && partsOf(others).every((part) => partsOf(rows).includes(part)));

/** Returns the conditions that all hold for these rows, if they are joined by `and`. */
function partsOf({ sql }: { readonly sql: string }): readonly string[] {
  if (!isJoined(sql)) return [sql];
  const parts: string[] = [''];
  for (const word of sql.slice(1, -1).split(/( and | or )/)) {
    const last = parts.length - 1;
    const isBetween = depthOf(parts[last] as string) === 0;
    if (isBetween && word === ' or ') return [sql];
    if (isBetween && word === ' and ') parts.push('');
    else parts[last] += word;
  }
  return parts.length === 1 ? [sql] : parts.flatMap((part) => partsOf({ sql: part }));
}

const depthOf = (sql: string) => sql.split('(').length - sql.split(')').length;

/** True if the last parenthesis closes the first one. */
const isJoined = (sql: string) =>
  sql.startsWith('(') &&
  [...sql.matchAll(/\)/g)].findIndex(({ index }) => depthOf(sql.slice(0, index + 1)) === 0) ===
    sql.split(')').length - 2;
