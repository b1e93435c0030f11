import { type DocumentNode, type InputObjectTypeDefinitionNode, Kind, parse } from 'graphql';
import type { ComposedTypes } from './composed-types.ts';
import type { Refuse, SubgraphDocument } from './declared-sharing.ts';
import { type RootList, rootListsOf } from './root-lists.ts';

/** A condition that is decided with a value of a row of another list (`@brings`). */
export type BroughtValue = {
  /** The list with the condition, and the name of the condition. */
  readonly from: RootList;
  readonly condition: string;
  /** The list that keeps the row, the field of the condition with its id, and the name of the value. */
  readonly of: RootList;
  readonly id: string;
  readonly value: string;
};

/** Directive for gateways, in a supergraph. The condition takes the values in the field that is named after the value. */
const broughtSdl = 'directive @brought(list: String!, id: String!, value: String!) on INPUT_FIELD_DEFINITION';

/** Returns every `@brings` of the subgraphs. Refuses one on a condition of no list, and one that brings a value of no list. */
export function broughtValues(
  subgraphs: readonly SubgraphDocument[],
  types: ComposedTypes,
  refuse: Refuse,
): readonly BroughtValue[] {
  const lists = rootListsOf(types);
  return subgraphs
    .flatMap(({ document }) => document.definitions)
    .filter((definition) => definition.kind === Kind.INPUT_OBJECT_TYPE_DEFINITION)
    .flatMap((input) => broughtIn(input, lists, refuse));
}

function broughtIn(
  input: InputObjectTypeDefinitionNode,
  lists: readonly RootList[],
  refuse: Refuse,
): BroughtValue[] {
  const from = lists.find(({ filter }) => filter === input.name.value);
  return (input.fields ?? []).flatMap((field) => {
    const directive = field.directives?.find(({ name }) => name.value === 'brings');
    if (!directive) return [];
    const said = new Map(
      directive.arguments?.map(({ name, value }) => [
        name.value,
        'value' in value ? String(value.value) : '',
      ]),
    );
    const of = lists.find(({ rowType }) => rowType === said.get('of'));
    const place = `${input.name.value}.${field.name.value}`;
    if (!from)
      refuse(`${place} has a @brings, but ${input.name.value} is the filter of no list at the root.`);
    if (!of) refuse(`${place} brings a value of ${said.get('of')}, of which there is no list at the root.`);
    const names = { id: said.get('id') ?? '', value: said.get('value') ?? '' };
    return from && of ? [{ from, condition: field.name.value, of, ...names }] : [];
  });
}

/** Writes into a supergraph which conditions gateways bring values to. */
export function writeBroughtValues(document: DocumentNode, brought: readonly BroughtValue[]): DocumentNode {
  if (brought.length === 0) return document;
  const directives = new Map(
    brought.map(({ from, condition, of, id, value }) => [
      `${from.filter}.${condition}`,
      directiveIn(`@brought(list: "${of.name}", id: "${id}", value: "${value}")`),
    ]),
  );
  const definitions = document.definitions.map((definition) =>
    definition.kind === Kind.INPUT_OBJECT_TYPE_DEFINITION
      ? {
          ...definition,
          fields: (definition.fields ?? []).map((field) => ({
            ...field,
            directives: [
              ...(field.directives ?? []),
              ...(directives.get(`${definition.name.value}.${field.name.value}`) ?? []),
            ],
          })),
        }
      : definition,
  );
  return {
    ...document,
    definitions: [...definitions, ...parse(broughtSdl, { noLocation: true }).definitions],
  };
}

function directiveIn(text: string) {
  const [definition] = parse(`scalar Any ${text}`, { noLocation: true }).definitions;
  return definition?.kind === Kind.SCALAR_TYPE_DEFINITION ? (definition.directives ?? []) : [];
}
