import { manyByKey, referenceByKey } from '@wenshu/kit/by-key.ts';
import type { Context } from '@wenshu/kit/context.ts';
import type { GraphQLResolveInfo } from 'graphql';
import { measureList } from './policy-lists.ts';
import { measures } from './tables.ts';

/** Returns the measures of a policy in their order. */
export const measuresOf = (context: Context, policyId: string) =>
  manyByKey(context, measures, measures.policyId, policyId, measures.seq);

/** Resolves the measure of a row, if it belongs to one. */
export function measureOf(
  row: { readonly measureId: string | null },
  _args: unknown,
  context: Context,
  info: GraphQLResolveInfo,
) {
  return row.measureId ? referenceByKey(context, measureList, info, row.measureId) : null;
}
