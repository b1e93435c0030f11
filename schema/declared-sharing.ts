import { isDeepStrictEqual } from 'node:util';
import { type DefinitionNode, type DocumentNode, Kind, type TypeNode } from 'graphql';
import type { ComposedTypes } from './composed-types.ts';
import { type Member, membersOf, type Sharing, sharingOf } from './sharing.ts';

/** A subgraph before composition. */
export type SubgraphDocument = { readonly name: string; readonly document: DocumentNode };

/** Records a problem: a sentence that says what is wrong and what to do. */
export type Refuse = (problem: string) => void;

/** The declaration of one subgraph for a field, or for an input field or order that has a class of its own. */
type Declared = {
  readonly coordinate: string;
  readonly typeName: string;
  readonly subgraph: string;
  readonly member: Member;
  readonly sharing: Sharing | undefined;
};

/**
 * Returns the class of every field, and of the input fields and orders that have their own. Refuses a field without a class, a field whose
 * subgraphs disagree, and arguments that contradict each other.
 */
export function declaredSharing(
  subgraphs: readonly SubgraphDocument[],
  types: ComposedTypes,
  refuse: Refuse,
): Map<string, Sharing> {
  const found = new Map<string, Declared & { sharing: Sharing }>();
  const given = new Set<string>();
  for (const declared of subgraphs.flatMap((subgraph) => listDeclared(subgraph, refuse))) {
    const { coordinate, sharing } = declared;
    const before = found.get(coordinate);
    given.add(coordinate);
    if (!sharing) refuse(unclassified(declared));
    else if (!before) {
      listContradictions({ ...declared, sharing }).forEach(refuse);
      found.set(coordinate, { ...declared, sharing });
    } else if (!isDeepStrictEqual(before.sharing, sharing))
      refuse(disagreement(before, { ...declared, sharing }));
  }
  for (const type of types.outputs.filter(({ name }) => name.value !== 'Mutation')) {
    for (const field of type.fields ?? []) {
      const coordinate = `${type.name.value}.${field.name.value}`;
      if (!given.has(coordinate)) refuse(`${coordinate} has no sharing class, and no subgraph to say it in.`);
    }
  }
  return new Map([...found].map(([coordinate, { sharing }]) => [coordinate, sharing]));
}

function listDeclared({ name, document }: SubgraphDocument, refuse: Refuse): Declared[] {
  const read = (place: string, node: Parameters<typeof sharingOf>[0]) => {
    try {
      return sharingOf(node);
    } catch (error) {
      refuse(`${place} in ${name} has an @sharing that cannot be: ${(error as Error).message}`);
      return undefined;
    }
  };
  const ofTypes = new Map<string, Sharing>();
  for (const definition of document.definitions.filter(isOutput)) {
    const sharing = read(definition.name.value, definition);
    if (sharing) ofTypes.set(definition.name.value, sharing);
  }
  return document.definitions.flatMap((definition) => {
    const typeName = 'name' in definition ? (definition.name?.value ?? '') : '';
    // What a mutation returns has classes of its own; who may make the change is said by @writable.
    if (typeName === 'Mutation') return [];
    return membersOf(definition).flatMap((member) => {
      const coordinate = `${typeName}.${member.name.value}`;
      const isGiven = isOutput(definition) && !hasDirective(member, 'external');
      const sharing = read(coordinate, member) ?? (isGiven ? ofTypes.get(typeName) : undefined);
      return isGiven || sharing ? [{ coordinate, typeName, subgraph: name, member, sharing }] : [];
    });
  });
}

/** True if a definition defines or extends an object or interface type. */
export function isOutput(definition: DefinitionNode) {
  return (
    definition.kind === Kind.OBJECT_TYPE_DEFINITION ||
    definition.kind === Kind.OBJECT_TYPE_EXTENSION ||
    definition.kind === Kind.INTERFACE_TYPE_DEFINITION ||
    definition.kind === Kind.INTERFACE_TYPE_EXTENSION
  );
}

/** True if a field, an input field or a value has the directive. */
export const hasDirective = ({ directives }: Member, name: string) =>
  directives?.some((directive) => directive.name.value === name) ?? false;

const unclassified = ({ coordinate, typeName, subgraph }: Declared) =>
  `${coordinate} has no sharing class in ${subgraph}: write @sharing(class:, owner:) on it, or on ${typeName} for all its fields there.`;

const disagreement = (one: Declared & { sharing: Sharing }, other: Declared & { sharing: Sharing }) =>
  `${one.coordinate} is ${inWords(one.sharing)} in ${one.subgraph}, but ${inWords(other.sharing)} in ${other.subgraph}: ` +
  'write the same @sharing wherever it is given.';

const inWords = ({ class: shareClass, owner, duty, open, masked, basis }: Sharing) =>
  [
    `${shareClass} of ${owner}`,
    duty && `of the duty ${duty}`,
    open && 'open',
    masked && 'masked',
    basis && `on the basis of ${basis}`,
  ]
    .filter(Boolean)
    .join(', ');

/** Returns the contradictions of a declaration, one sentence each. */
function listContradictions({ coordinate, member, sharing }: Declared & { sharing: Sharing }): string[] {
  const problems: string[] = [];
  if (sharing.open && sharing.class !== 'UNCONDITIONAL') {
    problems.push(
      `${coordinate} is open and ${sharing.class}: what may leave the departments cannot need consent between them. ` +
        'Make it UNCONDITIONAL, or drop "open".',
    );
  }
  if (sharing.class === 'WITHHELD' && !sharing.basis) {
    problems.push(
      `${coordinate} is WITHHELD without a basis: only a law lets data be withheld (不予共享). Name it in @sharing(basis:).`,
    );
  }
  if (sharing.masked && sharing.class === 'WORK_SECRET') {
    problems.push(
      `${coordinate} is a work secret and masked, but only its owner may see a part of it. Drop "masked".`,
    );
  }
  if (sharing.masked && !isTextField(member)) {
    problems.push(
      `${coordinate} is masked, but only a field of type String has a masked form. Drop "masked".`,
    );
  }
  return problems;
}

function isTextField(member: Member): boolean {
  const isText = (type: TypeNode): boolean =>
    type.kind === Kind.NON_NULL_TYPE
      ? isText(type.type)
      : type.kind === Kind.NAMED_TYPE && type.name.value === 'String';
  return member.kind === Kind.FIELD_DEFINITION && isText(member.type);
}
