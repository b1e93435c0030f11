import type { ErrorCode } from '@wenshu/schema/errors.ts';
import { type DocumentNode, GraphQLError, parse } from 'graphql';
import { defaultsOf, type ValuesOf } from '../lib/setting.ts';
import { Refusal } from '../request/refusal.ts';
import { type Shape, shapeOf } from './document-shape.ts';
import { settings } from './settings.ts';

/** Maximum size of one operation; `Infinity` means no limit. */
export type QueryLimits = ValuesOf<typeof settings.requestLimits.queryLimits>;

export const standardQueryLimits: QueryLimits = defaultsOf(settings.requestLimits.queryLimits);

const shapeLimits = [
  { of: 'depth', code: 'QUERY_TOO_DEEP', what: 'levels of fields' },
  { of: 'aliases', code: 'TOO_MANY_ALIASES', what: 'aliases' },
  { of: 'rootFields', code: 'TOO_MANY_ROOT_FIELDS', what: 'fields at its root' },
  { of: 'fields', code: 'TOO_MANY_FIELDS', what: 'fields' },
] as const satisfies readonly { of: keyof Shape & keyof QueryLimits; code: ErrorCode; what: string }[];

/** Returns the shape of a document within the limits; undefined when it does not parse. Throws a Refusal. */
export function checkShape(source: string, limits: QueryLimits): Shape | undefined {
  const document = parseWithin(source, limits.tokens);
  if (!document) return undefined;
  const shape = shapeOf(document);
  for (const { of, code, what } of shapeLimits) {
    if (shape[of] > limits[of]) throw overLimit(code, shape[of], what, limits[of]);
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
    { limit: variableDepth },
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

/** Throws a Refusal when the cost exceeds the maximum of one operation. */
export function refuseCost(cost: number, limits: QueryLimits): void {
  if (cost > limits.cost) throw overLimit('QUERY_TOO_COSTLY', cost, 'units of cost', limits.cost);
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
        { limit: maxTokens },
      );
    }
    return undefined;
  }
}

const overLimit = (code: ErrorCode, count: number, what: string, limit: number) =>
  new Refusal(code, `The operation has ${count} ${what}; the limit is ${limit}. Ask for less at a time.`, {
    limit,
    count,
  });
