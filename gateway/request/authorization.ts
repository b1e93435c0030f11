import type { Department } from '@wenshu/schema/caller.ts';
import type { DocumentNode, FieldNode, GraphQLNamedType, OperationDefinitionNode } from 'graphql';
import type { Json } from '../lib/json.ts';
import type { GatewayContext } from './context.ts';
import type { Denial } from './denial.ts';
import type { FieldAccess } from './field-access.ts';

/** How an operation discloses non-public data of enterprises. The audit log names these enterprises. */
export type EnterpriseDisclosure = {
  /** Returns the path from a row of a type to the id of its enterprise; undefined if the row is about none. */
  pathOf(typeName: string): readonly string[] | undefined;
  /** Returns the owner of a non-public field by its coordinate; undefined for a public field. */
  disclosedOwner(coordinate: string): Department | undefined;
  /** The owners of the non-public data about enterprises that the operation reads. */
  readonly owners: readonly Department[];
  /**
   * Whether the operation filters, orders or aggregates by such fields, which discloses also enterprises outside the
   * answer.
   */
  readonly isInBulk: boolean;
};

/** The authorization of one operation for one caller, with the values of its variables. */
export type Authorization = {
  /** The key of the caller's access policy. Callers with the same policy have the same key. */
  readonly policy: string;
  /** The key of the removals. Authorizations with the same key remove the same; `''` if nothing is removed. */
  readonly key: string;
  /** The denial of each element of the operation that the caller may not see. */
  readonly denied: readonly Denial[];
  /** Returns the denial of a field by its coordinate, such as `Park.tenants`. */
  denialOf(coordinate: string): Denial | undefined;
  /** Returns the denial of a field in a selection of `parent`, whatever its arguments are. */
  denialOfSelection?(parent: GraphQLNamedType, field: FieldNode): Denial | undefined;
  /**
   * Returns the denial of a fragment on a type. Such a fragment is removed as a whole, and no path in the answer
   * shows it.
   */
  denialOfFragment?(typeName: string): Denial | undefined;
  /** Returns the denial of the rows of a type that are not exempt. Hidden rows are missing in lists and null elsewhere. */
  rowDenialOf(typeName: string): Denial | undefined;
  /** Returns the filter that is added to lists with this filter type, so that they contain no hidden row. */
  listFilterOf(inputName: string): string | undefined;
  /** Returns whether that filter is a condition on related data. */
  isFilteredByRelated(inputName: string): boolean;
  /**
   * Returns the denial of an input field or enum value by its coordinate: `EnterpriseFilter.inspectedOn`,
   * `ParkOrderField.RENT`.
   */
  denialOfUse(coordinate: string): Denial | undefined;
  /** The coordinates that the values of variables use, by the name of the variable. */
  readonly usedByVariables: ReadonlyMap<string, readonly string[]>;
  /** The fields with a sharing class that the operation reads and the caller may see, for the audit log. */
  readonly seen: readonly FieldAccess[];
  /** How the answer discloses enterprises; undefined if it shows no non-public data of one. */
  readonly disclosure: EnterpriseDisclosure | undefined;
  /** Whether the whole operation is refused instead of answered in part. */
  readonly isStrict: boolean;
};

export type Authorize = (
  document: DocumentNode,
  operation: OperationDefinitionNode,
  variables: Json,
  context: GatewayContext,
) => Authorization | undefined;
