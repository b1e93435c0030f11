import { type ErrorCode, statusOf } from '@wenshu/schema/errors.ts';
import { GraphQLError } from 'graphql';
import type { ResponsePath } from '../lib/json.ts';
import type { Denial } from './denial.ts';

/** One error in a subgraph's answer, in the form of GraphQL over HTTP. */
export type SubgraphError = {
  readonly message: string;
  readonly path?: readonly (string | number)[] | undefined;
  readonly extensions?: Record<string, unknown> | undefined;
};

/** Makes an error for a path of the answer that lacks its value. */
export type ErrorAt = (path: ResponsePath) => GraphQLError;

/** The kind of a subgraph's failure, for its policy and for metrics. */
export type FailureKind =
  /** No connection, a broken one, or HTTP 502, 503 or 504: a retry may succeed. */
  | 'unreachable'
  /** The subgraph answered that it failed as a whole, or rejected in this process. */
  | 'failed'
  /** The answer is not a GraphQL answer. */
  | 'unreadable'
  | 'too-large'
  /** The call took longer than the time limit of a call. */
  | 'too-slow'
  /** The request had no time left for the call. */
  | 'out-of-time'
  /** The caller left, so nobody waits for the call. */
  | 'abandoned'
  /** The call was not sent: too many calls wait for this subgraph. */
  | 'busy'
  /** The call was not sent: the subgraph failed too often just now. */
  | 'resting'
  | 'misplaced';

/** The failure of a call to a subgraph. Its message is for callers, its cause for the log. */
export class SubgraphFailure extends Error {
  readonly kind: FailureKind;
  readonly code: ErrorCode;
  readonly subgraph: string;

  constructor(kind: FailureKind, subgraph: string, message: string, cause?: unknown) {
    super(message, { cause });
    this.name = 'SubgraphFailure';
    this.kind = kind;
    this.code = kind === 'too-slow' || kind === 'out-of-time' ? 'SUBGRAPH_TIMEOUT' : 'SUBGRAPH_UNAVAILABLE';
    this.subgraph = subgraph;
  }
}

export const unreachable = (subgraph: string, cause?: unknown) =>
  new SubgraphFailure('unreachable', subgraph, `Subgraph "${subgraph}" cannot be reached.`, cause);

export const failed = (subgraph: string, cause: unknown) =>
  new SubgraphFailure('failed', subgraph, `Subgraph "${subgraph}" cannot be reached.`, cause);

export const unreadable = (subgraph: string, cause?: unknown) =>
  new SubgraphFailure('unreadable', subgraph, `Subgraph "${subgraph}" gave no GraphQL answer.`, cause);

export const tooLarge = (subgraph: string, maxBytes: number) =>
  new SubgraphFailure(
    'too-large',
    subgraph,
    `Subgraph "${subgraph}" answered with more than ${maxBytes} bytes. Ask for less at a time.`,
  );

export const tooSlow = (subgraph: string, timeoutMs: number) =>
  new SubgraphFailure('too-slow', subgraph, `Subgraph "${subgraph}" did not answer within ${timeoutMs} ms.`);

export const outOfTime = (subgraph: string) =>
  new SubgraphFailure(
    'out-of-time',
    subgraph,
    `Subgraph "${subgraph}" did not answer before the request ran out of time.`,
  );

export const abandoned = (subgraph: string) =>
  new SubgraphFailure(
    'abandoned',
    subgraph,
    `Subgraph "${subgraph}" is not waited for any more: the caller went away.`,
  );

export const busy = (subgraph: string) =>
  new SubgraphFailure('busy', subgraph, `Subgraph "${subgraph}" has too many calls waiting.`);

export const resting = (subgraph: string) =>
  new SubgraphFailure(
    'resting',
    subgraph,
    `Subgraph "${subgraph}" failed repeatedly and is not asked for a short time.`,
  );

export const misplaced = (subgraph: string) =>
  new SubgraphFailure(
    'misplaced',
    subgraph,
    `Subgraph "${subgraph}" did not answer for the entities it was asked for.`,
  );

/** An error that the gateway itself finds. Its message is for callers. */
export class ExecutionError extends GraphQLError {
  readonly code: ErrorCode;

  constructor(code: ErrorCode, message: string, path?: ResponsePath, details?: Record<string, unknown>) {
    super(message, { path, extensions: { ...details, code } });
    this.name = 'ExecutionError';
    this.code = code;
  }
}

/** Makes the error of a denial at a path of the answer or, without one, of the whole operation. */
export const errorOfDenial = ({ code, message, details }: Denial, path?: ResponsePath) =>
  new ExecutionError(code, message, path, details);

export const fromFailure =
  ({ code, message, subgraph }: SubgraphFailure): ErrorAt =>
  (path) =>
    new ExecutionError(code, message, path, { subgraph });

/**
 * Turns a subgraph's error into one for callers: it keeps the code, names the subgraph, and drops what is not for
 * callers.
 */
export const fromSubgraph =
  (subgraph: string, error: SubgraphError): ErrorAt =>
  (path) =>
    new GraphQLError(String(error.message), { path, extensions: detailsOf(subgraph, error) });

/**
 * Returns the extensions of a subgraph's error that are for callers, and the name of the subgraph. The control plane asks other
 * subgraphs, and names the one that failed.
 */
export function detailsOf(subgraph: string, { extensions }: SubgraphError): Record<string, unknown> {
  const { http: _http, exception: _exception, stacktrace: _stacktrace, ...details } = extensions ?? {};
  return subgraph === 'control' ? { subgraph, ...details } : { ...details, subgraph };
}

export const unplannable = () =>
  new ExecutionError(
    'OPERATION_UNPLANNABLE',
    'This operation could not be planned. The cause is in the log. Try to ask for less at a time.',
  );

/** Makes the error for a full planning queue. Apollo Server reads status and headers from `http`. */
export const plannerBusy = () =>
  new ExecutionError(
    'OVERLOADED',
    'Too many new operations wait to be planned. Try again in a second.',
    undefined,
    {
      messageZh: '等待规划的新操作过多。请一秒后再试。',
      http: { status: statusOf.OVERLOADED, headers: new Map([['retry-after', '1']]) },
    },
  );

/** Makes the error for planning that was cut off because it took long while callers with less use waited. */
export const planningCut = () =>
  new ExecutionError(
    'OVERLOADED',
    'Planning this operation took long and was cancelled, because other callers wait. Ask for less at a time, or try again later.',
    undefined,
    {
      messageZh: '该操作的规划耗时较长,因其他调用方在等待而中止。请减少单次查询的内容,或稍后再试。',
      http: { status: statusOf.OVERLOADED, headers: new Map([['retry-after', '10']]) },
    },
  );

/** Makes the error for a caller that has used up its planning budget. */
export const planningSpent = (retryAfterSeconds: number) =>
  new ExecutionError(
    'RATE_LIMITED',
    `Planning your new operations has used its time of this minute. Send operations that you have sent before, or try again in ${retryAfterSeconds} s.`,
    undefined,
    {
      messageZh: `规划您的新操作所用时间已达每分钟上限。请使用已有操作,或在 ${retryAfterSeconds} 秒后再试。`,
      http: {
        status: statusOf.RATE_LIMITED,
        headers: new Map([['retry-after', String(retryAfterSeconds)]]),
      },
    },
  );
