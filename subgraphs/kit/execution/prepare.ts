import {
  type ExecutionArgs,
  type ExecutionResult,
  GraphQLError,
  type GraphQLSchema,
  getOperationAST,
  getVariableValues,
  type OperationDefinitionNode,
} from 'graphql';
import { type Plan, planOf } from './plan.ts';

export type Variables = Readonly<Record<string, unknown>>;

/** An operation that is ready to run, also several times. */
export interface Prepared {
  readonly schema: GraphQLSchema;
  readonly operation: OperationDefinitionNode;
  readonly plan: Plan;
  readonly variables: Variables;
}

type Failed = Required<Pick<ExecutionResult, 'errors'>>;

/** Finds the operation of a valid document, reads its variables, and plans it. */
export function prepare({
  schema,
  document,
  operationName,
  variableValues,
}: Pick<ExecutionArgs, 'schema' | 'document' | 'operationName' | 'variableValues'>): Prepared | Failed {
  const operation = getOperationAST(document, operationName);
  if (!operation) return noOperation(operationName);
  const definitions = operation.variableDefinitions ?? [];
  const { coerced, errors } = getVariableValues(schema, definitions, variableValues ?? {}, { maxErrors: 50 });
  if (!coerced) return { errors };
  return { schema, operation, plan: planOf(schema, document, operation, coerced), variables: coerced };
}

export const noOperation = (name: string | null | undefined): Failed => {
  const wanted = name ? `the operation "${name}"` : 'one query or mutation';
  return { errors: [new GraphQLError(`The document must hold ${wanted}.`)] };
};
