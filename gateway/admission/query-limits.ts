import type { ErrorCode, Words } from '@wenshu/schema/errors.ts';
import { type DocumentNode, GraphQLError, parse } from 'graphql';
import { defaultsOf, type ValuesOf } from '../lib/setting.ts';
import { Refusal } from '../request/refusal.ts';
import type { ListShare } from './costliest-list.ts';
import { type Shape, shapeOf } from './document-shape.ts';
import { settings } from './settings.ts';

/** Maximum size of one operation; `Infinity` means no limit. */
export type QueryLimits = ValuesOf<typeof settings.requestLimits.queryLimits>;

export const standardQueryLimits: QueryLimits = defaultsOf(settings.requestLimits.queryLimits);

type ShapeLimit = {
  readonly of: keyof Shape & keyof QueryLimits;
  readonly code: ErrorCode;
  readonly what: string;
  readonly whatZh: string;
};

const shapeLimits = [
  { of: 'depth', code: 'QUERY_TOO_DEEP', what: 'levels of fields', whatZh: '层字段' },
  { of: 'aliases', code: 'TOO_MANY_ALIASES', what: 'aliases', whatZh: '个别名' },
  { of: 'rootFields', code: 'TOO_MANY_ROOT_FIELDS', what: 'fields at its root', whatZh: '个根字段' },
  { of: 'fields', code: 'TOO_MANY_FIELDS', what: 'fields', whatZh: '个字段' },
] as const satisfies readonly ShapeLimit[];

/** Returns the shape of a document within the limits; undefined when it does not parse. Throws a Refusal. */
export function checkShape(source: string, limits: QueryLimits): Shape | undefined {
  const document = parseWithin(source, limits.tokens);
  if (!document) return undefined;
  const shape = shapeOf(document);
  for (const each of shapeLimits) {
    if (shape[each.of] > limits[each.of]) throw overLimit(each, shape[each.of], limits[each.of]);
  }
  return shape;
}

/**
 * Checks the depth of variables. graphql-js reads values by recursion, and deep ones overflow its stack. Throws a
 * Refusal.
 */
export function checkVariables(variables: unknown, { variableDepth }: QueryLimits): void {
  if (!isDeeper(variables, variableDepth + 1)) return;
  throw new Refusal(
    'VARIABLES_TOO_DEEP',
    `A variable has more than ${variableDepth} levels of lists and objects, which is the limit.`,
    {
      limit: variableDepth,
      messageZh: `变量中的列表与对象超过 ${variableDepth} 层,这是上限。`,
    },
  );
}

function isDeeper(value: unknown, levels: number): boolean {
  if (typeof value !== 'object' || value === null) return false;
  return levels === 0 || Object.values(value).some((each) => isDeeper(each, levels - 1));
}

export const tooManyConditions = (count: number, limit: number) =>
  new Refusal(
    'TOO_MANY_CONDITIONS',
    `The operation has ${count} conditions, orders and groups, including those in variables; the limit is ${limit}. Ask in parts; one "in" takes many values.`,
    {
      limit,
      count,
      messageZh: `该操作含 ${count} 个条件、排序与分组(变量中的也计入),上限为 ${limit}。请分次查询;一个 in 可列多个值。`,
    },
  );

/** Throws a Refusal when the cost exceeds the maximum of one operation. It names the list that costs most. */
export function refuseCost(
  cost: number,
  { cost: limit }: QueryLimits,
  costliest: () => ListShare | undefined,
): void {
  if (cost <= limit) return;
  const list = costliest();
  const { message, messageZh } = list ? adviceFor(list) : lessAtATime;
  throw new Refusal(
    'QUERY_TOO_COSTLY',
    `The operation costs ${cost} units; the limit is ${limit}. ${message}`,
    {
      limit,
      count: cost,
      ...(list && { list: list.path, listCost: list.cost, listPercent: list.percent }),
      messageZh: `该操作的成本为 ${cost},上限为 ${limit}。${messageZh}`,
    },
  );
}

const lessAtATime: Words = { message: 'Ask for less at a time.', messageZh: '请减少单次查询的内容。' };

function adviceFor({ path, percent, size, argument }: ListShare): Words {
  const isNested = path.includes('.');
  if (argument === undefined) {
    return {
      message: `The list "${path}" makes ${percent} % of it (${size} rows are assumed in each place). Ask for less in it${isNested ? ', or in the lists around it' : ''}.`,
      messageZh: `其中列表“${path}”占 ${percent} %(每处按 ${size} 行计)。请减少其中的字段${isNested ? ',或缩小其外层列表' : ''}。`,
    };
  }
  return {
    message: `The list "${path}" with ${argument}: ${size} makes ${percent} % of it. Lower "${argument}" there${isNested ? ', or in a list around it' : ''}.`,
    messageZh: `其中列表“${path}”(${argument}: ${size})占 ${percent} %。请减小该处${isNested ? '或其外层列表' : ''}的“${argument}”。`,
  };
}

/** Parses a document. The parser stops after `maxTokens` tokens. */
function parseWithin(source: string, maxTokens: number): DocumentNode | undefined {
  try {
    return parse(source, { maxTokens, noLocation: true });
  } catch (error) {
    if (error instanceof GraphQLError && /contains more th\w+ \d+ tokens/.test(error.message)) {
      throw new Refusal(
        'TOO_MANY_TOKENS',
        `The document has more than ${maxTokens} tokens (names, values, brackets), which is the limit. Ask in parts.`,
        {
          limit: maxTokens,
          messageZh: `文档超过 ${maxTokens} 个词元(名称、值、括号),这是上限。请分次查询。`,
        },
      );
    }
    return undefined;
  }
}

const overLimit = ({ code, what, whatZh }: ShapeLimit, count: number, limit: number) =>
  new Refusal(code, `The operation has ${count} ${what}; the limit is ${limit}. Ask for less at a time.`, {
    limit,
    count,
    messageZh: `该操作含 ${count} ${whatZh},上限为 ${limit}。请减少单次查询的内容。`,
  });
