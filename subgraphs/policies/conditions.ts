import { type Keyed, many } from '@wenshu/kit/by-key.ts';
import type { Context } from '@wenshu/kit/context.ts';
import { defineList } from '@wenshu/kit/list.ts';
import { foundIds } from '@wenshu/kit/row-filters.ts';
import { rowsOf, statement } from '@wenshu/kit/statement.ts';
import { eq, sql } from 'drizzle-orm';
import type { ConditionalPolicy, Place, StatedCondition } from './eligibility.ts';
import { policyList } from './policy-lists.ts';
import { policies, policyEligibility, regionClosure, regions } from './tables.ts';

/** Policies in a list of matches. The list takes no filter, so this one is for look-ups only. */
const matchList = defineList({
  type: 'PolicyMatch',
  table: policies,
  id: policies.id,
  columns: {},
  holds: { policy: { by: policies.id, list: () => policyList } },
  filter: {},
  orderBy: {},
});

const conditionRows = statement<
  StatedCondition & { policyId: string; status: string; regionCode: string | null; isSynthetic: boolean }
>(
  () => sql`
    select ${policies.id} as "policyId", ${policies.status} as "status", ${policies.regionCode} as "regionCode",
      ${policies.synthetic} as "isSynthetic", ${policyEligibility.field} as "field", ${policyEligibility.op} as "op", ${policyEligibility.value} as "value",
      ${policyEligibility.textZh} as "textZh"
    from ${policyEligibility} join ${policies} on ${eq(policies.id, policyEligibility.policyId)}
    order by ${policies.id}, ${policyEligibility.seq}`,
);

/**
 * Returns every policy that states conditions, with its conditions, in the order of the ids; synthetic or real ones, and only those that
 * the caller may see.
 */
export async function policiesWithConditions(
  context: Pick<Context, 'db' | 'rowFilters'>,
  synthetic: boolean,
): Promise<ConditionalPolicy[]> {
  const { db } = context;
  const found = new Map<string, ConditionalPolicy & { conditions: StatedCondition[] }>();
  const [rows, shown] = await Promise.all([conditionRows.rows(db, []), shownMatches(context)]);
  for (const { policyId, status, regionCode, isSynthetic, ...condition } of rows) {
    if (isSynthetic !== synthetic || shown?.has(policyId) === false) continue;
    const policy = found.get(policyId) ?? { id: policyId, status, regionCode, conditions: [] };
    policy.conditions.push(condition);
    found.set(policyId, policy);
  }
  return [...found.values()];
}

/** Returns the ids of policies whose matches the caller may see; undefined for all. */
async function shownMatches(
  context: Pick<Context, 'db' | 'rowFilters'>,
): Promise<ReadonlySet<string> | undefined> {
  const ids = foundIds(context, matchList);
  return ids && new Set((await rowsOf<{ id: string }>(context.db, ids)).map(({ id }) => id));
}

const lineages = many(
  statement<Place & Keyed>(
    (codes) => sql`
    select ${regionClosure.code} as "key", ${regions.code} as "code", ${regions.nameZh} as "nameZh",
      ${regions.nameEn} as "nameEn"
    from ${regionClosure} join ${regions} on ${eq(regions.code, regionClosure.ancestor)}
    where ${regionClosure.code} = any(${codes})`,
  ),
);

/** Returns a region with everything above it; empty for an unknown code. */
export const lineageOf = (context: Context, code: string): Promise<Place[]> =>
  context.batch(lineages.name, lineages.load).load(code);
