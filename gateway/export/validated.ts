import {
  type DocumentNode,
  GraphQLError,
  type GraphQLSchema,
  getOperationAST,
  type OperationDefinitionNode,
  parse,
  specifiedRules,
  validate,
} from 'graphql';
import { noProtoVariable } from '../admission/no-proto-variable.ts';
import { Refusal } from '../request/refusal.ts';

/** A query that is valid for a schema. */
export type ValidQuery = {
  readonly document: DocumentNode;
  readonly operation: OperationDefinitionNode;
};

/** Reads a query as the graph does. Throws a Refusal that says what is wrong. */
export function validated(
  source: string,
  operationName: string | undefined,
  schema: GraphQLSchema,
  maxErrors: number,
  /** What the caller may read of a message. */
  fit: (message: string) => string,
): ValidQuery {
  const document = parsed(source);
  const errors = validate(schema, document, [...specifiedRules, noProtoVariable], { maxErrors });
  if (errors.length > 0)
    throw new Refusal('GRAPHQL_VALIDATION_FAILED', errors.map(({ message }) => fit(message)).join('\n'));
  const operation = getOperationAST(document, operationName);
  if (!operation) {
    throw new Refusal(
      'OPERATION_RESOLUTION_FAILURE',
      'Say by operationName which operation of the document is to run.',
    );
  }
  return { document, operation };
}

function parsed(source: string): DocumentNode {
  try {
    return parse(source, { noLocation: true });
  } catch (error) {
    if (error instanceof GraphQLError) throw new Refusal('GRAPHQL_PARSE_FAILED', error.message);
    throw error;
  }
}
