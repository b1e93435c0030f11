import type { ErrorCode } from '@wenshu/schema/errors.ts';
import { GraphQLError } from 'graphql';
import type { ResponsePath } from './json.ts';
import type { SubgraphError } from './subgraph.ts';

/** Makes an error for each place of the answer that misses something. */
export type ErrorAt = (path: ResponsePath) => GraphQLError;

/** Why a subgraph gave no answer that can be used. The message is for callers, the cause for the log. */
export class SubgraphFailure extends Error {
  readonly code: ErrorCode;
  readonly subgraph: string;

  constructor(code: ErrorCode, subgraph: string, message: string, cause?: unknown) {
    super(message, { cause });
    this.name = 'SubgraphFailure';
    this.code = code;
    this.subgraph = subgraph;
  }
}

export const unreachable = (subgraph: string, cause?: unknown) =>
  new SubgraphFailure('SUBGRAPH_UNAVAILABLE', subgraph, `Subgraph "${subgraph}" cannot be reached.`, cause);

export const tooSlow = (subgraph: string, timeoutMs: number) =>
  new SubgraphFailure(
    'SUBGRAPH_TIMEOUT',
    subgraph,
    `Subgraph "${subgraph}" did not answer within ${timeoutMs} ms.`,
  );

export const unreadable = (subgraph: string, cause?: unknown) =>
  new SubgraphFailure(
    'SUBGRAPH_UNAVAILABLE',
    subgraph,
    `Subgraph "${subgraph}" gave no GraphQL answer.`,
    cause,
  );

export const misplaced = (subgraph: string) =>
  new SubgraphFailure(
    'SUBGRAPH_UNAVAILABLE',
    subgraph,
    `Subgraph "${subgraph}" did not answer for the entities it was asked for.`,
  );

/** An error that the gateway itself finds; its message is meant for callers. */
export class ExecutionError extends GraphQLError {
  readonly code: ErrorCode;

  constructor(code: ErrorCode, message: string, path?: ResponsePath, details?: Record<string, unknown>) {
    super(message, { path, extensions: { ...details, code } });
    this.name = 'ExecutionError';
    this.code = code;
  }
}

export const fromFailure =
  ({ code, message, subgraph }: SubgraphFailure): ErrorAt =>
  (path) =>
    new ExecutionError(code, message, path, { subgraph });

/** What a subgraph said of one field: it keeps its code and names its subgraph, and loses what is not for callers. */
export const fromSubgraph =
  (subgraph: string, { message, extensions }: SubgraphError): ErrorAt =>
  (path) => {
    const { http: _http, exception: _exception, stacktrace: _stacktrace, ...details } = extensions ?? {};
    return new GraphQLError(String(message), { path, extensions: { ...details, subgraph } });
  };

export const unplannable = () =>
  new ExecutionError(
    'INTERNAL_SERVER_ERROR',
    'This operation could not be planned. The cause is in the log.',
  );
