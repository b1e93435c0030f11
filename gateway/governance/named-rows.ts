import {
  isPart,
  type PolicyModel,
  type ProtectedField,
  protectedFieldAt,
  typeNameIn,
} from './policy-model.ts';
import type { Rows } from './rows.ts';

/**
 * Creates the decision about rows that name an agency as one of those who must act (`@namedAgencies`). It may see
 * these rows with all their parts, without an agreement. `others` decides by all other rules.
 */
export function namedRowsOf(
  agency: string,
  model: PolicyModel,
  others: (field: ProtectedField) => Rows,
): (field: ProtectedField) => Rows {
  const { sharing: declared, rowRules, shape } = model;
  const isHiddenOtherwise = (coordinate: string) => {
    const field = protectedFieldAt(coordinate, model);
    return field !== undefined && others(field) === 'none';
  };

  function rowsOf(field: ProtectedField, above: readonly string[]): Rows {
    const { coordinate, typeName, isField, sharing } = field;
    // What a law withholds, and work secrets, stay with their owner.
    if (sharing.class !== 'UNCONDITIONAL' && sharing.class !== 'CONDITIONAL') return 'none';
    const { named, keeper, namedSeePublicFieldsOnly } = declared.ofType(typeName);
    const isOpened = sharing.class === 'UNCONDITIONAL' || !namedSeePublicFieldsOnly;
    // The declaration of a type's keeper cannot open what others own.
    if (named && isOpened)
      return sharing.owner === keeper ? rowRules.naming(typeName, named, agency) : 'none';
    if (!isField) return 'none';
    return leadsToNamed(coordinate, sharing.owner) || isPartOfNamed(typeName, above) ? 'all' : 'none';
  }

  /**
   * Returns whether a field leads to rows of which the caller sees only those that name its agency. Other rows that
   * it sees, by an agreement, may not be found in this way too.
   */
  function leadsToNamed(coordinate: string, owner: string): boolean {
    const rowType = shape.rowTypeAt(coordinate);
    const { named, keeper } = declared.ofType(rowType ?? '');
    return rowType !== undefined && named !== undefined && keeper === owner
      ? shape.identityOf(rowType).every(isHiddenOtherwise)
      : false;
  }

  /**
   * Returns whether only rows that name the agency lead to a part. A field that everybody may ask leads there too, if
   * it stands in such a part itself, as the groups of aggregates do.
   */
  function isPartOfNamed(typeName: string, above: readonly string[]): boolean {
    if (!isPart(typeName, model) || above.includes(typeName)) return false;
    const ways = shape.leadersTo(typeName);
    const within = [...above, typeName];
    const isOfPart = (way: string) => isPartOfNamed(typeNameIn(way), within);
    return (
      ways.every((way) => isHiddenOtherwise(way) || isOfPart(way)) &&
      ways.some((way) => {
        const field = protectedFieldAt(way, model);
        return field !== undefined && isHiddenOtherwise(way)
          ? rowsOf(field, within) !== 'none'
          : isOfPart(way);
      })
    );
  }

  return (field) => rowsOf(field, []);
}
