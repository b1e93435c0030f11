import type { Department } from '@wenshu/schema/caller.ts';
import { type Sharing, sharingSdl } from '@wenshu/schema/sharing.ts';
import { writeSharing } from '@wenshu/schema/write-sharing.ts';
import { type DocumentNode, isTypeDefinitionNode, Kind, parse } from 'graphql';

/** Owner of everything in the shop, and the caller: it sees conditional data, and each such answer is recorded first. */
export const owner: Department = 'PROPAGANDA';

/** Types of the arguments of `@sharing`, which our own subgraphs declare themselves. */
const types = parse(sharingSdl).definitions.filter(isTypeDefinitionNode);

/** A supergraph whose fields have sharing classes: fields of the root are for every department, all others conditional. */
export function classed(supergraph: DocumentNode): DocumentNode {
  const sharing = new Map<string, Sharing>();
  for (const definition of supergraph.definitions) {
    if (definition.kind !== Kind.OBJECT_TYPE_DEFINITION) continue;
    const typeName = definition.name.value;
    const shareClass = typeName === 'Query' ? 'UNCONDITIONAL' : 'CONDITIONAL';
    for (const { name } of definition.fields ?? []) {
      sharing.set(`${typeName}.${name.value}`, { class: shareClass, owner, open: false, masked: false });
    }
  }
  const { kind, definitions } = writeSharing(supergraph, {
    sharing,
    standing: new Map(),
    writable: new Map(),
    ofTypes: new Map(),
  });
  return { kind, definitions: [...types, ...definitions] };
}
