import type { Words } from '@wenshu/schema/errors.ts';
import type { Sharing } from '@wenshu/schema/sharing.ts';
import type { GraphShape } from '../supergraph/graph-shape.ts';
import type { SharingOfGraph } from '../supergraph/sharing.ts';
import type { RowRules } from './row-rules.ts';
import type { Rows } from './rows.ts';

/** The model on which all access decisions rest. */
export type PolicyModel = {
  readonly sharing: SharingOfGraph;
  readonly rowRules: RowRules;
  readonly shape: GraphShape;
};

/** A protected field, filter or order with its sharing. */
export type ProtectedField = {
  readonly coordinate: string;
  readonly sharing: Sharing;
  /** The type whose rows it shows or filters. */
  readonly typeName: string;
  /** Whether it is a field, which shows rows. A filter or an order only selects among visible rows. */
  readonly isField: boolean;
};

/** The rows in which a caller may see a protected field, and the reason for the other rows. */
export type Decision = { readonly rows: Rows; readonly why: Words };
export type Decide = (field: ProtectedField) => Decision;

/** Returns the protected field at a coordinate; undefined if it has no sharing class. */
export function protectedFieldAt(
  coordinate: string,
  { sharing: { of }, shape }: PolicyModel,
): ProtectedField | undefined {
  const sharing = of(coordinate);
  if (!sharing) return undefined;
  const owner = typeNameIn(coordinate);
  const rowType = shape.rowTypeOfInput(owner);
  return { coordinate, sharing, typeName: rowType ?? owner, isField: rowType === undefined };
}

/** Returns the name of the type in a coordinate: `Park` in `Park.rent`. */
export const typeNameIn = (coordinate: string): string => coordinate.slice(0, coordinate.indexOf('.'));

/**
 * Returns whether a type is a part of other rows: a type without a key of its own, whose objects belong to the row
 * that contains them.
 */
export const isPart = (typeName: string, { sharing, shape }: Pick<PolicyModel, 'sharing' | 'shape'>) =>
  !sharing.isEntity(typeName) && !shape.isWrapper(typeName);
