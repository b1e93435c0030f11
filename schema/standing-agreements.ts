import type { ConstDirectiveNode, FieldDefinitionNode } from 'graphql';
import { type Department, isOfParty } from './caller.ts';
import type { ComposedTypes } from './composed-types.ts';
import { hasDirective, isOutput, type Refuse, type SubgraphDocument } from './declared-sharing.ts';
import { evidenceQueryOf, factsBegin, ownerWith } from './evidence.ts';
import { factsIn, factsOf } from './field-set.ts';
import { membersOf, type ShareClass, type Sharing, type Standing, standingOf } from './sharing.ts';

/** A computed field, or a change with evidence: its facts, and the agreements that it declares. */
type Computed = {
  readonly coordinate: string;
  readonly isClassed: boolean;
  readonly facts: readonly string[];
  readonly agreements: readonly (Standing & { readonly covers: readonly string[] | undefined })[];
};

/**
 * Returns the standing agreements of the fields that are computed from facts of others (`@requires`), and of the changes that rest on
 * them (`@writable(evidence:)`). Refuses such a field without a class of its own, and facts of another department that no agreement
 * covers.
 */
export function standingAgreements(
  subgraphs: readonly SubgraphDocument[],
  types: ComposedTypes,
  sharing: ReadonlyMap<string, Sharing>,
  refuse: Refuse,
): Map<string, readonly Standing[]> {
  const ownerOf = ownerWith(types, (coordinate) => sharing.get(coordinate)?.owner);
  const found = new Map<string, readonly Standing[]>();
  for (const computed of subgraphs.flatMap((subgraph) => listComputed(subgraph, types))) {
    listGaps(computed, ownerOf, (coordinate) => sharing.get(coordinate)?.class).forEach(refuse);
    found.set(
      computed.coordinate,
      computed.agreements.map(({ needs, basis, purpose }) => ({ needs, basis, purpose })),
    );
  }
  return found;
}

function listComputed({ document }: SubgraphDocument, types: ComposedTypes): Computed[] {
  return document.definitions.filter(isOutput).flatMap((definition) =>
    (membersOf(definition) as readonly FieldDefinitionNode[]).flatMap((field) => {
      const typeName = definition.name.value;
      const facts = factsNeededBy(typeName, field, types);
      const agreements = standingOf(field).map((standing) => ({
        ...standing,
        covers: factsOf(factsBegin(typeName), standing.needs, types),
      }));
      if (facts === undefined && agreements.length === 0) return [];
      return {
        coordinate: `${typeName}.${field.name.value}`,
        // Who may make a change is said by @writable.
        isClassed: typeName === 'Mutation' || hasDirective(field, 'sharing'),
        facts: facts ?? [],
        agreements,
      };
    }),
  );
}

/** Returns the facts that a field is computed from, or that a change rests on; undefined if it needs none. */
function factsNeededBy(
  typeName: string,
  field: FieldDefinitionNode,
  types: ComposedTypes,
): string[] | undefined {
  if (typeName !== 'Mutation') {
    const required = requiredBy(field);
    return required === undefined ? undefined : (factsOf(typeName, required, types) ?? []);
  }
  const query = evidenceQueryOf(evidenceBy(field) ?? '');
  return query && factsIn('Query', query.selectionSet, types);
}

const evidenceBy = (field: FieldDefinitionNode): string | undefined =>
  textOf(
    field.directives?.find(({ name }) => name.value === 'writable'),
    'evidence',
  );

function requiredBy(field: FieldDefinitionNode): string | undefined {
  return textOf(
    field.directives?.find(({ name }) => name.value === 'requires'),
    'fields',
  );
}

function textOf(directive: ConstDirectiveNode | undefined, name: string): string | undefined {
  const value = directive?.arguments?.find((argument) => argument.name.value === name)?.value;
  return value && 'value' in value ? String(value.value) : undefined;
}

function listGaps(
  { coordinate, isClassed, facts, agreements }: Computed,
  ownerOf: (coordinate: string) => Department | undefined,
  classOf: (coordinate: string) => ShareClass | undefined,
): string[] {
  const owner = ownerOf(coordinate);
  const problems = isClassed
    ? []
    : [
        `${coordinate} is computed, so that its class is not that of its type: write an @sharing of its own on it.`,
      ];
  const covered = new Set(agreements.flatMap(({ covers }) => covers ?? []));
  for (const fact of facts) {
    const ownerOfFact = ownerOf(fact);
    if (ownerOfFact && ownerOfFact !== owner && !covered.has(fact)) {
      problems.push(
        `${coordinate} of ${owner} rests on ${fact} of ${ownerOfFact} without a standing agreement: ` +
          'declare one with @standing(needs:, basis:, purpose:).',
      );
    }
  }
  for (const { needs, basis, covers } of agreements) {
    const sides = [owner, ...(covers ?? []).map(ownerOf)];
    if (/809|政务数据共享条例/.test(basis) && sides.some((side) => side && isOfParty(side))) {
      problems.push(
        `${coordinate} has a standing agreement of a Party department on the basis of the Regulation on the Sharing of Government ` +
          'Data, which binds government departments only: name the arrangement between the departments.',
      );
    }
    const secret = covers?.find((fact) => classOf(fact) === 'WORK_SECRET' && ownerOf(fact) !== owner);
    if (secret) problems.push(`${coordinate} rests on ${secret}, a work secret: it is never shared.`);
    const idle = covers?.filter((fact) => !facts.includes(fact));
    if (!covers)
      problems.push(`${coordinate} has a standing agreement whose needs are no set of fields: ${needs}.`);
    else if (idle && idle.length > 0) {
      problems.push(
        `${coordinate} has a standing agreement on ${idle.join(', ')}, which it does not need: drop it.`,
      );
    }
    const partners = new Set(covers?.map(ownerOf).filter((partner) => partner !== owner));
    if (partners.size > 1) {
      problems.push(
        `${coordinate} has one standing agreement with ${[...partners].join(' and ')}: make one with each.`,
      );
    }
  }
  return problems;
}
