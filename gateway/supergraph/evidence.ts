import type { Department } from '@wenshu/schema/caller.ts';
import { composedTypesOf } from '@wenshu/schema/composed-types.ts';
import { evidenceQueryOf, ownerWith } from '@wenshu/schema/evidence.ts';
import { factsIn, factsOf } from '@wenshu/schema/field-set.ts';
import { standingOf } from '@wenshu/schema/sharing.ts';
import type { DocumentNode, OperationDefinitionNode } from 'graphql';
import { memoize } from '../lib/memoize.ts';
import { readSharing } from './sharing.ts';
import { readWritable } from './writable.ts';

/** What a change needs of other agencies, and under which agreement. */
export type EvidenceOfChange = {
  readonly text: string;
  readonly query: OperationDefinitionNode;
  /** Names of its variables, which are members of the change's input. */
  readonly variables: readonly string[];
  /** The coordinates of its facts. */
  readonly facts: readonly string[];
  /** Facts of other departments that no standing agreement of the change covers. The gateway does not ask for them. */
  readonly uncovered: readonly string[];
  ownerOf(coordinate: string): Department | undefined;
};

/** Returns the department that owns a coordinate; for a change, the owner of the data that it changes. */
export const ownersIn = memoize((supergraph: DocumentNode) => {
  const sharing = readSharing(supergraph);
  return ownerWith(composedTypesOf(supergraph), (coordinate) => sharing.of(coordinate)?.owner);
});

/** Reads the evidence of each change of a supergraph, by the name of the mutation field. */
export const readEvidence = memoize((supergraph: DocumentNode): ReadonlyMap<string, EvidenceOfChange> => {
  const needy = [...readWritable(supergraph)].filter(([, { evidence }]) => evidence !== undefined);
  if (needy.length === 0) return new Map();
  const types = composedTypesOf(supergraph);
  const ownerOf = ownersIn(supergraph);
  return new Map(
    needy.flatMap(([name, { evidence: text = '' }]) => {
      const query = evidenceQueryOf(text);
      const field = types.fieldsOf('Mutation').get(name);
      if (!query || !field) return [];
      const facts = factsIn('Query', query.selectionSet, types);
      const covered = new Set(standingOf(field).flatMap(({ needs }) => factsOf('Query', needs, types) ?? []));
      const own = ownerOf(`Mutation.${name}`);
      const uncovered = facts.filter((fact) => {
        const owner = ownerOf(fact);
        return owner !== undefined && owner !== own && !covered.has(fact);
      });
      const variables = (query.variableDefinitions ?? []).map(({ variable }) => variable.name.value);
      return [[name, { text, query, variables, facts, uncovered, ownerOf }]];
    }),
  );
});
