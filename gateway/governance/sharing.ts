import {
  type Sharing,
  sharingByCoordinate,
  type TypeSharing,
  typeSharingOf,
} from '@wenshu/schema/sharing.ts';
import { Kind, type ObjectTypeDefinitionNode, parse } from 'graphql';

/** Who may see what, as a supergraph declares it. */
export type SharingOfGraph = {
  /** By coordinate: `Type.field`, `Filter.field`, `OrderField.VALUE`; undefined for what carries no `@sharing`. */
  of(coordinate: string): Sharing | undefined;
  /** What is said of the rows of a type. */
  ofType(typeName: string): TypeSharing;
  /** Whether objects of a type have a key: those of another are a part of the row that they stand in. */
  isEntity(typeName: string): boolean;
  /** Whether the supergraph declares sharing at all; one that is not ours need not. */
  readonly isDeclared: boolean;
};

/** Reads what the SDL of a supergraph declares of sharing. An error where one has arguments that it cannot have. */
export function readSharing(supergraphSdl: string): SharingOfGraph {
  const document = parse(supergraphSdl, { noLocation: true });
  const declared = sharingByCoordinate(document);
  const types = document.definitions.filter((each) => each.kind === Kind.OBJECT_TYPE_DEFINITION);
  const ofTypes = new Map(types.map((type) => [type.name.value, typeSharingOf(type)]));
  const entities = new Set(types.filter(hasKey).map(({ name }) => name.value));
  return {
    of: (coordinate) => declared.get(coordinate),
    ofType: (typeName) => ofTypes.get(typeName) ?? {},
    isEntity: (typeName) => entities.has(typeName),
    isDeclared: declared.size > 0,
  };
}

const hasKey = ({ directives }: ObjectTypeDefinitionNode) =>
  directives?.some(
    ({ name, arguments: given }) =>
      name.value === 'join__type' && given?.some((argument) => argument.name.value === 'key'),
  ) ?? false;
