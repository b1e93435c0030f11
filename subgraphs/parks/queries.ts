import { matchCondition, type Register } from '@wenshu/kit/candidates.ts';
import { idOfType, regionCondition, someOf } from '@wenshu/kit/filter.ts';
import { type Condition, defineList } from '@wenshu/kit/list.ts';
import type { Relation } from '@wenshu/kit/page-by.ts';
import { pinyinOrder } from '@wenshu/kit/tables.ts';
import { and, eq, sql } from 'drizzle-orm';
import { parks, projectOwners, projectParks, projectPolicies, projects, shared } from './tables.ts';

export const parkList = defineList({
  type: 'Park',
  table: parks,
  id: parks.id,
  columns: {
    region: [parks.regionCode],
    floorArea: [parks.floorAreaSqm, parks.floorAreaApprox],
    statedTenants: [parks.statedTenantCount, parks.statedTenantApprox, parks.statedTenantScope],
    revenue: [parks.revenue, parks.revenueApprox, parks.revenuePeriodStart, parks.revenuePeriodEnd],
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
    revenue: parks.revenue,
    operatorId: idOfType(parks.operatorId, parks.operatorType),
    parentId: parks.parentId,
    policyMatch: (input: never, path) => policyMatchCondition(input, path),
    synthetic: parks.synthetic,
  },
  orderBy: {
    ID: parks.id,
    NAME: pinyinOrder(parks.nameZh),
    FLOOR_AREA: parks.floorAreaSqm,
    REVENUE: parks.revenue,
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
    ownerId: someOf(projects.id, projectOwners.projectId, projectOwners.ownerId, {
      type: projectOwners.ownerType,
    }),
    parkId: someOf(projects.id, projectParks.projectId, projectParks.parkId),
    policyId: someOf(projects.id, projectPolicies.projectId, projectPolicies.policyId),
    synthetic: projects.synthetic,
  },
  orderBy: {
    ID: projects.id,
    NAME: pinyinOrder(projects.nameZh),
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

/** What the register of parks knows, to test parks on policies. */
export const parkRegister: Register = {
  type: 'park',
  id: parks.id,
  regionCode: parks.regionCode,
  facts: { kind: { hasOneOf: (accepted) => sql`${accepted} ? ${parks.kind}`, isComplete: sql`true` } },
  shared,
};

const policyMatchCondition: Condition = matchCondition(parkRegister, parks.synthetic);

/** Lists by the name of their root field. */
export const lists = { parks: parkList, projects: projectList };
