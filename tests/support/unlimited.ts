import type { QueryLimits } from '@wenshu/gateway/admission/query-limits.ts';

/** Limits for questions that are larger than any caller's may be. */
export const unlimited: QueryLimits = {
  depth: Infinity,
  aliases: Infinity,
  rootFields: Infinity,
  fields: Infinity,
  tokens: Infinity,
  variableDepth: Infinity,
  conditions: Infinity,
  cost: Infinity,
};
