import type { DocumentNode } from 'graphql';
import { type BroughtValue, broughtValues } from './brought-values.ts';
import { composedTypesOf } from './composed-types.ts';
import { declaredSharing, type SubgraphDocument } from './declared-sharing.ts';
import { filterSharing } from './filter-sharing.ts';
import { type Relation, relationsOf } from './relations.ts';
import { rowSharing } from './row-sharing.ts';
import { standingAgreements } from './standing-agreements.ts';
import { writableFields } from './writable.ts';
import { relationSharing } from './write-relations.ts';
import type { Classification } from './write-sharing.ts';

export type Classified = Classification & {
  readonly relations: readonly Relation[];
  readonly brought: readonly BroughtValue[];
  /** Problems, one sentence each. */
  readonly problems: readonly string[];
};

/** Returns the sharing classes and the relations of a composed graph, as its subgraphs declare them. */
export function classify(
  members: readonly (SubgraphDocument & { readonly isControl: boolean })[],
  composed: DocumentNode,
): Classified {
  const subgraphs = members.filter(({ isControl }) => !isControl);
  const problems: string[] = [];
  const refuse = (problem: string) => void problems.push(problem);
  const types = composedTypesOf(composed);
  const declared = declaredSharing(subgraphs, types, refuse);
  const relations = relationsOf(subgraphs, types, refuse);
  const plain = new Map([...declared, ...filterSharing(declared, types, refuse)]);
  const sharing = new Map([...plain, ...relationSharing(relations, plain, refuse)]);
  return {
    sharing,
    writable: writableFields(members, refuse),
    standing: standingAgreements(subgraphs, types, sharing, refuse),
    ofTypes: rowSharing(subgraphs, types, refuse),
    relations,
    brought: broughtValues(subgraphs, types, refuse),
    problems,
  };
}
