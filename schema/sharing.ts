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
import type { Department, KeyAction, Role } from './caller.ts';

/**
 * 共享类别, from the least to the most strict: every department, departments with an agreement, the owner alone. Work secrets are for the
 * owner alone too, and are no items of the catalogue.
 */
export const shareClasses = ['UNCONDITIONAL', 'CONDITIONAL', 'WITHHELD', 'WORK_SECRET'] as const;
export type ShareClass = (typeof shareClasses)[number];

/** 职责: a duty that cities give to different departments. */
export const duties = ['PARTY_BUILDING'] as const;
export type Duty = (typeof duties)[number];

/** Arguments of `@sharing` on a field, an input field or an order. */
export type Sharing = {
  readonly class: ShareClass;
  readonly owner: Department;
  /** The duty from which the data come, if a deployment may give it to another department. */
  readonly duty?: Duty;
  /** 公开数据: may be shown outside of the departments. */
  readonly open: boolean;
  /** True if callers without permission get a masked form instead of null. */
  readonly masked: boolean;
  /** Legal basis for not sharing. */
  readonly basis?: string;
};

/** Arguments of `@standing`: an agreement under which a field is computed from facts of another department. */
export type Standing = {
  /** The facts, as a field set. */
  readonly needs: string;
  readonly basis: string;
  readonly purpose: string;
};

/** Arguments of `@writable`: who may make a change. */
export type Writable = {
  /** Undefined for all departments. */
  readonly departments?: readonly Department[];
  readonly roles: readonly (Role | 'system')[];
  /** Permissions of an enterprise's key; empty if no key may make it. */
  readonly actions: readonly KeyAction[];
  /** The query for what the change needs of other agencies. */
  readonly evidence?: string;
  /** The records of other agencies that the change names. */
  readonly names?: readonly NamedRecord[];
};

/** A member of a change's input that names records of a type. */
export type NamedRecord = { readonly member: string; readonly type: string };

/** A condition on one field of a row. */
export type RowCondition = {
  readonly field: string;
  readonly in?: readonly string[];
  readonly isNull?: boolean;
};

/** Arguments of `@sharingRows`: rows whose class differs from that of their type. */
export type RowSharing = {
  readonly where: readonly RowCondition[];
  readonly class: ShareClass;
  /** The second owner of these rows, beside the owner of the type. */
  readonly jointly?: Department;
  /** True if only the agencies that a row names (`@namedAgencies`) see it. */
  readonly namedOnly?: boolean;
  readonly basis?: string;
};

/** A field of a row that leads to the agencies that must act on it, and the filter on their ids. */
export type NamedAgency = { readonly field: string; readonly filter?: string };

/** Declarations of a type that concern its rows. */
export type TypeSharing = {
  /** Rows with another sharing class. */
  readonly rows?: RowSharing;
  /** Owner of the fields that the type's own subgraph resolves. */
  readonly keeper?: Department;
  /** Path from a row to the id of the enterprise that it is about. */
  readonly enterpriseId?: readonly string[];
  /** Conditions on the rows that this enterprise may see. */
  readonly enterpriseWhere?: readonly RowCondition[];
  /** Fields with the agencies that must act on a row. */
  readonly named?: readonly NamedAgency[];
  /** True if these agencies see of hidden rows what everybody sees of the others. */
  readonly namedSeePublicFieldsOnly?: true;
  /** On a page: true if its subgraph leaves hidden rows out of it, of its counts too. */
  readonly appliesRowFilters?: true;
};

/** SDL of the sharing directives, with the types that they need. */
export const sharingSdl = readFileSync(new URL('sharing.graphql', import.meta.url), 'utf8');

/** A definition that can have a sharing class: a field, an input field or an enum value. */
export type Member = FieldDefinitionNode | InputValueDefinitionNode | EnumValueDefinitionNode;

type WithDirectives = { readonly directives?: readonly ConstDirectiveNode[] | undefined };

const sharingSchema = buildSchema(sharingSdl);
export type SharingDirective =
  | 'sharing'
  | 'sharingRows'
  | 'ofEnterprise'
  | 'namedAgencies'
  | 'appliesRowFilters'
  | 'standing'
  | 'writable';
/** Returns the definition of a sharing directive. */
export const definitionOf = (name: SharingDirective) => sharingSchema.getDirective(name) as GraphQLDirective;

/** Returns the arguments of `@sharing` on a definition, or undefined. Throws if they are wrong. */
export function sharingOf(node: WithDirectives): Sharing | undefined {
  return getDirectiveValues(definitionOf('sharing'), { directives: node.directives ?? [] }) as
    | Sharing
    | undefined;
}

/** Returns the arguments of `@writable` on a mutation field, or undefined. Throws if they are wrong. */
export function writableOf(node: WithDirectives): Writable | undefined {
  return getDirectiveValues(definitionOf('writable'), { directives: node.directives ?? [] }) as
    | Writable
    | undefined;
}

/** Returns the arguments of `@sharingRows`, `@ofEnterprise`, `@namedAgencies`, `@appliesRowFilters` and `@sharing` on a type. Throws if they are wrong. */
export function typeSharingOf(node: WithDirectives): TypeSharing {
  const read = (name: SharingDirective) =>
    getDirectiveValues(definitionOf(name), { directives: node.directives ?? [] });
  const rows = read('sharingRows') as RowSharing | undefined;
  const { id: path, where } = (read('ofEnterprise') ?? {}) as {
    readonly id?: string;
    readonly where?: readonly RowCondition[];
  };
  const { in: named, publicFieldsOnly } = (read('namedAgencies') ?? {}) as {
    readonly in?: readonly NamedAgency[];
    readonly publicFieldsOnly?: boolean;
  };
  const keeper = sharingOf(node)?.owner;
  return {
    ...(rows && { rows }),
    ...(keeper && { keeper }),
    ...(path !== undefined && { enterpriseId: path.split('.') }),
    ...(where && { enterpriseWhere: where }),
    ...(named && { named }),
    ...(publicFieldsOnly && { namedSeePublicFieldsOnly: true }),
    ...(read('appliesRowFilters') && { appliesRowFilters: true }),
  };
}

/** Returns each `@standing` on a definition. Throws if its arguments are wrong. */
export function standingOf(node: WithDirectives): readonly Standing[] {
  const applied = node.directives?.filter((directive) => directive.name.value === 'standing') ?? [];
  return applied.map(
    (directive) => getDirectiveValues(definitionOf('standing'), { directives: [directive] }) as Standing,
  );
}

/** Returns the fields or values of a definition. */
export function membersOf(definition: DefinitionNode): readonly Member[] {
  if ('fields' in definition) return definition.fields ?? [];
  if ('values' in definition) return definition.values ?? [];
  return [];
}

/** Returns each `@sharing` of a document, by coordinate: `Type.field`, `Filter.field`, `OrderField.VALUE`. */
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
