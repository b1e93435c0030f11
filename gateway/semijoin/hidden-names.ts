import type { Json } from '../lib/json.ts';
import type { Related } from '../supergraph/relations.ts';
import type { Resolving } from './resolving.ts';

/** Whether a condition or a dimension is by ids of rows among which are some that the caller may not know of. */
export const namesHidden = (input: string, field: string, { relations, calls }: Resolving): boolean =>
  relations.namedBy(input, field).some(({ other }) => calls.hidesRowsOf(other));

/** A condition on the ids of what rows name, as one on what is named: of a row that is hidden it does not hold. */
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
