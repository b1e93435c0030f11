import type { ErrorCode } from '@wenshu/schema/errors.ts';
import type { SubgraphError, SubgraphFailure } from '../request/errors.ts';

/** Reason why a condition or order on related data could not be resolved. It becomes an error of its list. */
export class Unresolved extends Error {
  readonly code: ErrorCode;
  readonly details: Readonly<Record<string, unknown>>;

  constructor(code: ErrorCode, message: string, details: Readonly<Record<string, unknown>> = {}) {
    super(message);
    this.name = 'Unresolved';
    this.code = code;
    this.details = details;
  }
}

export const failed = ({ code, message, subgraph }: SubgraphFailure) =>
  new Unresolved(code, message, { subgraph });

/** Converts a subgraph's error about a condition, such as bounds that exclude each other. */
export const refused = (subgraph: string, { message, extensions = {} }: SubgraphError) => {
  const { code = 'INTERNAL_SERVER_ERROR', stacktrace: _stacktrace, http: _http, ...details } = extensions;
  return new Unresolved(code as ErrorCode, message, { ...details, subgraph });
};

export const tooMany = (what: string, limit: number) =>
  new Unresolved(
    'TOO_MANY_RELATED',
    `More than ${limit} related records meet ${what}, and more than ${limit} rows of the list remain: ` +
      'the keys of neither can go from one agency to the other. Add a condition on either side that leaves fewer.',
    { condition: what, limit, count: limit + 1 },
  );

export const isTooMany = (error: unknown): boolean =>
  error instanceof Unresolved && error.code === 'TOO_MANY_RELATED';

export const tooDeep = (what: string, limit: number) =>
  new Unresolved(
    'QUERY_TOO_DEEP',
    `${what} leads over ${limit + 1} relations; the limit is ${limit}. Ask in parts.`,
    { limit, count: limit + 1 },
  );

export const tellsHidden = (argument: string, field: string) =>
  new Unresolved(
    'NOT_SHARED',
    `${argument} by ${field} would reveal ids of rows that are not shared with you. Use a condition on the related records instead.`,
    { argument },
  );

export const misused = (argument: string, message: string) =>
  new Unresolved('BAD_USER_INPUT', message, { argument });
