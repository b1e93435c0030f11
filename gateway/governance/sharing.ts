import { type Sharing, sharingByCoordinate } from '@wenshu/schema/sharing.ts';
import { type DocumentNode, parse } from 'graphql';

/** Who may see what, as a supergraph declares it. */
export type SharingOfGraph = {
  /** By coordinate: `Type.field`, `Filter.field`, `OrderField.VALUE`; undefined for what carries no `@sharing`. */
  of(coordinate: string): Sharing | undefined;
};

/** Whether a supergraph says what of it is for whom, as ours does; one that is not ours need not. */
export const declaresSharing = (supergraphSdl: string): boolean =>
  /^\s*directive\s+@sharing\b/m.test(supergraphSdl);

/** Reads `@sharing` off a supergraph, as text or parsed. An error where one has arguments that it cannot have. */
export function readSharing(supergraph: string | DocumentNode): SharingOfGraph {
  const document = typeof supergraph === 'string' ? parse(supergraph, { noLocation: true }) : supergraph;
  const declared = sharingByCoordinate(document);
  return { of: (coordinate) => declared.get(coordinate) };
}
