import {
  type DocumentNode,
  GraphQLError,
  type GraphQLSchema,
  getOperationAST,
  parse,
  specifiedRules,
  validate,
} from 'graphql';
import type { ValidOperation } from '../admission/check-cost.ts';
import { Refusal } from '../request/refusal.ts';
import type { Pipeline } from './pipeline.ts';

/**
 * Parses and validates a query as Apollo Server does for `/graphql`. Throws a Refusal that explains what is wrong;
 * `wordsOf` returns what the caller may read of a message.
 */
export function readQuery(
  source: string,
  operationName: string | undefined,
  schema: GraphQLSchema,
  { rules, maxErrors }: Pipeline['validation'],
  wordsOf: (message: string) => string,
): ValidOperation {
  const document = parsed(source);
  const errors = validate(schema, document, [...specifiedRules, ...rules], { maxErrors });
  if (errors.length > 0) {
    const message = errors.map((error) => wordsOf(error.message)).join('\n');
    throw new Refusal('GRAPHQL_VALIDATION_FAILED', message);
  }
  const operation = getOperationAST(document, operationName);
  if (!operation) {
    throw new Refusal('OPERATION_RESOLUTION_FAILURE', 'Give an operation of the document in operationName.');
  }
  return { schema, document, operation };
}

function parsed(source: string): DocumentNode {
  try {
    return parse(source, { noLocation: true });
  } catch (error) {
    if (error instanceof GraphQLError) throw new Refusal('GRAPHQL_PARSE_FAILED', error.message);
    throw error;
  }
}
