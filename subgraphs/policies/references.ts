import { manyByKey, referenceByKey } from '@wenshu/kit/by-key.ts';
import type { Context } from '@wenshu/kit/context.ts';
import { nullIfNone } from '@wenshu/kit/null-if-none.ts';
import { referenceTo } from '@wenshu/kit/reference.ts';
import { sharedGraph } from '@wenshu/kit/shared/graph.ts';
import type { GraphQLResolveInfo } from 'graphql';
import { measureList, policyList } from './policy-lists.ts';
import { agencyList, partsOfSubjects } from './queries.ts';
import { policyIssuers, shared } from './tables.ts';

type Info = GraphQLResolveInfo;

export const graph = sharedGraph(shared, [policyList, measureList, agencyList], partsOfSubjects);

export const agencyById = (id: string | null, context: Context, info: Info) =>
  id ? referenceByKey(context, agencyList, info, id) : null;

export function policyOf(row: { policyId: string | null }, _args: unknown, context: Context, info: Info) {
  return row.policyId ? referenceByKey(context, policyList, info, row.policyId) : null;
}

export function enterpriseOf(row: { enterpriseId: string }) {
  return referenceTo('Enterprise', row.enterpriseId);
}

/** Resolves the agencies among the issuers of a policy. */
export async function issuingAgencies(policy: { id: string }, _args: unknown, context: Context, info: Info) {
  const { policyId, seq } = policyIssuers;
  const issuers = await manyByKey(context, policyIssuers, policyId, policy.id, seq);
  const agencies = issuers.filter(({ targetType }) => targetType === 'Agency');
  return nullIfNone(agencies.map(({ targetId }) => agencyById(targetId, context, info)));
}
