import type { Json } from '../lib/json.ts';
import type { Related } from '../supergraph/relations.ts';
import type { Resolving } from './resolving.ts';

/** Whether a condition or dimension is on ids of rows, some of which are hidden from the caller. */
export const namesHidden = (input: string, field: string, { relations, calls }: Resolving): boolean =>
  relations.namedBy(input, field).some(({ other }) => calls.hidesRowsOf(other));

/**
 * Converts a condition on ids of linked rows to one on the rows themselves, so that it does not hold for a hidden row.
 */
export function asRelations({ isNull, ...ids }: Json, named: readonly Related[]): Json {
  const each = (condition: Json) => named.map(({ name }) => ({ [name]: condition }));
  const any = (condition: Json): Json => {
    const [only, ...others] = each(condition);
    return only && others.length === 0 ? only : { or: each(condition) };
  };
  const parts = [
    ...(ids.eq == null && ids.in == null ? [] : [any({ id: ids })]),
    ...(isNull === false ? [any({ exists: true })] : []),
    ...(isNull === true ? each({ exists: false }) : []),
  ];
  return { and: parts };
}
