import type { Database } from '@wenshu/kit/database.ts';
import { columnCondition, regionCondition } from '@wenshu/kit/filter.ts';
import { type Condition, defineList } from '@wenshu/kit/list.ts';
import type { Relation } from '@wenshu/kit/page.ts';
import { byPinyin } from '@wenshu/kit/tables.ts';
import { and, eq, type SQL, sql } from 'drizzle-orm';
import type { ConditionalPolicy, Place, StatedCondition } from './eligibility.ts';
import {
  agencies,
  measures,
  policies,
  policyBases,
  policyEligibility,
  policyIssuers,
  policySubjects,
  regionClosure,
  regions,
  shared,
} from './tables.ts';

const hasIssuer = (condition: SQL | undefined): SQL =>
  sql`exists (select 1 from ${policyIssuers} where ${and(eq(policyIssuers.policyId, policies.id), condition)})`;

const issuerCondition = ((input: Readonly<Record<string, unknown>>, path: string) => {
  const condition = columnCondition(policyIssuers.targetId, input, path);
  if (Object.values(input).every((value) => value == null)) return sql`true`;
  return input.isNull ? sql`not ${hasIssuer(undefined)}` : hasIssuer(condition);
}) as Condition;

const hasRows = (table: typeof measures | typeof policyEligibility) =>
  ((isAsked: boolean) => {
    const rows = sql`exists (select 1 from ${table} where ${table.policyId} = ${policies.id})`;
    return isAsked ? rows : sql`not ${rows}`;
  }) as Condition;

export const policyList = defineList({
  type: 'Policy',
  table: policies,
  id: policies.id,
  columns: {
    region: [policies.regionCode],
  },
  filter: {
    id: policies.id,
    nameZh: policies.nameZh,
    nameEn: policies.nameEn,
    kind: policies.kind,
    domain: policies.domain,
    status: policies.status,
    docNo: policies.docNo,
    issuedOn: policies.issuedOn,
    issuedYear: policies.issuedYear,
    region: regionCondition(policies.regionCode, shared),
    issuerId: issuerCondition,
    hasMeasures: hasRows(measures),
    hasEligibility: hasRows(policyEligibility),
    synthetic: policies.synthetic,
  },
  orderBy: {
    ID: policies.id,
    NAME: { expression: byPinyin(policies.nameZh), column: policies.nameZh },
    ISSUED_ON: policies.issuedOn,
    UPDATED_AT: policies.updatedAt,
  },
});

export const measureList = defineList({
  type: 'Measure',
  table: measures,
  id: measures.id,
  columns: { policy: [measures.policyId] },
  filter: {},
  orderBy: {},
});

export const agencyList = defineList({
  type: 'Agency',
  table: agencies,
  id: agencies.id,
  columns: {
    region: [agencies.regionCode],
    parent: [agencies.parentId],
    locatedIn: [agencies.parkId],
  },
  filter: {
    id: agencies.id,
    nameZh: agencies.nameZh,
    nameEn: agencies.nameEn,
    kind: agencies.kind,
    department: agencies.department,
    region: regionCondition(agencies.regionCode, shared),
    parentId: agencies.parentId,
    parkId: agencies.parkId,
    synthetic: agencies.synthetic,
  },
  orderBy: {
    ID: agencies.id,
    NAME: { expression: byPinyin(agencies.nameZh), column: agencies.nameZh },
    UPDATED_AT: agencies.updatedAt,
  },
});

export const restingOn: Relation = {
  name: 'policies resting on policy',
  belongsTo: (basisId) =>
    sql`${policies.id} in (select ${policyBases.policyId} from ${policyBases} where ${policyBases.basisId} = ${basisId})`,
};

export const issuedBy: Relation = {
  name: 'policies issued by',
  belongsTo: (issuerId) =>
    sql`${policies.id} in (select ${policyIssuers.policyId} from ${policyIssuers} where ${policyIssuers.targetId} = ${issuerId})`,
};

/** The policies that name a subject of this type. */
export const naming = (type: string, role: string | null | undefined): Relation => ({
  name: `policies naming ${type} ${role ?? ''}`,
  belongsTo: (targetId) =>
    sql`${policies.id} in (select ${policySubjects.policyId} from ${policySubjects} where ${and(
      sql`${policySubjects.targetId} = ${targetId}`,
      eq(policySubjects.targetType, type),
      role ? eq(policySubjects.role, role) : undefined,
    )})`,
});

export const subordinateTo: Relation = {
  name: 'subordinates of agency',
  belongsTo: (agencyId) => sql`${agencies.parentId} = ${agencyId}`,
};

/** A park and the agency that operates it, if it is one, as the key of a batch. */
export const parkKey = (parkId: string, operatorId: string | null): string =>
  JSON.stringify([parkId, operatorId]);

/** The agencies that serve the park of a `parkKey`: those within it, and the windows of its operator. */
export const servingPark: Relation = {
  name: 'agencies serving park',
  belongsTo: (key) =>
    sql`(${agencies.parkId} = ${key}::jsonb ->> 0
      or (${agencies.kind} = 'SERVICE_WINDOW' and ${agencies.parentId} = ${key}::jsonb ->> 1))`,
};

/** Every policy that states conditions, with them, in the order of the ids. */
export async function policiesWithConditions(db: Database): Promise<ConditionalPolicy[]> {
  const rows = await db
    .select({
      policyId: policies.id,
      status: policies.status,
      regionCode: policies.regionCode,
      field: policyEligibility.field,
      op: policyEligibility.op,
      value: policyEligibility.value,
      textZh: policyEligibility.textZh,
    })
    .from(policyEligibility)
    .innerJoin(policies, eq(policies.id, policyEligibility.policyId))
    .orderBy(policies.id, policyEligibility.seq);
  const found = new Map<string, ConditionalPolicy & { conditions: StatedCondition[] }>();
  for (const { policyId, status, regionCode, ...condition } of rows) {
    const policy = found.get(policyId) ?? { id: policyId, status, regionCode, conditions: [] };
    policy.conditions.push(condition);
    found.set(policyId, policy);
  }
  return [...found.values()];
}

/** Each region with itself and everything above it; none for a code that is not kept. */
export async function lineagesOf(db: Database, codes: readonly string[]): Promise<Place[][]> {
  const rows = await db
    .select({
      of: regionClosure.code,
      code: regions.code,
      nameZh: regions.nameZh,
      nameEn: regions.nameEn,
    })
    .from(regionClosure)
    .innerJoin(regions, eq(regions.code, regionClosure.ancestor))
    .where(sql`${regionClosure.code} = any(${sql.param(codes)}::text[])`);
  const byCode = Map.groupBy(rows, (row) => row.of);
  return codes.map((code) => byCode.get(code) ?? []);
}
