import type { ResponsePath } from '../lib/json.ts';

/**
 * Returns a function that converts a path in the data to one in the answer, where the rows at these paths are removed;
 * undefined for a path inside a removed row, which must not be reported.
 */
export function reindexPaths(
  removed: readonly ResponsePath[],
): (path: ResponsePath) => ResponsePath | undefined {
  if (removed.length === 0) return (path) => path;
  const gone = new Set(removed.map((path) => JSON.stringify(path)));
  /** Removed positions, by the path of their list. */
  const goneOf = Map.groupBy(new Map(removed.map((path) => [JSON.stringify(path), path])).values(), (path) =>
    JSON.stringify(path.slice(0, -1)),
  );
  return (path) => {
    const place: (string | number)[] = [];
    for (const [depth, segment] of path.entries()) {
      if (gone.has(JSON.stringify(path.slice(0, depth + 1)))) return undefined;
      const before = goneOf.get(JSON.stringify(path.slice(0, depth))) ?? [];
      place.push(typeof segment === 'number' ? segment - countBelow(before, segment) : segment);
    }
    return place;
  };
}

const countBelow = (paths: readonly ResponsePath[], position: number) =>
  paths.filter((path) => (path.at(-1) as number) < position).length;
