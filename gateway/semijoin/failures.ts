import type { ErrorCode, Words } from '@wenshu/schema/errors.ts';
import { ArgumentFailure } from '../request/argument-failure.ts';
import { detailsOf, type SubgraphError, type SubgraphFailure } from '../request/errors.ts';

export const failed = ({ code, message, messageZh, subgraph }: SubgraphFailure) =>
  new ArgumentFailure(code, message, { messageZh, subgraph });

/** Converts a subgraph's error about a condition, such as bounds that exclude each other. */
export const refused = (subgraph: string, error: SubgraphError) => {
  const details = detailsOf(subgraph, error);
  const { code = 'INTERNAL_SERVER_ERROR' } = details;
  return new ArgumentFailure(code as ErrorCode, String(error.message), details);
};

export const tooMany = (what: string, limit: number) =>
  new ArgumentFailure(
    'TOO_MANY_RELATED',
    `More than ${limit} related records meet ${what}, and more than ${limit} rows of the list remain: ` +
      'the keys of neither can go from one agency to the other. Add a condition on either side that leaves fewer.',
    {
      condition: what,
      limit,
      count: limit + 1,
      messageZh: `符合 ${what} 的相关记录超过 ${limit} 条,列表余下的行也超过 ${limit} 条,两边的键都无法传给对方部门。请在任一边加条件以缩小范围。`,
    },
  );

export const isTooMany = (error: unknown): error is ArgumentFailure =>
  error instanceof ArgumentFailure && error.code === 'TOO_MANY_RELATED';

export const tooDeep = (what: string, limit: number) =>
  new ArgumentFailure(
    'QUERY_TOO_DEEP',
    `${what} leads over ${limit + 1} relations; the limit is ${limit}. Ask in parts.`,
    {
      limit,
      count: limit + 1,
      messageZh: `${what} 经过 ${limit + 1} 层关联,上限为 ${limit} 层。请分次查询。`,
    },
  );

export const misused = (argument: string, { message, messageZh }: Words) =>
  new ArgumentFailure('BAD_USER_INPUT', message, { argument, messageZh });
