import {
  type Sharing,
  sharingByCoordinate,
  type TypeSharing,
  typeSharingOf,
} from '@wenshu/schema/sharing.ts';
import { type DocumentNode, Kind, type ObjectTypeDefinitionNode, parse } from 'graphql';

/** Who may see what, as a supergraph declares it. */
export type SharingOfGraph = {
  /** By coordinate: `Type.field`, `Filter.field`, `OrderField.VALUE`; undefined for what carries no `@sharing`. */
  of(coordinate: string): Sharing | undefined;
  /** What is said of the rows of a type. */
  ofType(typeName: string): TypeSharing;
  /** Whether objects of a type have a key: those of another are a part of the row that they stand in. */
  isEntity(typeName: string): boolean;
};

/** Whether a supergraph says what of it is for whom, as ours does; one that is not ours need not. */
export const declaresSharing = (supergraphSdl: string): boolean =>
  /^\s*directive\s+@sharing\b/m.test(supergraphSdl);

/** Reads what a supergraph, as text or parsed, declares of sharing. An error where that has arguments that it cannot have. */
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
