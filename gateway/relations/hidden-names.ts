import type { Json } from '../execution/json.ts';
import type { Related } from './relations-of-graph.ts';
import type { Resolving } from './resolve-filter.ts';

/** Whether a condition or a dimension is by ids of rows among which are some that the caller may not know of. */
export const namesHidden = (input: string, field: string, { relations, calls }: Resolving): boolean =>
  relations.namedBy(input, field).some(({ other }) => calls.hidesRowsOf(other));

/** A condition on the ids of what rows name, as one on what is named: of a row that is hidden it does not hold. */
export function asRelations({ isNull, ...ids }: Json, named: readonly Related[]): Json {
  const anyOf = (condition: Json): Json => ({ or: named.map(({ name }) => ({ [name]: condition })) });
  const { eq, in: several } = ids;
  const parts = [
    ...(eq == null && several == null ? [] : [anyOf({ id: ids })]),
    ...(isNull == null ? [] : [isNull ? { not: anyOf({ exists: true }) } : anyOf({ exists: true })]),
  ];
  return { and: parts };
}
