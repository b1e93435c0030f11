import {
  type Sharing,
  sharingByCoordinate,
  type TypeSharing,
  typeSharingOf,
} from '@wenshu/schema/sharing.ts';
import { type DocumentNode, Kind, type ObjectTypeDefinitionNode, parse } from 'graphql';

/** The sharing that a supergraph declares. */
export type SharingOfGraph = {
  /**
   * Returns the sharing of a coordinate: `Type.field`, `Filter.field`, `OrderField.VALUE`; undefined without
   * `@sharing`.
   */
  of(coordinate: string): Sharing | undefined;
  /** Returns the sharing of the rows of a type. */
  ofType(typeName: string): TypeSharing;
  /** Whether objects of a type have a key. Objects without a key are parts of the row that contains them. */
  isEntity(typeName: string): boolean;
};

/** Returns whether the supergraph uses `@sharing`. */
export const declaresSharing = (supergraphSdl: string): boolean =>
  /^\s*directive\s+@sharing\b/m.test(supergraphSdl);

/** Reads the sharing that a supergraph, as text or parsed, declares. Throws if a directive has invalid arguments. */
export function readSharing(supergraph: string | DocumentNode): SharingOfGraph {
  const document = typeof supergraph === 'string' ? parse(supergraph, { noLocation: true }) : supergraph;
  const declared = sharingByCoordinate(document);
  const types = document.definitions.filter((each) => each.kind === Kind.OBJECT_TYPE_DEFINITION);
  const ofTypes = new Map(types.map((type) => [type.name.value, typeSharingOf(type)]));
  const entities = new Set(types.filter(hasKey).map(({ name }) => name.value));
  return {
    of: (coordinate) => declared.get(coordinate),
    ofType: (typeName) => ofTypes.get(typeName) ?? {},
    isEntity: (typeName) => entities.has(typeName),
  };
}

const hasKey = ({ directives }: ObjectTypeDefinitionNode) =>
  directives?.some(
    ({ name, arguments: given }) =>
      name.value === 'join__type' && given?.some((argument) => argument.name.value === 'key'),
  ) ?? false;
