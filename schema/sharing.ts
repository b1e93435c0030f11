import { readFileSync } from 'node:fs';
import {
  buildSchema,
  type ConstDirectiveNode,
  type DefinitionNode,
  type DocumentNode,
  type EnumValueDefinitionNode,
  type FieldDefinitionNode,
  type GraphQLDirective,
  getDirectiveValues,
  type InputValueDefinitionNode,
} from 'graphql';
import type { Department } from './caller.ts';

/** 共享类别 of the 政务数据共享条例, from the freest: every department, one with an agreement, the owner alone. */
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

/** What `@standing` says: an agreement by which a field is computed from facts of another department. */
export type Standing = {
  /** The facts, as a set of fields. */
  readonly needs: string;
  readonly basis: string;
  readonly purpose: string;
};

/** The definitions of `@sharing` and `@standing`, with the enums they need. */
export const sharingSdl = readFileSync(new URL('sharing.graphql', import.meta.url), 'utf8');

/** What a class of sharing is for: a field, an input field or the value of an enum. */
export type Member = FieldDefinitionNode | InputValueDefinitionNode | EnumValueDefinitionNode;

type WithDirectives = { readonly directives?: readonly ConstDirectiveNode[] | undefined };

const sharingSchema = buildSchema(sharingSdl);
/** The definition of a directive about sharing. */
export const definitionOf = (name: 'sharing' | 'standing') =>
  sharingSchema.getDirective(name) as GraphQLDirective;

/** What `@sharing` says on a definition; undefined where there is none. An error where its arguments are wrong. */
export function sharingOf(node: WithDirectives): Sharing | undefined {
  return getDirectiveValues(definitionOf('sharing'), { directives: node.directives ?? [] }) as
    | Sharing
    | undefined;
}

/** Each `@standing` on a definition. An error where its arguments are wrong. */
export function standingOf(node: WithDirectives): readonly Standing[] {
  const applied = node.directives?.filter((directive) => directive.name.value === 'standing') ?? [];
  return applied.map(
    (directive) => getDirectiveValues(definitionOf('standing'), { directives: [directive] }) as Standing,
  );
}

/** The fields or values of a definition. */
export function membersOf(definition: DefinitionNode): readonly Member[] {
  if ('fields' in definition) return definition.fields ?? [];
  if ('values' in definition) return definition.values ?? [];
  return [];
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
