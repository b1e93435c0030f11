import type { Words } from '@wenshu/schema/errors.ts';
import type { GraphQLError } from 'graphql';
import type { ResponsePath } from '../lib/json.ts';
import { ArgumentFailure } from '../request/argument-failure.ts';
import type { Denial } from '../request/denial.ts';
import { ExecutionError, errorOfDenial } from '../request/errors.ts';
import { withPath } from './error-paths.ts';
import { reindexPaths } from './reindex-paths.ts';

/** The reason why a caller does not get a value: it may not see it, or an argument of the field failed. */
export type Absence = Denial | ArgumentFailure;

/** The reason for a gap, or the words about a null that breaks a non-null type or a value of the wrong type. */
type Reason = Absence | Words;

/**
 * A place in the answer that differs from the data. Its path is built from the inside out, with positions of the
 * data.
 */
export type Gap = {
  /** Undefined where a hidden row was removed without an error. */
  readonly reason: Reason | undefined;
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
export function settleGaps(all: readonly Gap[], errors: GraphQLError[], denied: Set<string>): void {
  const gaps: Explainable[] = [];
  const hiddenRows: ResponsePath[] = [];
  for (const { reason, reversedPath } of all) {
    const path = reversedPath.toReversed();
    if (reason === undefined) hiddenRows.push(path);
    else gaps.push({ reason, path });
  }
  const placeOf = reindexPaths(hiddenRows);
  if (hiddenRows.length > 0) move(errors, placeOf);
  explain(gaps, errors, placeOf, denied);
}

/** A gap that needs an error, at its path in the data. */
type Explainable = { readonly reason: Reason; readonly path: ResponsePath };

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
  gaps: readonly Explainable[],
  errors: GraphQLError[],
  placeOf: PlaceOf,
  denied: Set<string>,
): void {
  const explained = explainedBy(errors);
  const isReported = chooseDenials();
  for (const { reason, path: inData } of gaps) {
    const path = placeOf(inData);
    if (!path) continue;
    if (!('code' in reason)) {
      if (explained.has(path)) continue;
      const { message, messageZh } = reason;
      errors.push(new ExecutionError('INTERNAL_SERVER_ERROR', message, { messageZh }, path));
    } else {
      const field = path.filter((segment) => typeof segment === 'string').join('.');
      if (denialIn(reason)) denied.add(field);
      if (isReported(field)) errors.push(errorOf(reason, path));
    }
    explained.add(path);
  }
}

const denialIn = (reason: Absence) => (reason instanceof ArgumentFailure ? reason.denial : reason);

const errorOf = (reason: Absence, path: ResponsePath) =>
  reason instanceof ArgumentFailure ? withPath(reason, path) : errorOfDenial(reason, path);

/** Creates the set of the paths that errors explain: those of the errors, and all above and below them. */
function explainedBy(errors: readonly GraphQLError[]) {
  const reported = new Set<string>();
  const above = new Set<string>();
  const add = (path: ResponsePath) => {
    reported.add(JSON.stringify(path));
    for (let length = 0; length < path.length; length++) above.add(JSON.stringify(path.slice(0, length)));
  };
  for (const error of errors) add(error.path ?? []);
  return {
    add,
    has: (path: ResponsePath) =>
      above.has(JSON.stringify(path)) ||
      Array.from({ length: path.length + 1 }, (_, length) => path.slice(0, length)).some((part) =>
        reported.has(JSON.stringify(part)),
      ),
  };
}
