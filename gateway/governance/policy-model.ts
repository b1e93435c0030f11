import type { Sharing } from '@wenshu/schema/sharing.ts';
import type { GraphShape } from '../supergraph/graph-shape.ts';
import type { SharingOfGraph } from '../supergraph/sharing.ts';
import type { RowRules, Rows } from './row-rules.ts';

/** What rights are decided by, whoever asks. */
export type PolicyModel = {
  readonly sharing: SharingOfGraph;
  readonly rowRules: RowRules;
  readonly shape: GraphShape;
};

/** What is decided on: a field, a filter or an order, with what it says of its sharing. */
export type ProtectedField = {
  readonly coordinate: string;
  readonly sharing: Sharing;
  /** The type whose rows it tells of. */
  readonly typeName: string;
  /** Whether it is a field, which shows rows; a filter or an order only picks among those that are seen. */
  readonly isField: boolean;
};

/** Of which rows a caller may see an item, and what is said of the others. */
export type Decision = { readonly rows: Rows; readonly why: string };
export type Decide = (field: ProtectedField) => Decision;

/** What a coordinate names; undefined where that carries no sharing class. */
export function protectedFieldAt(
  coordinate: string,
  { sharing: { of }, shape }: PolicyModel,
): ProtectedField | undefined {
  const sharing = of(coordinate);
  if (!sharing) return undefined;
  const owner = coordinate.slice(0, coordinate.indexOf('.'));
  const rowType = shape.rowTypeOfInput(owner);
  return { coordinate, sharing, typeName: rowType ?? owner, isField: rowType === undefined };
}

/** A type without a key of its own: its objects are a part of the row that they stand in. */
export const isPart = (typeName: string, { sharing, shape }: Pick<PolicyModel, 'sharing' | 'shape'>) =>
  !sharing.isEntity(typeName) && !shape.isWrapper(typeName);
