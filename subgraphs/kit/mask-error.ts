import type { ErrorCode } from '@wenshu/schema/errors.ts';
import { GraphQLError } from 'graphql';

const isPublic = (error: GraphQLError) => error.extensions.code !== undefined || !error.originalError;

/** Codes of postgres.js and of Postgres for a server that does not answer. */
const unreachable = /^(ECONN|EPIPE|ETIMEDOUT|CONNECT|08|57P0)/;

/** Code of Postgres for U+0000, a character that no text can hold. */
const impossibleCharacter = /^22021$/;

/** Codes of Postgres for text that is no number, date or similar. Only cursors reach Postgres without being parsed. */
const unreadableText = /^22(P02|003|007|008)$/;

/** Code of Postgres for a key or an id that no index can hold. */
const tooLong = /^54000$/;

/** Code of Postgres for a statement that reached `statement_timeout` or was cancelled. */
const brokenOff = /^57014$/;

/** True if the error has such a code; drizzle keeps it in `cause`. */
function hasCode(error: unknown, pattern: RegExp): boolean {
  if (!(error instanceof Error)) return false;
  const { code } = error as { code?: unknown };
  return (typeof code === 'string' && pattern.test(code)) || hasCode(error.cause, pattern);
}

/**
 * Returns the error that a caller sees. Our own errors are meant for callers; any other error (SQL, stacks, addresses) is masked except
 * for its path, and its cause is logged.
 */
export function maskError(error: GraphQLError, logCause: (cause: unknown) => void): GraphQLError {
  if (isPublic(error)) return error;
  const [code, message, messageZh] = publicWordsFor(error.originalError);
  if (code !== 'BAD_USER_INPUT') logCause(error.originalError);
  return new GraphQLError(message, {
    ...(error.nodes && { nodes: error.nodes }),
    ...(error.path && { path: error.path }),
    extensions: { code, messageZh },
  });
}

function publicWordsFor(cause: unknown): [code: ErrorCode, message: string, messageZh: string] {
  if (hasCode(cause, impossibleCharacter)) {
    return [
      'BAD_USER_INPUT',
      'An argument contains the character U+0000. Remove it.',
      '参数含有字符 U+0000。请将其去掉。',
    ];
  }
  if (hasCode(cause, tooLong)) {
    return [
      'BAD_USER_INPUT',
      'A key or an id of an argument is too long. Use at most 200 characters.',
      '参数中的键或标识过长。请至多使用 200 字。',
    ];
  }
  if (hasCode(cause, brokenOff)) {
    return [
      'SUBGRAPH_TIMEOUT',
      'The database of this field took too long. Use a narrower filter, or ask for fewer rows.',
      '该字段的数据库用时过长。请缩小查询:收窄筛选条件,或减少条数。',
    ];
  }
  if (hasCode(cause, unreadableText)) {
    return [
      'BAD_USER_INPUT',
      'An argument has a value that cannot be read. Use cursors exactly as the hub returned them.',
      '参数的值无法识别。游标须原样使用本系统返回的值。',
    ];
  }
  return hasCode(cause, unreachable)
    ? [
        'SUBGRAPH_UNAVAILABLE',
        'The database of this field does not answer. Try again later.',
        '该字段的数据库未答复。请稍后再试。',
      ]
    : [
        'INTERNAL_SERVER_ERROR',
        'This field could not be resolved. The cause is in the log.',
        '该字段无法取得。原因见日志。',
      ];
}
