import { type Keyed, many } from '@wenshu/kit/by-key.ts';
import type { Context } from '@wenshu/kit/context.ts';
import type { ConditionalPolicy } from '@wenshu/kit/criteria.ts';
import { defineList } from '@wenshu/kit/list.ts';
import { shownIds } from '@wenshu/kit/row-filters.ts';
import { rowsOf, statement } from '@wenshu/kit/statement.ts';
import { eq, type SQL, sql } from 'drizzle-orm';
import { criteria } from './criteria.ts';
import type { Place } from './outcomes.ts';
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

const hasConditions = sql`exists (select 1 from ${policyEligibility} where ${policyEligibility.policyId} = ${policies.id})`;

const conditionalPolicies = statement<{ criteria: ConditionalPolicy }>(
  () =>
    sql`select ${criteria} as "criteria" from ${policies} where ${hasConditions} order by ${policies.id} collate "C"`,
);

/**
 * Returns every policy that states conditions, with its conditions, in the order of the ids; synthetic or real ones, and only those that
 * the caller may see.
 */
export async function policiesWithConditions(
  context: Pick<Context, 'db' | 'rowFilters'>,
  synthetic: boolean,
): Promise<ConditionalPolicy[]> {
  const [rows, shown] = await Promise.all([conditionalPolicies.rows(context.db, []), shownMatches(context)]);
  return rows
    .map((row) => row.criteria)
    .filter((policy) => policy.synthetic === synthetic && shown?.has(policy.id) !== false);
}

/** Returns the ids of policies whose matches the caller may see; undefined for all. */
async function shownMatches(
  context: Pick<Context, 'db' | 'rowFilters'>,
): Promise<ReadonlySet<string> | undefined> {
  const ids: SQL | undefined = shownIds(context, matchList);
  return ids && new Set((await rowsOf<{ id: string }>(context.db, ids)).map(({ id }) => id));
}

/** Returns a policy with its conditions, as other subgraphs need it; null if there is none. */
export const criteriaOf = (context: Context, policyId: string): Promise<ConditionalPolicy | null> =>
  context
    .batch<string, ConditionalPolicy | null>('criteria of policies', async (ids) => {
      const rows = await rowsOf<{ criteria: ConditionalPolicy }>(
        context.db,
        sql`select ${criteria} as "criteria" from ${policies} where ${policies.id} = any(${sql.param(ids)}::text[])`,
      );
      const byId = new Map(rows.map((row) => [row.criteria.id, row.criteria]));
      return ids.map((id) => byId.get(id) ?? null);
    })
    .load(policyId);

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
