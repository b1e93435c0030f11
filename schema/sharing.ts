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

/** A condition on a row of a type, by one of its fields. */
export type RowCondition = {
  readonly field: string;
  readonly in?: readonly string[];
  readonly isNull?: boolean;
};

/** What `@sharingRows` says: rows that are shared otherwise than their type. */
export type RowSharing = {
  readonly where: readonly RowCondition[];
  readonly class: ShareClass;
  /** Who owns them together with the owner of the type. */
  readonly jointly?: Department;
  readonly basis?: string;
};

/** What is said of a type as a whole, for its rows. */
export type TypeSharing = {
  /** Rows that are shared otherwise. */
  readonly rows?: RowSharing;
  /** Who owns the type, as far as its own subgraph gives it. */
  readonly keeper?: Department;
  /** From a row to the id of the enterprise that it is about. */
  readonly enterpriseId?: readonly string[];
};

/** The definitions of the directives about sharing, with the types they need. */
export const sharingSdl = readFileSync(new URL('sharing.graphql', import.meta.url), 'utf8');

/** What a class of sharing is for: a field, an input field or the value of an enum. */
export type Member = FieldDefinitionNode | InputValueDefinitionNode | EnumValueDefinitionNode;

type WithDirectives = { readonly directives?: readonly ConstDirectiveNode[] | undefined };

const sharingSchema = buildSchema(sharingSdl);
export type SharingDirective = 'sharing' | 'sharingRows' | 'ofEnterprise' | 'standing';
/** The definition of a directive about sharing. */
export const definitionOf = (name: SharingDirective) => sharingSchema.getDirective(name) as GraphQLDirective;

/** What `@sharing` says on a definition; undefined where there is none. An error where its arguments are wrong. */
export function sharingOf(node: WithDirectives): Sharing | undefined {
  return getDirectiveValues(definitionOf('sharing'), { directives: node.directives ?? [] }) as
    | Sharing
    | undefined;
}

/** What `@sharingRows`, `@ofEnterprise` and `@sharing` say of a type. An error where their arguments are wrong. */
export function typeSharingOf(node: WithDirectives): TypeSharing {
  const read = (name: SharingDirective) =>
    getDirectiveValues(definitionOf(name), { directives: node.directives ?? [] });
  const rows = read('sharingRows') as RowSharing | undefined;
  const path = read('ofEnterprise')?.id as string | undefined;
  const keeper = sharingOf(node)?.owner;
  return {
    ...(rows && { rows }),
    ...(keeper && { keeper }),
    ...(path !== undefined && { enterpriseId: path.split('.') }),
  };
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
