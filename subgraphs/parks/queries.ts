import { regionCondition, someOf } from '@wenshu/kit/filter.ts';
import { defineList } from '@wenshu/kit/list.ts';
import type { Relation } from '@wenshu/kit/page.ts';
import { byPinyin } from '@wenshu/kit/tables.ts';
import { and, eq, sql } from 'drizzle-orm';
import {
  parks,
  projectOwners,
  projectParks,
  projectPolicies,
  projects,
  regionClosure,
  shared,
} from './tables.ts';

export const parkList = defineList({
  type: 'Park',
  table: parks,
  id: parks.id,
  columns: {
    region: [parks.regionCode],
    floorArea: [parks.floorAreaSqm, parks.floorAreaApprox],
    statedTenants: [parks.statedTenantCount, parks.statedTenantApprox, parks.statedTenantScope],
    operator: [parks.operatorType, parks.operatorId],
    parent: [parks.parentId],
  },
  filter: {
    id: parks.id,
    nameZh: parks.nameZh,
    nameEn: parks.nameEn,
    kind: parks.kind,
    level: parks.level,
    region: regionCondition(parks.regionCode, shared),
    isVirtual: parks.isVirtual,
    floorAreaSqm: parks.floorAreaSqm,
    operatorId: parks.operatorId,
    parentId: parks.parentId,
    synthetic: parks.synthetic,
  },
  orderBy: {
    ID: parks.id,
    NAME: { expression: byPinyin(parks.nameZh), column: parks.nameZh },
    FLOOR_AREA: parks.floorAreaSqm,
    UPDATED_AT: parks.updatedAt,
  },
});

export const projectList = defineList({
  type: 'Project',
  table: projects,
  id: projects.id,
  columns: {
    region: [projects.regionCode],
  },
  filter: {
    id: projects.id,
    nameZh: projects.nameZh,
    nameEn: projects.nameEn,
    kind: projects.kind,
    region: regionCondition(projects.regionCode, shared),
    currentStage: projects.currentStage,
    plannedInvestment: projects.plannedInvestment,
    completedInvestment: projects.completedInvestment,
    ownerId: someOf(projects.id, projectOwners.projectId, projectOwners.ownerId),
    parkId: someOf(projects.id, projectParks.projectId, projectParks.parkId),
    policyId: someOf(projects.id, projectPolicies.projectId, projectPolicies.policyId),
    synthetic: projects.synthetic,
  },
  orderBy: {
    ID: projects.id,
    NAME: { expression: byPinyin(projects.nameZh), column: projects.nameZh },
    PLANNED_INVESTMENT: projects.plannedInvestment,
    UPDATED_AT: projects.updatedAt,
  },
});

export const subparksOf: Relation = {
  name: 'subparks of park',
  belongsTo: (parkId) => sql`${parks.parentId} = ${parkId}`,
};

export const operatedBy: Relation = {
  name: 'parks operated by actor',
  belongsTo: (actorId) => sql`${parks.operatorId} = ${actorId}`,
};

export const inPark: Relation = {
  name: 'projects in park',
  belongsTo: (parkId) =>
    sql`${projects.id} in (select ${projectParks.projectId} from ${projectParks} where ${projectParks.parkId} = ${parkId})`,
};

export const underPolicy: Relation = {
  name: 'projects under policy',
  belongsTo: (policyId) =>
    sql`${projects.id} in (select ${projectPolicies.projectId} from ${projectPolicies} where ${projectPolicies.policyId} = ${policyId})`,
};

export const ofOwner = (role: string | null | undefined): Relation => ({
  name: `projects of actor ${role ?? ''}`,
  belongsTo: (actorId) =>
    sql`${projects.id} in (select ${projectOwners.projectId} from ${projectOwners} where ${and(
      sql`${projectOwners.ownerId} = ${actorId}`,
      role ? eq(projectOwners.role, role) : undefined,
    )})`,
});

/** A condition of a policy, as the policies subgraph hands it over. */
export interface EligibilityCondition {
  field: string;
  op: string;
  value: unknown;
}

/** What the register of parks can check of a policy. */
interface Criteria {
  /** Sets of kinds: it must be of one of each. */
  kinds: string[][];
  /** Regions: it must lie in every one, or below it. */
  regions: string[];
}

/**
 * The criteria as the key of a batch, or `'null'` for a policy that has none: that all
 * parks pass for want of a test would be an invention.
 */
export function candidateKey(
  territory: string | undefined,
  eligibility: readonly EligibilityCondition[] | null,
): string {
  const valuesOf = (test: string) =>
    (eligibility ?? []).filter(({ field, op }) => `${field} ${op}` === test).map(({ value }) => value);
  const kinds = [
    ...(valuesOf('park.kind EQ') as string[]).map((kind) => [kind]),
    ...(valuesOf('park.kind IN') as string[][]),
  ];
  const stated = valuesOf('park.regionCode IN_REGION') as string[];
  if (kinds.length + stated.length === 0) return 'null';
  const regions = [...new Set(territory ? [...stated, territory] : stated)];
  return JSON.stringify({ kinds, regions } satisfies Criteria);
}

/** The parks that meet the criteria of a `candidateKey`. */
export const candidatesOf: Relation = {
  name: 'candidates of policy',
  belongsTo: (key) => sql`${key} <> 'null'
    and (select count(*) from ${regionClosure}
         where ${regionClosure.code} = ${parks.regionCode}
           and ${regionClosure.ancestor} in (select jsonb_array_elements_text(${key}::jsonb -> 'regions')))
        = jsonb_array_length(${key}::jsonb -> 'regions')
    and not exists (select 1 from jsonb_array_elements(${key}::jsonb -> 'kinds') as accepted(kinds)
                    where not accepted.kinds ? ${parks.kind})`,
};
