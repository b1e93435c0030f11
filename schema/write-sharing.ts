import {
  astFromValue,
  type ConstDirectiveNode,
  type DefinitionNode,
  type DocumentNode,
  Kind,
  parse,
} from 'graphql';
import {
  definitionOf,
  type Member,
  type Sharing,
  type SharingDirective,
  type Standing,
  sharingSdl,
  type Writable,
} from './sharing.ts';

/** Sharing of a graph by coordinate: `Type.field`, `Filter.field`, `OrderField.VALUE`. */
export type Classification = {
  readonly sharing: ReadonlyMap<string, Sharing>;
  readonly standing: ReadonlyMap<string, readonly Standing[]>;
  /** Who may make each change. */
  readonly writable: ReadonlyMap<string, Writable>;
  /** Declarations for rows of types, by type name. */
  readonly ofTypes: ReadonlyMap<string, readonly ConstDirectiveNode[]>;
};

const directiveDefinitions = parse(sharingSdl, { noLocation: true }).definitions.filter(
  (definition) => definition.kind === Kind.DIRECTIVE_DEFINITION,
);

/** Writes the sharing directives and their definitions into a composed document, because composition drops them. */
export function writeSharing(document: DocumentNode, classification: Classification): DocumentNode {
  const definitions = document.definitions.map((definition) => writeInto(definition, classification));
  return { ...document, definitions: [...directiveDefinitions, ...definitions] };
}

function writeInto(
  definition: DefinitionNode,
  { sharing, standing, writable, ofTypes }: Classification,
): DefinitionNode {
  const typeName = 'name' in definition ? definition.name?.value : undefined;
  const write = (member: Member) => {
    const coordinate = `${typeName}.${member.name.value}`;
    const own = sharing.get(coordinate);
    const agreements = standing.get(coordinate) ?? [];
    const change = writable.get(coordinate);
    const directives = [
      ...(member.directives ?? []),
      ...(own ? [directiveNode('sharing', own)] : []),
      ...agreements.map((agreement) => directiveNode('standing', agreement)),
      ...(change ? [directiveNode('writable', change)] : []),
    ];
    return { ...member, directives };
  };
  if ('fields' in definition) {
    const directives = [...(definition.directives ?? []), ...(ofTypes.get(typeName ?? '') ?? [])];
    return { ...definition, directives, fields: definition.fields?.map(write) } as DefinitionNode;
  }
  if ('values' in definition)
    return { ...definition, values: definition.values?.map(write) } as DefinitionNode;
  return definition;
}

function directiveNode(name: SharingDirective, values: Sharing | Standing | Writable): ConstDirectiveNode {
  const given = new Map<string, unknown>(Object.entries(values));
  return {
    kind: Kind.DIRECTIVE,
    name: { kind: Kind.NAME, value: name },
    arguments: definitionOf(name).args.flatMap((argument) => {
      const value = astFromValue(given.get(argument.name), argument.type);
      return value ? [{ kind: Kind.ARGUMENT, name: { kind: Kind.NAME, value: argument.name }, value }] : [];
    }),
  } as ConstDirectiveNode;
}
