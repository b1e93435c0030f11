import { type Additivity, isAnyPart } from '@wenshu/kit/additivity.ts';
import { matchCondition, type Register } from '@wenshu/kit/candidates.ts';
import { groupable, idOfType, nameOrAlias, regionCondition, someOf } from '@wenshu/kit/filter.ts';
import { type Condition, defineList } from '@wenshu/kit/list.ts';
import { asCondition, type Relation } from '@wenshu/kit/page-by.ts';
import { havingHonours, havingParts, idOf, rolesOf } from '@wenshu/kit/parts.ts';
import { pinyinOrder } from '@wenshu/kit/tables.ts';
import { and, eq, type SQL, sql } from 'drizzle-orm';
import { counted } from './completeness.ts';
import { countsAsOneCondition } from './counted-parks.ts';
import {
  parkRecognitions,
  parks,
  projectLedgers,
  projectOwners,
  projectParks,
  projectPolicies,
  projectStages,
  projectSubjects,
  projects,
  projectTargets,
  shared,
} from './tables.ts';
import { isBehindNow } from './workflows/behind.ts';

const partsOfParks = sql`select ${parks.id}, ${parks.parentId} from ${parks} where ${parks.parentId} is not null`;

const partsOfProjects = sql`select ${projectSubjects.ownerId}, ${projectSubjects.targetId} from ${projectSubjects} where ${projectSubjects.role} = 'PART_OF'`;

/** Selects the pairs of a part and its whole among parks and projects. */
export const partsOfSubjects = sql`${partsOfParks} union all ${partsOfProjects}`;

/** A class of parks, such as all high-rise factories of a district, may contain any park there. */
const parkClass = sql`bundle.kind = 'PARK_CLASS'`;

const parkOverlaps: Additivity['overlaps'] = [
  { reason: 'PART_AND_WHOLE', among: (ids) => isAnyPart(sql`select unnest(${ids})`, partsOfParks) },
  { reason: 'CLASS', among: (ids) => isBundleBesideOthers(ids, sql`${parks}`, parkClass) },
];

export const parkList = defineList({
  type: 'Park',
  table: parks,
  id: parks.id,
  published: { rules: counted.Park ?? [], tables: shared },
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
    nameZh: nameOrAlias(parks),
    nameEn: parks.nameEn,
    kind: parks.kind,
    level: parks.level,
    region: regionCondition(parks.regionCode, shared),
    isVirtual: parks.isVirtual,
    countsAsOne: countsAsOneCondition,
    floorAreaSqm: parks.floorAreaSqm,
    revenue: parks.revenue,
    operatorId: idOfType(parks.operatorId, parks.operatorType),
    parentId: parks.parentId,
    recognitions: havingHonours(parks.id, parkRecognitions),
    policyMatch: (input: never, path) => policyMatchCondition(input, path),
    synthetic: parks.synthetic,
    updatedAt: parks.updatedAt,
  },
  orderBy: {
    ID: parks.id,
    NAME: pinyinOrder(parks.nameZh),
    FLOOR_AREA: parks.floorAreaSqm,
    REVENUE: parks.revenue,
    UPDATED_AT: parks.updatedAt,
  },
  additivity: {
    floorAreaSqm: { approx: parks.floorAreaApprox, overlaps: parkOverlaps },
    revenue: {
      approx: parks.revenueApprox,
      alike: [
        {
          reason: 'PERIOD',
          value: sql`coalesce(${parks.revenuePeriodStart}::text, '') || coalesce(${parks.revenuePeriodEnd}::text, ${parks.id})`,
        },
      ],
      overlaps: parkOverlaps,
    },
  },
});

/** A bundle of projects may contain any project of its region, because sources do not list its projects. */
const investment: Additivity = {
  approx: projects.investmentApprox,
  overlaps: [
    { reason: 'PART_AND_WHOLE', among: (ids) => isAnyPart(sql`select unnest(${ids})`, partsOfProjects) },
    {
      reason: 'BUNDLE',
      among: (ids) => isBundleBesideOthers(ids, sql`${projects}`, sql`bundle.bundle_size > 1`),
    },
  ],
};

/** Returns whether a bundle is among these rows beside a row that may lie in its region. */
function isBundleBesideOthers(ids: SQL, table: SQL, isBundle: SQL): SQL {
  const { regionClosure } = shared;
  const rows = sql`select row.* from unnest(${ids}) as given(id) join ${table} as row on row.id = given.id`;
  const liesIn = (inner: SQL, outer: SQL) => sql`exists (
    select 1 from ${regionClosure} where ${regionClosure.code} = ${inner} and ${regionClosure.ancestor} = ${outer})`;
  const [own, other] = [sql`bundle.region_code`, sql`other.region_code`];
  return sql`exists (
    select 1 from (${rows}) as bundle join (${rows}) as other on other.id <> bundle.id
    where ${isBundle} and (${own} is null or ${other} is null or ${liesIn(own, other)} or ${liesIn(other, own)}))`;
}

export const projectList = defineList({
  type: 'Project',
  table: projects,
  id: projects.id,
  published: { rules: counted.Project ?? [], tables: shared },
  columns: {
    region: [projects.regionCode],
  },
  filter: {
    id: projects.id,
    nameZh: nameOrAlias(projects),
    nameEn: projects.nameEn,
    kind: projects.kind,
    region: regionCondition(projects.regionCode, shared),
    currentStage: projects.currentStage,
    bundleSize: projects.bundleSize,
    plannedInvestment: projects.plannedInvestment,
    completedInvestment: projects.completedInvestment,
    ownerId: someOf(projects.id, projectOwners.projectId, projectOwners.ownerId, {
      type: projectOwners.ownerType,
    }),
    parkId: someOf(projects.id, projectParks.projectId, projectParks.parkId),
    policyId: someOf(projects.id, projectPolicies.projectId, projectPolicies.policyId),
    targets: havingParts(projects.id, projectTargets.projectId, {
      periodStart: projectTargets.periodStart,
      periodEnd: projectTargets.periodEnd,
      textZh: projectTargets.textZh,
    }),
    stages: havingParts(projects.id, projectStages.projectId, {
      stage: projectStages.stage,
      status: projectStages.status,
      partZh: projectStages.partZh,
      textZh: projectStages.textZh,
    }),
    owners: havingParts(projects.id, projectOwners.projectId, {
      role: projectOwners.role,
      enterpriseId: idOf(projectOwners.ownerId, projectOwners.ownerType, 'Enterprise'),
      agencyId: idOf(projectOwners.ownerId, projectOwners.ownerType, 'Agency'),
    }),
    subjects: havingParts(projects.id, projectSubjects.ownerId, {
      role: projectSubjects.role,
      agencyId: idOf(projectSubjects.targetId, projectSubjects.targetType, 'Agency'),
      projectId: idOf(projectSubjects.targetId, projectSubjects.targetType, 'Project'),
    }),
    subjectId: someOf(projects.id, projectSubjects.ownerId, projectSubjects.targetId, {
      type: projectSubjects.targetType,
    }),
    synthetic: projects.synthetic,
    updatedAt: projects.updatedAt,
  },
  orderBy: {
    ID: projects.id,
    NAME: pinyinOrder(projects.nameZh),
    PLANNED_INVESTMENT: projects.plannedInvestment,
    UPDATED_AT: projects.updatedAt,
  },
  additivity: { plannedInvestment: investment, completedInvestment: investment },
});

export const subparksOf: Relation = {
  name: 'subparks of park',
  asFilter: asCondition('parentId'),
  belongsTo: (parkId) => sql`${parks.parentId} = ${parkId}`,
};

export const operatedBy: Relation = {
  name: 'parks operated by actor',
  asFilter: asCondition('operatorId'),
  belongsTo: (actorId) => sql`${parks.operatorId} = ${actorId}`,
};

export const inPark: Relation = {
  name: 'projects in park',
  asFilter: asCondition('parkId'),
  belongsTo: (parkId) =>
    sql`${projects.id} in (select ${projectParks.projectId} from ${projectParks} where ${projectParks.parkId} = ${parkId})`,
};

export const underPolicy: Relation = {
  name: 'projects under policy',
  asFilter: asCondition('policyId'),
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
  edge: (actorId, projectId) =>
    rolesOf(
      projectOwners.role,
      projectOwners.seq,
      role,
      sql`${projectOwners.ownerId} = ${actorId}`,
      sql`${projectOwners.projectId} = ${projectId}`,
    ),
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

/** Condition on projects that are behind their plan now. */
const behindCondition = groupable(
  (isAsked: boolean) => (isAsked ? isBehindNow() : sql`not ${isBehindNow()}`),
  { values: () => sql`select ${isBehindNow()}` },
);

export const projectLedgerList = defineList({
  type: 'ProjectLedger',
  table: projectLedgers,
  id: projectLedgers.id,
  columns: {
    project: [projectLedgers.projectId],
    region: [projectLedgers.regionCode],
    responsible: [projectLedgers.responsibleId],
    liaison: [projectLedgers.liaisonId],
  },
  filter: {
    id: projectLedgers.id,
    projectId: projectLedgers.projectId,
    region: regionCondition(projectLedgers.regionCode, shared),
    stage: projectLedgers.stage,
    dueOn: projectLedgers.dueOn,
    reached: projectLedgers.reached,
    isBehind: behindCondition,
    responsibleId: projectLedgers.responsibleId,
    liaisonId: projectLedgers.liaisonId,
    synthetic: projectLedgers.synthetic,
    updatedAt: projectLedgers.updatedAt,
  },
  orderBy: {
    ID: projectLedgers.id,
    DUE_ON: projectLedgers.dueOn,
    UPDATED_AT: projectLedgers.updatedAt,
  },
});

export const reportedBy: Relation = {
  name: 'ledgers reported by agency',
  asFilter: asCondition('responsibleId'),
  belongsTo: (agencyId) => sql`${projectLedgers.responsibleId} = ${agencyId}`,
};

export const assistedBy: Relation = {
  name: 'ledgers assisted by agency',
  asFilter: asCondition('liaisonId'),
  belongsTo: (agencyId) => sql`${projectLedgers.liaisonId} = ${agencyId}`,
};

/** Lists by the name of their root field. */
export const lists = { parks: parkList, projects: projectList, projectLedgers: projectLedgerList };
