import { type Sharing, sharingByCoordinate } from '@wenshu/schema/sharing.ts';
import { parse } from 'graphql';

/** Who may see what, as a supergraph declares it. */
export type SharingOfGraph = {
  /** By coordinate: `Type.field`, `Filter.field`, `OrderField.VALUE`; undefined for what carries no `@sharing`. */
  of(coordinate: string): Sharing | undefined;
  /** Whether the supergraph declares sharing at all; one that is not ours need not. */
  readonly isDeclared: boolean;
};

/** Reads `@sharing` off the SDL of a supergraph. An error where one has arguments that it cannot have. */
export function readSharing(supergraphSdl: string): SharingOfGraph {
  const declared = sharingByCoordinate(parse(supergraphSdl, { noLocation: true }));
  return { of: (coordinate) => declared.get(coordinate), isDeclared: declared.size > 0 };
}
