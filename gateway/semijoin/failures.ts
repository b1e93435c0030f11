import type { ErrorCode } from '@wenshu/schema/errors.ts';
import { ArgumentFailure } from '../request/argument-failure.ts';
import { detailsOf, type SubgraphError, type SubgraphFailure } from '../request/errors.ts';

export const failed = ({ code, message, subgraph }: SubgraphFailure) =>
  new ArgumentFailure(code, message, { subgraph });

/** Converts a subgraph's error about a condition, such as bounds that exclude each other. */
export const refused = (subgraph: string, error: SubgraphError) => {
  const { code = 'INTERNAL_SERVER_ERROR', ...details } = detailsOf(subgraph, error);
  return new ArgumentFailure(code as ErrorCode, String(error.message), details);
};

export const tooMany = (what: string, limit: number) =>
  new ArgumentFailure(
    'TOO_MANY_RELATED',
    `More than ${limit} related records meet ${what}, and more than ${limit} rows of the list remain: ` +
      'the keys of neither can go from one agency to the other. Add a condition on either side that leaves fewer.',
    { condition: what, limit, count: limit + 1 },
  );

export const isTooMany = (error: unknown): error is ArgumentFailure =>
  error instanceof ArgumentFailure && error.code === 'TOO_MANY_RELATED';

export const tooDeep = (what: string, limit: number) =>
  new ArgumentFailure(
    'QUERY_TOO_DEEP',
    `${what} leads over ${limit + 1} relations; the limit is ${limit}. Ask in parts.`,
    { limit, count: limit + 1 },
  );

export const misused = (argument: string, message: string) =>
  new ArgumentFailure('BAD_USER_INPUT', message, { argument });
