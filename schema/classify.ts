import type { DocumentNode } from 'graphql';
import { composedTypesOf } from './composed-types.ts';
import { declaredSharing, type SubgraphDocument } from './declared-sharing.ts';
import { filterSharing } from './filter-sharing.ts';
import { rowSharing } from './row-sharing.ts';
import { standingAgreements } from './standing-agreements.ts';
import type { Classification } from './write-sharing.ts';

/** Who may see what of a composed graph, as its subgraphs declare it; and what is wrong with that, a sentence each. */
export function classify(
  subgraphs: readonly SubgraphDocument[],
  composed: DocumentNode,
): Classification & { readonly problems: readonly string[] } {
  const problems: string[] = [];
  const refuse = (problem: string) => void problems.push(problem);
  const types = composedTypesOf(composed);
  const declared = declaredSharing(subgraphs, types, refuse);
  const sharing = new Map([...declared, ...filterSharing(declared, types, refuse)]);
  return {
    sharing,
    standing: standingAgreements(subgraphs, types, sharing, refuse),
    ofTypes: rowSharing(subgraphs, types, refuse),
    problems,
  };
}
