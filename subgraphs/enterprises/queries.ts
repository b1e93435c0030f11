import { regionCondition } from '@wenshu/kit/filter.ts';
import { type Condition, defineList } from '@wenshu/kit/list.ts';
import type { Relation } from '@wenshu/kit/page.ts';
import { byPinyin } from '@wenshu/kit/tables.ts';
import { and, eq, inArray, type SQL, sql } from 'drizzle-orm';
import {
  enterpriseGroups,
  enterpriseParks,
  enterprises,
  enterpriseTiers,
  regionClosure,
  shared,
} from './tables.ts';

const holdsTier = (condition: SQL | undefined): SQL =>
  sql`exists (select 1 from ${enterpriseTiers} where ${and(eq(enterpriseTiers.enterpriseId, enterprises.id), condition)})`;

const tierCondition = ((input: { eq?: string; in?: string[] }) =>
  holdsTier(
    and(
      input.eq ? eq(enterpriseTiers.tier, input.eq) : undefined,
      input.in ? inArray(enterpriseTiers.tier, input.in) : undefined,
    ),
  )) as Condition;

export const enterpriseList = defineList({
  type: 'Enterprise',
  table: enterprises,
  id: enterprises.id,
  columns: {
    region: [enterprises.regionCode],
    tiers: [enterprises.tiersCheckedOn],
  },
  filter: {
    id: enterprises.id,
    nameZh: enterprises.nameZh,
    nameEn: enterprises.nameEn,
    fullNameZh: enterprises.fullNameZh,
    creditCode: enterprises.creditCode,
    kind: enterprises.kind,
    ownership: enterprises.ownership,
    region: regionCondition(enterprises.regionCode, shared),
    regionBasis: enterprises.regionBasis,
    sectorZh: enterprises.sectorZh,
    cultureDomainCode: enterprises.cultureDomainCode,
    isCultureRelated: enterprises.isCultureRelated,
    isAboveScale: enterprises.isAboveScale,
    registeredCapital: enterprises.registeredCapital,
    foundedOn: enterprises.foundedOn,
    tier: tierCondition,
    synthetic: enterprises.synthetic,
  },
  orderBy: {
    ID: enterprises.id,
    NAME: { expression: byPinyin(enterprises.nameZh), column: enterprises.nameZh },
    REGISTERED_CAPITAL: enterprises.registeredCapital,
    FOUNDED_ON: enterprises.foundedOn,
    UPDATED_AT: enterprises.updatedAt,
  },
});

export const ofPark = (role: string | null | undefined): Relation => ({
  name: `enterprises of park ${role ?? ''}`,
  belongsTo: (parkId) =>
    sql`${enterprises.id} in (select ${enterpriseParks.enterpriseId} from ${enterpriseParks} where ${and(
      sql`${enterpriseParks.parkId} = ${parkId}`,
      role ? eq(enterpriseParks.role, role) : undefined,
    )})`,
});

export const membersOf: Relation = {
  name: 'members of enterprise',
  belongsTo: (groupId) =>
    sql`${enterprises.id} in (select ${enterpriseGroups.enterpriseId} from ${enterpriseGroups} where ${enterpriseGroups.groupId} = ${groupId})`,
};

/** A condition of a policy, as the policies subgraph hands it over. */
export interface EligibilityCondition {
  field: string;
  op: string;
  value: unknown;
}

/** What the register of enterprises can check of a policy. */
interface Criteria {
  /** Sets of tiers: one of each must be held. */
  tiers: string[][];
  /** Regions: it must lie in every one, or below it. */
  regions: string[];
}

/**
 * The criteria as the key of a batch, or `'null'` for a policy that has none: that all
 * enterprises pass for want of a test would be an invention.
 */
export function candidateKey(
  territory: string | undefined,
  eligibility: readonly EligibilityCondition[] | null,
): string {
  const valuesOf = (test: string) =>
    (eligibility ?? []).filter(({ field, op }) => `${field} ${op}` === test).map(({ value }) => value);
  const tiers = valuesOf('enterprise.tier IN') as string[][];
  const stated = valuesOf('enterprise.regionCode IN_REGION') as string[];
  if (tiers.length + stated.length === 0) return 'null';
  const regions = [...new Set(territory ? [...stated, territory] : stated)];
  return JSON.stringify({ tiers, regions } satisfies Criteria);
}

/** The enterprises that meet the criteria of a `candidateKey`. */
export const candidatesOf: Relation = {
  name: 'candidates of policy',
  belongsTo: (key) => sql`${key} <> 'null'
    and (select count(*) from ${regionClosure}
         where ${regionClosure.code} = ${enterprises.regionCode}
           and ${regionClosure.ancestor} in (select jsonb_array_elements_text(${key}::jsonb -> 'regions')))
        = jsonb_array_length(${key}::jsonb -> 'regions')
    and not exists (select 1 from jsonb_array_elements(${key}::jsonb -> 'tiers') as accepted(tiers)
                    where not ${holdsTier(sql`accepted.tiers ? ${enterpriseTiers.tier}`)})`,
};
