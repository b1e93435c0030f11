import type { GraphQLError } from 'graphql';
import type { ResponsePath } from '../lib/json.ts';
import type { Denial } from '../request/authorization.ts';
import { ExecutionError } from '../request/errors.ts';
import { withPath } from './error-paths.ts';
import { reindexPaths } from './reindex-paths.ts';
import type { Run } from './run.ts';

/**
 * A null that breaks a non-null type, a value that does not fit, or what the caller may not see.
 * Its path is known from the inside out, with positions as the data has them.
 */
export type Gap = {
  readonly message: string;
  readonly denial?: Denial;
  /** Whether a row was left out here, of which nothing is told. */
  readonly isHiddenRow?: true;
  readonly reversedPath: (string | number)[];
};

/** Adds a segment to the paths of the gaps from an index on: they lie below it. */
export function placeGaps(gaps: readonly Gap[], from: number, segment: string | number): void {
  for (let i = from; i < gaps.length; i++) gaps[i]?.reversedPath.push(segment);
}

/**
 * Tells of the gaps of an answer: moves errors to where they lie in it, because rows that are left out have no place, and
 * adds an error for each gap that no error explains. Notes the places of denied fields in `denied`.
 */
export function settleGaps(all: readonly Gap[], errors: GraphQLError[], denied: Run['denied']): void {
  const rows = all.filter(({ isHiddenRow }) => isHiddenRow);
  const gaps = rows.length === 0 ? all : all.filter(({ isHiddenRow }) => !isHiddenRow);
  const placeOf = reindexPaths(rows.map(({ reversedPath }) => reversedPath.toReversed()));
  if (rows.length > 0) move(errors, placeOf);
  explain(gaps, errors, placeOf, denied);
}

type PlaceOf = ReturnType<typeof reindexPaths>;

/** A field that is denied is denied in each row: more of them tell nothing new. Each field is told of at least once. */
const denialsToldOfField = 100;

/** So many of all fields; then each is told of once. */
const denialsTold = 1_000;

/** Says of each place of a denied field, named without its positions in lists, whether it is told of. */
function chooseDenials(): (field: string) => boolean {
  const ofField = new Map<string, number>();
  let disclosed = 0;
  return (field) => {
    const count = ofField.get(field) ?? 0;
    if (count >= denialsToldOfField || (count > 0 && disclosed >= denialsTold)) return false;
    ofField.set(field, count + 1);
    disclosed++;
    return true;
  };
}

/** Puts errors where they lie in the answer, but for those in rows that are left out. */
function move(errors: GraphQLError[], placeOf: PlaceOf): void {
  const moved = errors.flatMap((error) => {
    const place = placeOf(error.path ?? []);
    return place ? [withPath(error, place)] : [];
  });
  errors.splice(0, errors.length, ...moved);
}

/** Adds an error for each gap, unless one at, above or below its place already says why. */
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
  const isTold = chooseDenials();
  for (const { message, denial, reversedPath } of gaps) {
    const path = placeOf(reversedPath.toReversed());
    if (!path) continue;
    if (denial) {
      const field = path.filter((segment) => typeof segment === 'string').join('.');
      denied?.add(field);
      if (isTold(field)) errors.push(new ExecutionError(denial.code, message, path, denial.details));
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
