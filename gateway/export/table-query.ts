import { getVariableValues } from 'graphql';
import type { Pricing, ValidOperation } from '../admission/check-cost.ts';
import type { ListShare } from '../admission/costliest-list.ts';
import type { Json } from '../lib/json.ts';
import { findTable, pageVariables, type Table } from './table.ts';

/** A valid query for a table. */
export type TableQuery = {
  readonly operation: ValidOperation;
  /** Variables as the caller sent them. */
  readonly variables: Json;
  /** Variables with their default values. */
  readonly coerced: Json;
  readonly table: Table;
  /** Returns the cost of this many rows. */
  costOf(rows: number): number;
  /** Finds the list that makes the largest part of the cost of this many rows. */
  findCostliest(rows: number): ListShare | undefined;
};

/** Finds the table of a valid operation; undefined without one. Throws a Refusal when there are several. */
export function findTableQuery(
  operation: ValidOperation,
  variables: Json,
  { costOf, findCostliest }: Pricing,
): TableQuery | undefined {
  const { schema } = operation;
  const { coerced } = getVariableValues(schema, operation.operation.variableDefinitions ?? [], variables);
  // The executor says what is wrong with variables.
  const table = coerced && findTable({ ...operation, variables: coerced });
  if (!table) return undefined;
  const page: ValidOperation = { schema, document: table.document, operation: table.operation };
  return {
    operation,
    variables,
    coerced,
    table,
    costOf: (rows) => costOf(page, { ...variables, ...pageVariables(rows, null) }) ?? rows,
    findCostliest: (rows) => findCostliest(page, { ...variables, ...pageVariables(rows, null) }),
  };
}
