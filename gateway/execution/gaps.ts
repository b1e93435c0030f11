import type { GraphQLError } from 'graphql';
import type { ResponsePath } from '../lib/json.ts';
import type { Denial } from '../request/authorization.ts';
import { ExecutionError } from '../request/errors.ts';
import { withPath } from './error-paths.ts';
import { reindexPaths } from './reindex-paths.ts';
import type { Run } from './run.ts';

/**
 * A place in the answer that differs from the data: a null that breaks a non-null type, a value of the wrong type, or
 * something that the caller may not see. Its path is built from the inside out, with positions of the data.
 */
export type Gap = {
  readonly message: string;
  readonly denial?: Denial;
  /** Whether a hidden row was removed here, without an error. */
  readonly isHiddenRow?: true;
  readonly reversedPath: (string | number)[];
};

/** Prefixes a segment to the paths of the gaps from an index on. */
export function placeGaps(gaps: readonly Gap[], from: number, segment: string | number): void {
  for (let i = from; i < gaps.length; i++) gaps[i]?.reversedPath.push(segment);
}

/**
 * Reports the gaps of an answer. Moves errors to their places in the answer, because removed rows have no place, and
 * adds an error for each gap that no error explains. Collects the places of denied fields in `denied`.
 */
export function settleGaps(all: readonly Gap[], errors: GraphQLError[], denied: Run['denied']): void {
  const rows = all.filter(({ isHiddenRow }) => isHiddenRow);
  const gaps = rows.length === 0 ? all : all.filter(({ isHiddenRow }) => !isHiddenRow);
  const placeOf = reindexPaths(rows.map(({ reversedPath }) => reversedPath.toReversed()));
  if (rows.length > 0) move(errors, placeOf);
  explain(gaps, errors, placeOf, denied);
}

type PlaceOf = ReturnType<typeof reindexPaths>;

/**
 * Maximum number of errors for one denied field. It is denied in each row, so more errors add nothing. Each field is
 * reported at least once.
 */
const maxDenialsOfField = 100;

/** Maximum number of errors for all denied fields. After it, each further field is reported once. */
const maxDenials = 1_000;

/** Returns the function that decides whether a denial is reported. Its argument is the place without list positions. */
function chooseDenials(): (field: string) => boolean {
  const ofField = new Map<string, number>();
  let reported = 0;
  return (field) => {
    const count = ofField.get(field) ?? 0;
    if (count >= maxDenialsOfField || (count > 0 && reported >= maxDenials)) return false;
    ofField.set(field, count + 1);
    reported++;
    return true;
  };
}

/** Moves errors to their places in the answer. Drops errors in removed rows. */
function move(errors: GraphQLError[], placeOf: PlaceOf): void {
  const moved = errors.flatMap((error) => {
    const place = placeOf(error.path ?? []);
    return place ? [withPath(error, place)] : [];
  });
  errors.splice(0, errors.length, ...moved);
}

/** Adds an error for each gap, unless one at, above or below its place already explains it. */
function explain(
  gaps: readonly Gap[],
  errors: GraphQLError[],
  placeOf: PlaceOf,
  denied: Run['denied'],
): void {
  const disclosed = new Set<string>();
  /** Paths above an error. */
  const above = new Set<string>();
  const tell = (path: ResponsePath) => {
    disclosed.add(JSON.stringify(path));
    for (let length = 0; length < path.length; length++) above.add(JSON.stringify(path.slice(0, length)));
  };
  for (const error of errors) tell(error.path ?? []);
  const isReported = chooseDenials();
  for (const { message, denial, reversedPath } of gaps) {
    const path = placeOf(reversedPath.toReversed());
    if (!path) continue;
    if (denial) {
      const field = path.filter((segment) => typeof segment === 'string').join('.');
      denied?.add(field);
      if (isReported(field)) errors.push(new ExecutionError(denial.code, message, path, denial.details));
      tell(path);
      continue;
    }
    const isExplained =
      above.has(JSON.stringify(path)) ||
      Array.from({ length: path.length + 1 }, (_, length) => path.slice(0, length)).some((part) =>
        disclosed.has(JSON.stringify(part)),
      );
    if (isExplained) continue;
    errors.push(new ExecutionError('INTERNAL_SERVER_ERROR', message, path));
    tell(path);
  }
}
