import { readFileSync } from 'node:fs';
import {
  buildSchema,
  type ConstDirectiveNode,
  type DefinitionNode,
  type DocumentNode,
  type EnumValueDefinitionNode,
  type FieldDefinitionNode,
  getDirectiveValues,
  type InputValueDefinitionNode,
} from 'graphql';
import type { Department } from './caller.ts';

/** 共享类别 of the 政务数据共享条例: every department, a department with an agreement, the owner alone. */
export const shareClasses = ['UNCONDITIONAL', 'CONDITIONAL', 'WITHHELD'] as const;
export type ShareClass = (typeof shareClasses)[number];

/** What `@sharing` says of a field, an input field or an order. */
export type Sharing = {
  readonly class: ShareClass;
  readonly owner: Department;
  /** 公开数据: may leave the departments. */
  readonly open: boolean;
  /** Whether callers who may not see it get a masked form instead of nothing. */
  readonly masked: boolean;
  /** The law that withholding rests on. */
  readonly basis?: string;
};

/** The definition of `@sharing`, with its enums. */
export const sharingSdl = readFileSync(new URL('sharing.graphql', import.meta.url), 'utf8');

const directives = buildSchema(sharingSdl).getDirectives();

/** Fields, input fields or values: what a sharing class is for. */
export type Member = FieldDefinitionNode | InputValueDefinitionNode | EnumValueDefinitionNode;

/** What `@sharing` says on a definition; undefined where there is none. An error where its arguments are wrong. */
export function sharingOf(node: {
  readonly directives?: readonly ConstDirectiveNode[];
}): Sharing | undefined {
  const definition = directives.find((directive) => directive.name === 'sharing');
  return definition && (getDirectiveValues(definition, node) as Sharing | undefined);
}

/** What `@sharing` says in a document, by coordinate: `Type.field`, `Filter.field`, `OrderField.VALUE`. */
export function sharingByCoordinate(document: DocumentNode): ReadonlyMap<string, Sharing> {
  const found = new Map<string, Sharing>();
  for (const definition of document.definitions) {
    for (const member of membersOf(definition)) {
      const sharing = sharingOf(member);
      if (sharing && 'name' in definition)
        found.set(`${definition.name?.value}.${member.name.value}`, sharing);
    }
  }
  return found;
}

/** The fields or values of a type. */
export function membersOf(definition: DefinitionNode): readonly Member[] {
  if ('fields' in definition) return definition.fields ?? [];
  if ('values' in definition) return definition.values ?? [];
  return [];
}
