import { type Details, type ErrorCode, statusOf, type Words } from '@wenshu/schema/errors.ts';
import { inChinese } from '@wenshu/schema/messages-zh.ts';
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
  readonly messageZh: string;

  constructor(kind: FailureKind, subgraph: string, { message, messageZh }: Words, cause?: unknown) {
    super(`Subgraph "${subgraph}" ${message}`, { cause });
    this.name = 'SubgraphFailure';
    this.messageZh = `子图“${subgraph}”${messageZh}`;
    this.kind = kind;
    this.code = kind === 'too-slow' || kind === 'out-of-time' ? 'SUBGRAPH_TIMEOUT' : 'SUBGRAPH_UNAVAILABLE';
    this.subgraph = subgraph;
  }
}

const notReached: Words = { message: 'cannot be reached.', messageZh: '无法连接。' };

export const unreachable = (subgraph: string, cause?: unknown) =>
  new SubgraphFailure('unreachable', subgraph, notReached, cause);

export const failed = (subgraph: string, cause: unknown) =>
  new SubgraphFailure('failed', subgraph, notReached, cause);

export const unreadable = (subgraph: string, cause?: unknown) =>
  new SubgraphFailure(
    'unreadable',
    subgraph,
    { message: 'gave no GraphQL answer.', messageZh: '给出的不是 GraphQL 答复。' },
    cause,
  );

export const tooLarge = (subgraph: string, maxBytes: number) =>
  new SubgraphFailure('too-large', subgraph, {
    message: `answered with more than ${maxBytes} bytes. Ask for less at a time.`,
    messageZh: `的答复超过 ${maxBytes} 字节。请减少单次查询的内容。`,
  });

export const tooSlow = (subgraph: string, timeoutMs: number) =>
  new SubgraphFailure('too-slow', subgraph, {
    message: `did not answer within ${timeoutMs} ms.`,
    messageZh: `在 ${timeoutMs} 毫秒内未能答复。`,
  });

export const outOfTime = (subgraph: string) =>
  new SubgraphFailure('out-of-time', subgraph, {
    message: 'did not answer before the request ran out of time.',
    messageZh: '未能在该请求的时限内答复。',
  });

export const abandoned = (subgraph: string) =>
  new SubgraphFailure('abandoned', subgraph, {
    message: 'is not waited for any more: the caller went away.',
    messageZh: '的答复已无人等待:调用方已离开。',
  });

export const busy = (subgraph: string) =>
  new SubgraphFailure('busy', subgraph, {
    message: 'has too many calls waiting.',
    messageZh: '等待中的调用过多。',
  });

export const resting = (subgraph: string) =>
  new SubgraphFailure('resting', subgraph, {
    message: 'failed repeatedly and is not asked for a short time.',
    messageZh: '屡次失败,暂时不再调用。',
  });

export const misplaced = (subgraph: string) =>
  new SubgraphFailure('misplaced', subgraph, {
    message: 'did not answer for the entities it was asked for.',
    messageZh: '未就所问的实体作答。',
  });

/** An error that the gateway itself finds. Its message is for callers. */
export class ExecutionError extends GraphQLError {
  readonly code: ErrorCode;
  readonly details: Details;

  constructor(code: ErrorCode, message: string, details: Details, path?: ResponsePath) {
    super(message, { path, extensions: { ...details, code } });
    this.name = 'ExecutionError';
    this.code = code;
    this.details = details;
  }
}

/** Makes the error of a denial at a path of the answer or, without one, of the whole operation. */
export const errorOfDenial = ({ code, message, details }: Denial, path?: ResponsePath) =>
  new ExecutionError(code, message, details, path);

export const fromFailure =
  ({ code, message, messageZh, subgraph }: SubgraphFailure): ErrorAt =>
  (path) =>
    new ExecutionError(code, message, { messageZh, subgraph }, path);

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
export function detailsOf(subgraph: string, { message, extensions }: SubgraphError): Details {
  const { http: _http, exception: _exception, stacktrace: _stacktrace, ...details } = extensions ?? {};
  const told = { ...details, messageZh: inChinese(String(message), details) };
  return subgraph === 'control' ? { subgraph, ...told } : { ...told, subgraph };
}

export const unplannable = () =>
  new ExecutionError(
    'OPERATION_UNPLANNABLE',
    'This operation could not be planned. The cause is in the log. Try to ask for less at a time.',
    { messageZh: '无法为该操作制定执行计划。原因见日志。请试着减少单次查询的内容。' },
  );

/** Makes the error for a full planning queue. Apollo Server reads status and headers from `http`. */
export const plannerBusy = () =>
  new ExecutionError('OVERLOADED', 'Too many new operations wait to be planned. Try again in a second.', {
    messageZh: '等待规划的新操作过多。请一秒后再试。',
    http: { status: statusOf.OVERLOADED, headers: new Map([['retry-after', '1']]) },
  });

/** Makes the error for planning that was cut off because it took long while callers with less use waited. */
export const planningCut = () =>
  new ExecutionError(
    'OVERLOADED',
    'Planning this operation took long and was cancelled, because other callers wait. Ask for less at a time, or try again later.',
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
    {
      messageZh: `规划您的新操作所用时间已达每分钟上限。请使用已有操作,或在 ${retryAfterSeconds} 秒后再试。`,
      http: {
        status: statusOf.RATE_LIMITED,
        headers: new Map([['retry-after', String(retryAfterSeconds)]]),
      },
    },
  );
