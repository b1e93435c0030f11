import type { FieldDefinitionNode } from 'graphql';
import { type Department, isOfParty } from './caller.ts';
import type { ComposedTypes } from './composed-types.ts';
import { hasDirective, isOutput, type Refuse, type SubgraphDocument } from './declared-sharing.ts';
import { factsOf } from './field-set.ts';
import { membersOf, type ShareClass, type Sharing, type Standing, standingOf } from './sharing.ts';

/** A computed field, its facts, and the agreements that it declares. */
type Computed = {
  readonly coordinate: string;
  readonly hasOwnClass: boolean;
  readonly facts: readonly string[];
  readonly agreements: readonly (Standing & { readonly covers: readonly string[] | undefined })[];
};

/**
 * Returns the standing agreements of the fields that are computed from facts of others (`@requires`). Refuses such a field without a class
 * of its own, and facts of another department that no agreement covers.
 */
export function standingAgreements(
  subgraphs: readonly SubgraphDocument[],
  types: ComposedTypes,
  sharing: ReadonlyMap<string, Sharing>,
  refuse: Refuse,
): Map<string, readonly Standing[]> {
  const ownerOf = (coordinate: string) => sharing.get(coordinate)?.owner;
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
      const required = requiredBy(field);
      const agreements = standingOf(field).map((standing) => ({
        ...standing,
        covers: factsOf(typeName, standing.needs, types),
      }));
      if (required === undefined && agreements.length === 0) return [];
      return {
        coordinate: `${typeName}.${field.name.value}`,
        hasOwnClass: hasDirective(field, 'sharing'),
        facts: factsOf(typeName, required ?? '', types) ?? [],
        agreements,
      };
    }),
  );
}

function requiredBy(field: FieldDefinitionNode): string | undefined {
  const requires = field.directives?.find((directive) => directive.name.value === 'requires');
  const fields = requires?.arguments?.find((argument) => argument.name.value === 'fields')?.value;
  return fields && 'value' in fields ? String(fields.value) : undefined;
}

function listGaps(
  { coordinate, hasOwnClass, facts, agreements }: Computed,
  ownerOf: (coordinate: string) => Department | undefined,
  classOf: (coordinate: string) => ShareClass | undefined,
): string[] {
  const owner = ownerOf(coordinate);
  const problems = hasOwnClass
    ? []
    : [
        `${coordinate} is computed, so that its class is not that of its type: write an @sharing of its own on it.`,
      ];
  const covered = new Set(agreements.flatMap(({ covers }) => covers ?? []));
  for (const fact of facts) {
    const ownerOfFact = ownerOf(fact);
    if (ownerOfFact && ownerOfFact !== owner && !covered.has(fact)) {
      problems.push(
        `${coordinate} of ${owner} is computed from ${fact} of ${ownerOfFact} without a standing agreement: ` +
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
    if (secret) problems.push(`${coordinate} is computed from ${secret}, a work secret: it is never shared.`);
    const idle = covers?.filter((fact) => !facts.includes(fact));
    if (!covers)
      problems.push(`${coordinate} has a standing agreement whose needs are no set of fields: ${needs}.`);
    else if (idle && idle.length > 0) {
      problems.push(
        `${coordinate} has a standing agreement on ${idle.join(', ')}, which it does not @requires: drop it.`,
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
