import type { Department } from '@wenshu/schema/caller.ts';
import type { ErrorCode } from '@wenshu/schema/errors.ts';
import type { DocumentNode, FieldNode, GraphQLNamedType, OperationDefinitionNode } from 'graphql';
import type { Json } from '../lib/json.ts';
import type { GatewayContext } from './context.ts';
import type { FieldAccess } from './field-access.ts';

/** Why a caller may not see something: an error at its path, and null or its masked form in the data. */
export type Denial = {
  readonly code: ErrorCode;
  readonly message: string;
  readonly details: Readonly<Record<string, unknown>>;
  /** What the owner gives in place of a value. */
  readonly mask?: (value: unknown) => unknown;
  /** Rows that are not denied. */
  readonly exempt?: RowRule;
};

/** Some of the rows of a type. */
export type RowRule = {
  /** Fields of the type by which its rows are told apart, as a selection: `region { code }`. */
  readonly needs: string;
  /** Whether a row is one of them; `read` gives what is at a path of field names, as `['region', 'code']`. */
  includes(read: (path: readonly string[]) => unknown): boolean;
  /** Rules with the same key are of the same rows. */
  readonly key: string;
  /** The same in the words of the filter that all lists of the type take; undefined where it cannot say so. */
  readonly filter: string | undefined;
  /** What callers could say themselves to be listed no others: `filter`, or a condition on something related. */
  readonly listFilter: string | undefined;
  /** The same in the words in which a subgraph that keeps the rows looks them up; undefined where that cannot be said. */
  readonly lookup: string | undefined;
  /** The same of rows of another type that hold one of these at a field; undefined where that type has no words for it. */
  readonly ofHolder?: ((typeName: string, field: string) => RowRule | undefined) | undefined;
  /** The rules that this one joins. */
  readonly parts?: { readonly join: 'and' | 'or'; readonly rules: readonly RowRule[] };
};

/** Why rows of a type that are not exempt are left out. */
export type RowDenial = Denial & { readonly exempt: RowRule };

/** How an operation tells of enterprises what is not for everybody: for the audit log, which names them. */
export type EnterpriseDisclosure = {
  /** From a row of a type to the id of the enterprise that it is about; undefined where it is about none. */
  pathOf(typeName: string): readonly string[] | undefined;
  /** The owner of a field, by coordinate, that is not for everybody; undefined for what is. */
  ownerTelling(coordinate: string): Department | undefined;
  /** Whose data that is not for everybody it reads, as far as it is about enterprises. */
  readonly owners: readonly Department[];
  /** Whether it picks, orders or sums up by such fields, which tells also of those that are not in the answer. */
  readonly isInBulk: boolean;
};

/** What one caller may not see in an operation, with its variables. */
export type Authorization = {
  /** Callers with the same rights have the same text here. */
  readonly policy: string;
  /** Operations with the same key are restricted alike; `''` where nothing is taken away. */
  readonly key: string;
  /** Why, for each thing in the operation that may not be seen. */
  readonly denied: readonly Denial[];
  /** Of a field, by coordinate: `Park.tenants`. */
  denialOf(coordinate: string): Denial | undefined;
  /** Of a field as it stands in an operation, in a selection of `parent`, whatever its arguments. */
  denialOfSelection?(parent: GraphQLNamedType, field: FieldNode): Denial | undefined;
  /** Of all that is asked of a type by a fragment on it: that goes as a whole, and no place tells of it. */
  denialOfFragment?(typeName: string): Denial | undefined;
  /** Of whole rows of a type: they are left out of lists, and null elsewhere. */
  rowDenialOf(typeName: string): RowDenial | undefined;
  /** What lists that take a filter of this type are filtered by besides, so that they have no row that is left out. */
  listFilterOf(inputName: string): string | undefined;
  /** Whether that is a condition on something related. */
  isFilteredByRelated(inputName: string): boolean;
  /** Of what an argument uses, by coordinate: `EnterpriseFilter.inspectedOn`, `ParkOrderField.RENT`. */
  denialOfUse(coordinate: string): Denial | undefined;
  /** What the values of variables use: those coordinates that are denied, by the variable's name. */
  readonly usedByVariables: ReadonlyMap<string, readonly string[]>;
  /** What it reads that the caller may see and that carries a sharing class: for the audit log. */
  readonly seen: readonly FieldAccess[];
  /** Undefined where the caller sees nothing of an enterprise that is not for everybody. */
  readonly disclosure: EnterpriseDisclosure | undefined;
  /** Whether the whole operation is refused rather than answered in part. */
  readonly isStrict: boolean;
};

export type Authorize = (
  document: DocumentNode,
  operation: OperationDefinitionNode,
  variables: Json,
  context: GatewayContext,
) => Authorization | undefined;
