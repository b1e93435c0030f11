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
import { relationSdl } from './relations.ts';
import { sharingSdl } from './sharing.ts';

/** The five agencies' subgraphs. */
export const subgraphNames = ['enterprises', 'events', 'parks', 'party', 'policies'] as const;
export type SubgraphName = (typeof subgraphNames)[number];

/** Members of the graph: the agencies' subgraphs and the control plane, with keys, agreements and catalogue. */
export const memberNames = [...subgraphNames, 'control'] as const;
export type MemberName = (typeof memberNames)[number];

const read = (url: URL) => readFileSync(url, 'utf8');

/** Returns the folder of a member. The control plane belongs to the gateway, which answers it itself. */
export const folderOf = (name: MemberName) =>
  new URL(name === 'control' ? '../gateway/control/' : `../subgraphs/${name}/`, import.meta.url);

/** Returns the SDL of a member itself. */
export const ownSdl = (name: MemberName) => read(new URL('schema.graphql', folderOf(name)));

/** Returns the SDL that all subgraphs share; for the control plane, only the part that its own types need. */
export function commonSdl(name: MemberName): string {
  const shared = read(new URL('common.graphql', import.meta.url));
  const common = [shared, sharingSdl, relationSdl, sharedAggregatesSdl].join('\n');
  return name === 'control' ? neededOf(common, ownSdl(name)) : common;
}

/** Returns the aggregates of an agency's lists, generated from their filters. The lists of the control plane have none. */
export const aggregatesOf = (name: MemberName) =>
  name === 'control' ? '' : aggregatesSdl(`${commonSdl(name)}\n${ownSdl(name)}`);

/** Returns the whole schema of a member. */
export const subgraphSdl = (name: MemberName) => `${commonSdl(name)}\n${ownSdl(name)}\n${aggregatesOf(name)}`;

/** Returns the definitions of `common` that `own` refers to, and those that define no types. */
function neededOf(common: string, own: string): string {
  const { definitions } = parse(common);
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
