import type { ErrorCode } from '@wenshu/schema/errors.ts';
import { GraphQLError } from 'graphql';

const isPublic = (error: GraphQLError) => error.extensions.code !== undefined || !error.originalError;

/** Codes of postgres.js and of Postgres that mean: nobody answers there now. */
const unreachable = /^(ECONN|EPIPE|ETIMEDOUT|CONNECT|08|57P0)/;

function databaseIsUnreachable(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  const { code } = error as { code?: unknown };
  return (typeof code === 'string' && unreachable.test(code)) || databaseIsUnreachable(error.cause);
}

/**
 * What a caller is told of an error. Our own errors are meant for callers; of any
 * other (SQL, stacks, addresses) only its place is told, and the cause is logged.
 */
export function maskError(error: GraphQLError, logCause: (cause: unknown) => void): GraphQLError {
  if (isPublic(error)) return error;
  logCause(error.originalError);
  const [code, message]: [ErrorCode, string] = databaseIsUnreachable(error.originalError)
    ? ['SUBGRAPH_UNAVAILABLE', 'The database behind this field does not answer. Try again later.']
    : ['INTERNAL_SERVER_ERROR', 'This field could not be resolved. The cause is in the log.'];
  return new GraphQLError(message, {
    ...(error.nodes && { nodes: error.nodes }),
    ...(error.path && { path: error.path }),
    extensions: { code },
  });
}
