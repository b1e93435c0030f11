import { type ConstDirectiveNode, Kind, parse, print, visit } from 'graphql';
import { type Department, departments } from './caller.ts';
import { type Duty, duties } from './sharing.ts';

/**
 * 数源部门 of a deployment: which department has a duty (`@sharing(duty:)`) in this city, or owns there what the schema gives to another
 * department.
 */
export type Owners = ReadonlyMap<Duty | Department, Department>;

/** Reads `PARTY_BUILDING:SOCIAL_WORK,RADIO_TELEVISION:CULTURE_TOURISM`; returns undefined for any other text. */
export function parseOwners(text: string): Owners | undefined {
  const owners = new Map<Duty | Department, Department>();
  for (const pair of text.split(',')) {
    const [from, to, ...more] = pair.split(':').map((part) => part.trim());
    const given = [...duties, ...departments].find((each) => each === from);
    const owner = departments.find((each) => each === to);
    if (!given || !owner || more.length > 0 || owners.has(given)) return undefined;
    owners.set(given, owner);
  }
  return owners;
}

export const ownersRule =
  `must be like PARTY_BUILDING:SOCIAL_WORK,RADIO_TELEVISION:CULTURE_TOURISM: before the colon a duty (${duties.join(', ')}) or a ` +
  `department, each once, and after it the department that owns its data here. Departments: ${departments.join(', ')}`;

/**
 * Returns a supergraph in which the owners of this deployment stand in `@sharing` and `@sharingRows`. Throws if the supergraph gives
 * nothing to a duty or department that `owners` names.
 */
export function withOwners(supergraphSdl: string, owners: Owners): string {
  if (owners.size === 0) return supergraphSdl;
  const used = new Set<string>();
  const replace = (directive: ConstDirectiveNode, name: string): ConstDirectiveNode => {
    const given = [argumentOf(directive, 'duty'), argumentOf(directive, name)].find(
      (each) => each !== undefined && owners.has(each as Duty | Department),
    );
    const owner = owners.get(given as Duty | Department);
    if (given === undefined || owner === undefined) return directive;
    used.add(given);
    return {
      ...directive,
      arguments: (directive.arguments ?? []).map((argument) =>
        argument.name.value === name ? { ...argument, value: { kind: Kind.ENUM, value: owner } } : argument,
      ),
    };
  };
  const document = visit(parse(supergraphSdl, { noLocation: true }), {
    Directive(node) {
      if (node.name.value === 'sharing') return replace(node as ConstDirectiveNode, 'owner');
      if (node.name.value === 'sharingRows') return replace(node as ConstDirectiveNode, 'jointly');
      return undefined;
    },
  });
  const unused = [...owners.keys()].filter((each) => !used.has(each));
  if (unused.length > 0) {
    throw new Error(
      `OWNERS names ${unused.join(', ')}, but no data of this supergraph belong to it. Drop it there.`,
    );
  }
  return print(document);
}

const argumentOf = (directive: ConstDirectiveNode, name: string): string | undefined => {
  const value = directive.arguments?.find((argument) => argument.name.value === name)?.value;
  return value?.kind === Kind.ENUM ? value.value : undefined;
};
