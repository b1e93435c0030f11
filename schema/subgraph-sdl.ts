import { readFileSync } from 'node:fs';
import {
  type DefinitionNode,
  Kind,
  type NamedTypeNode,
  type ObjectTypeExtensionNode,
  parse,
  print,
  visit,
} from 'graphql';
import { aggregatesSdl, sharedAggregatesSdl } from './aggregates.ts';
import { completenessSdl } from './completeness.ts';
import { relationSdl } from './relations.ts';
import { sharingSdl } from './sharing.ts';
import { workflowSdl } from './workflows.ts';

/** The five agencies' subgraphs. */
export const subgraphNames = ['enterprises', 'events', 'parks', 'party', 'policies'] as const;
export type SubgraphName = (typeof subgraphNames)[number];

/** Members of the graph: the agencies' subgraphs and the control plane, with keys, agreements and catalogue. */
export const memberNames = [...subgraphNames, 'control'] as const;
export type MemberName = (typeof memberNames)[number];

/** A member with the SDL that it has itself. */
export type MemberSdl = { readonly name: MemberName; readonly ownSdl: string };

/** Reads a member from its folder. Members are above this room, so the caller gives the folder. */
export const readMember = (name: MemberName, folder: URL): MemberSdl => ({
  name,
  ownSdl: readFileSync(new URL('schema.graphql', folder), 'utf8'),
});

/** Returns the SDL that all agencies' subgraphs share. */
export function sharedSdl(): string {
  const shared = readFileSync(new URL('common.graphql', import.meta.url), 'utf8');
  return [shared, sharingSdl, relationSdl, sharedAggregatesSdl].join('\n');
}

/** Returns the shared SDL of a member; for the control plane, only the part that its own types need. */
export const commonSdl = ({ name, ownSdl }: MemberSdl): string =>
  name === 'control' ? neededOf(sharedSdl(), ownSdl) : sharedSdl();

/** Returns what is generated for a member's lists: events and tasks of workflows; for those of agencies, aggregates and completeness too. */
export function listSdl(member: MemberSdl): string {
  if (member.name === 'control') return workflowSdl(member.ownSdl);
  const sdl = `${commonSdl(member)}\n${member.ownSdl}`;
  return `${aggregatesSdl(sdl)}\n${completenessSdl(sdl)}\n${workflowSdl(sdl)}`;
}

/** Returns the whole schema of a member. */
export const subgraphSdl = (member: MemberSdl) =>
  `${commonSdl(member)}\n${member.ownSdl}\n${listSdl(member)}`;

/**
 * Returns the definitions of `common` that `own` refers to, and those that define no types. The control plane keeps no rows of an
 * entity, so it has only the key.
 */
function neededOf(common: string, own: string): string {
  const definitions = parse(common).definitions.map(keyOnly);
  const byName = new Map(
    definitions.flatMap((definition) =>
      'name' in definition && definition.name && definition.kind !== Kind.DIRECTIVE_DEFINITION
        ? [[definition.name.value, definition] as const]
        : [],
    ),
  );
  const needed = new Set<DefinitionNode>();
  const takeNamed = ({ name }: NamedTypeNode | ObjectTypeExtensionNode) => {
    const found = byName.get(name.value);
    if (!found || needed.has(found)) return;
    needed.add(found);
    take(found);
  };
  const take = (definition: DefinitionNode) =>
    visit(definition, { NamedType: takeNamed, ObjectTypeExtension: takeNamed });
  const named = new Set<DefinitionNode>(byName.values());
  for (const definition of definitions.filter((each) => !named.has(each))) {
    needed.add(definition);
    take(definition);
  }
  parse(own).definitions.forEach(take);
  return definitions
    .filter((each) => needed.has(each))
    .map(print)
    .join('\n');
}

/** Returns an entity with the fields of its keys alone; any other definition unchanged. */
function keyOnly(definition: DefinitionNode): DefinitionNode {
  if (definition.kind !== Kind.OBJECT_TYPE_DEFINITION) return definition;
  const { directives = [], fields = [] } = definition;
  const keys = directives.filter(({ name }) => name.value === 'key').flatMap((key) => key.arguments ?? []);
  const named = new Set(
    keys.flatMap(({ value }) => (value.kind === Kind.STRING ? value.value.split(' ') : [])),
  );
  return keys.length === 0
    ? definition
    : { ...definition, fields: fields.filter(({ name }) => named.has(name.value)) };
}
