import { HubError, type Words } from '@wenshu/schema/errors.ts';
import { failureOf } from '@wenshu/schema/failure.ts';
import type { GraphQLError, GraphQLFormattedError } from 'graphql';
import type { Log } from '../lib/log.ts';
import { ExecutionError } from '../request/errors.ts';
import type { ResponseStep } from './response-step.ts';

/**
 * Masks errors before an answer is sent. An error that is not meant for callers (a stack, SQL, an address) becomes
 * INTERNAL_SERVER_ERROR with the request id, under which the log has its cause.
 */
export const maskErrors =
  (log: Log): ResponseStep =>
  ({ response, errors = [], contextValue: { requestId } }) => {
    if (response.body.kind !== 'single') return;
    const { singleResult } = response.body;
    if (!singleResult.errors) return;
    singleResult.errors = singleResult.errors.map((formatted, index) =>
      maskError(formatted, errors[index], requestId, log),
    );
  };

/** Returns an error as callers may read it. Logs the cause of one that they may not. */
export function maskError(
  formatted: GraphQLFormattedError,
  original: GraphQLError | undefined,
  requestId: string,
  log: Log,
): GraphQLFormattedError {
  if (isPublic(formatted, original)) return formatted;
  const { subgraph, code } = formatted.extensions ?? {};
  // A subgraph's message may repeat the caller's input. Its own log has the cause under the same id.
  if (subgraph !== undefined) {
    log.error({ requestId, path: formatted.path, subgraph, code }, 'A subgraph answered with an error.');
  } else {
    const cause = failureOf(original?.originalError ?? original);
    log.error({ requestId, path: formatted.path, cause }, 'A request could not be answered.');
  }
  return masked(formatted, requestId);
}

function isPublic({ extensions }: GraphQLFormattedError, original: GraphQLError | undefined): boolean {
  const code = String(extensions?.code);
  // A subgraph may have written the message, whichever class the error has: of a failed key call it is ExecutionError.
  if (extensions?.subgraph !== undefined) return isPublicOfSubgraph(code);
  return original instanceof HubError || original instanceof ExecutionError || publicRequestErrors.has(code);
}

/** Messages of Apollo Server about requests that it refuses. */
const publicRequestErrors = new Set([
  'BAD_REQUEST',
  'BAD_USER_INPUT',
  'GRAPHQL_PARSE_FAILED',
  'GRAPHQL_VALIDATION_FAILED',
  'OPERATION_RESOLUTION_FAILURE',
]);

/**
 * Whether a subgraph's error is for callers: one with a code is, but GRAPHQL_* means that the gateway's request was
 * wrong.
 */
const isPublicOfSubgraph = (code: string) =>
  /^[A-Z]+(_[A-Z]+)*$/.test(code) && !/^(GRAPHQL_|INTERNAL_|DOWNSTREAM_)/.test(code);

const notResolved: Words = {
  message: 'This field could not be resolved. The cause is in the log.',
  messageZh: '该字段无法取得。原因见日志。',
};

const notAnswered: Words = {
  message: 'This request could not be answered. The cause is in the log.',
  messageZh: '无法答复该请求。原因见日志。',
};

function masked({ path, extensions }: GraphQLFormattedError, requestId: string): GraphQLFormattedError {
  const subgraph = extensions?.subgraph;
  const { message, messageZh } = path?.length ? notResolved : notAnswered;
  return {
    message,
    ...(path && { path }),
    extensions: {
      code: 'INTERNAL_SERVER_ERROR',
      ...(subgraph !== undefined && { subgraph }),
      requestId,
      messageZh,
    },
  };
}
