import { readFileSync } from 'node:fs';
import {
  buildSchema,
  getDirectiveValues,
  type InputObjectTypeDefinitionNode,
  Kind,
  parseConstValue,
} from 'graphql';
import type { ComposedTypes } from './composed-types.ts';
import type { Refuse, SubgraphDocument } from './declared-sharing.ts';
import { type RootList, rootListsOf } from './root-lists.ts';

/** The definition of `@relation`. */
export const relationSdl = readFileSync(new URL('relation.graphql', import.meta.url), 'utf8');

/** A relation between two lists: rows of one hold the ids of rows of the other. */
export type Relation = {
  /** The list whose rows hold the ids, the filter field for these ids, and the name of the relation. */
  readonly from: RootList;
  readonly link: string;
  readonly as: string;
  /** The list of the rows that the ids identify, and the name of the inverse relation. */
  readonly to: RootList;
  readonly inverse: string;
  readonly inverseIsOne: boolean;
  /** Values of the inverse relation where there is no row, as a GraphQL object. */
  readonly inverseWithout?: string;
  /** Condition on the rows that the inverse relation is about, as a GraphQL object. */
  readonly inverseAmong?: string;
};

type Declared = { to: string } & Pick<
  Relation,
  'as' | 'inverse' | 'inverseIsOne' | 'inverseWithout' | 'inverseAmong'
>;

const directive = buildSchema(`${relationSdl}\ntype Query { none: Int }`).getDirective('relation');

/** Returns every `@relation` of the subgraphs. Refuses a relation without a target list, and a name that is already used. */
export function relationsOf(
  subgraphs: readonly SubgraphDocument[],
  types: ComposedTypes,
  refuse: Refuse,
): readonly Relation[] {
  const lists = rootListsOf(types);
  const relations = subgraphs.flatMap(({ document }) =>
    document.definitions
      .filter((definition) => definition.kind === Kind.INPUT_OBJECT_TYPE_DEFINITION)
      .flatMap((input) => relationsIn(input, lists, types, refuse)),
  );
  for (const name of duplicatesAmong(relations, types)) {
    refuse(`${name} is the name of two conditions: give one of the relations another in @relation.`);
  }
  return relations;
}

function relationsIn(
  input: InputObjectTypeDefinitionNode,
  lists: readonly RootList[],
  types: ComposedTypes,
  refuse: Refuse,
): Relation[] {
  const from = lists.find(({ filter }) => filter === input.name.value);
  return (input.fields ?? []).flatMap((field) => {
    const link = field.name.value;
    const place = `${input.name.value}.${link}`;
    return declaredOn(field.directives ?? []).flatMap(({ to: typeName, ...names }) => {
      const to = lists.find(({ rowType }) => rowType === typeName);
      if (!from)
        refuse(`${place} has a @relation, but ${input.name.value} is the filter of no list at the root.`);
      const { inverseIsOne, inverseWithout, inverseAmong } = names;
      if (inverseWithout !== undefined && !(inverseIsOne && isObjectOf(inverseWithout, input)))
        refuse(
          `${place} has a @relation whose inverseWithout does not fit: it needs inverseIsOne, and an object of fields of ${input.name.value}, such as {state: UNKNOWN}.`,
        );
      if (
        inverseAmong !== undefined &&
        !(inverseIsOne && isObjectOf(inverseAmong, types.inputs.get(to?.filter ?? '')))
      )
        refuse(
          `${place} has a @relation whose inverseAmong does not fit: it needs inverseIsOne, and an object of fields of ${to?.filter ?? 'a filter'}.`,
        );
      if (!to) refuse(`${place} has a @relation to ${typeName}, of which there is no list at the root.`);
      return from && to ? [{ from, link, to, ...names }] : [];
    });
  });
}

/** Whether a text is an object of fields of this filter. */
function isObjectOf(
  text: string,
  { fields = [] }: Pick<InputObjectTypeDefinitionNode, 'fields'> = {},
): boolean {
  try {
    const parsed = parseConstValue(text);
    return (
      parsed.kind === Kind.OBJECT &&
      parsed.fields.every(({ name }) => fields.some((field) => field.name.value === name.value))
    );
  } catch {
    return false;
  }
}

const declaredOn = (directives: NonNullable<Parameters<typeof getDirectiveValues>[1]['directives']>) =>
  directives
    .filter(({ name }) => name.value === 'relation')
    .map((each) => getDirectiveValues(directive as never, { directives: [each] }) as Declared);

function duplicatesAmong(relations: readonly Relation[], types: ComposedTypes): Set<string> {
  const taken = new Set(
    [...types.inputs].flatMap(([name, { fields = [] }]) =>
      fields.map((field) => `${name}.${field.name.value}`),
    ),
  );
  const duplicates = new Set<string>();
  for (const { from, as, to, inverse } of relations) {
    for (const name of [`${from.filter}.${as}`, `${to.filter}.${inverse}`]) {
      if (taken.has(name)) duplicates.add(name);
      taken.add(name);
    }
  }
  return duplicates;
}
