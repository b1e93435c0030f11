import type { Context } from '@wenshu/kit/context.ts';
import { columnCondition, groupable, nameOrAlias, regionCondition, someOf } from '@wenshu/kit/filter.ts';
import { inKeyOrder } from '@wenshu/kit/in-key-order.ts';
import { type Condition, defineList } from '@wenshu/kit/list.ts';
import { asCondition, type Relation } from '@wenshu/kit/page-by.ts';
import { havingHonours, havingParts, idOf, rolesOf } from '@wenshu/kit/parts.ts';
import { pinyinOrder } from '@wenshu/kit/tables.ts';
import { today } from '@wenshu/kit/today.ts';
import { and, asc, eq, isNotNull, isNull, or, sql } from 'drizzle-orm';
import type { PgColumn } from 'drizzle-orm/pg-core';
import { counted } from './completeness.ts';
import { findingList, guidePriceList } from './enforcement-lists.ts';
import { countsAsOneCondition } from './party-coverage.ts';
import { policyMatchCondition } from './register.ts';
import { revenueCondition } from './returns.ts';
import {
  type BlacklistEntryRow,
  blacklistEntries,
  dualEffectAssessments,
  enterpriseGroups,
  enterpriseHonours,
  enterpriseParks,
  enterpriseSubjects,
  enterprises,
  enterpriseTiers,
  findings,
  inspectionAgencies,
  inspections,
  shared,
} from './tables.ts';

/** Condition for published entries. */
const isPublished = isNotNull(blacklistEntries.publishedOn);

/** Today as SQL. A function, like all that depends on it, because a subgraph runs for more than a day. */
const todaySql = () => sql`${today()}::date`;

/** Condition for entries that are in force today. */
const isStanding = () =>
  and(
    isPublished,
    isNull(blacklistEntries.restoredOn),
    or(isNull(blacklistEntries.until), sql`${blacklistEntries.until} >= ${todaySql()}`),
  );

const blacklistStatus = () =>
  sql`case when ${blacklistEntries.restoredOn} is not null then 'RESTORED' when ${blacklistEntries.publishedOn} is null then 'UNPUBLISHED' when ${blacklistEntries.until} < ${todaySql()} then 'LAPSED' else 'IN_FORCE' end`;

const blacklistStatusCondition = groupable(
  (input: Readonly<Record<string, unknown>>, path: string) => columnCondition(blacklistStatus(), input, path),
  // A subquery: a value with a parameter is no expression to group by.
  { values: () => sql`select ${blacklistStatus()}` },
);

const isBlacklisted = () =>
  sql`exists (select 1 from ${blacklistEntries} where ${and(eq(blacklistEntries.enterpriseId, enterprises.id), isStanding())})`;

const blacklistedCondition = groupable(
  (input: { eq?: boolean | null; isNull?: boolean | null }) =>
    and(
      input.eq == null ? undefined : sql`${isBlacklisted()} = ${input.eq}`,
      // It is always known whether an entry is published.
      input.isNull ? sql`false` : undefined,
    ) ?? sql`true`,
  { values: () => sql`select ${isBlacklisted()}` },
);

/** Selects the pairs of a part and its whole among enterprises and their groups. */
export const partsOfSubjects = sql`select ${enterpriseGroups.enterpriseId}, ${enterpriseGroups.groupId} from ${enterpriseGroups}`;

export const enterpriseList = defineList({
  type: 'Enterprise',
  table: enterprises,
  id: enterprises.id,
  published: { rules: counted.Enterprise ?? [], tables: shared },
  columns: {
    region: [enterprises.regionCode],
    tiers: [enterprises.tiersCheckedOn],
  },
  filter: {
    id: enterprises.id,
    nameZh: nameOrAlias(enterprises),
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
    countsAsOne: countsAsOneCondition,
    revenue: revenueCondition,
    tier: someOf(enterprises.id, enterpriseTiers.enterpriseId, enterpriseTiers.tier),
    parkId: someOf(enterprises.id, enterpriseParks.enterpriseId, enterpriseParks.parkId, {
      counted: eq(enterpriseParks.role, 'TENANT'),
    }),
    relatedParkId: someOf(enterprises.id, enterpriseParks.enterpriseId, enterpriseParks.parkId),
    groupId: someOf(enterprises.id, enterpriseGroups.enterpriseId, enterpriseGroups.groupId),
    inspectedOn: someOf(enterprises.id, inspections.enterpriseId, inspections.inspectedOn),
    isBlacklisted: blacklistedCondition,
    tiers: havingParts(enterprises.id, enterpriseTiers.enterpriseId, {
      tier: enterpriseTiers.tier,
      level: enterpriseTiers.level,
      year: enterpriseTiers.year,
      expiresOn: enterpriseTiers.expiresOn,
    }),
    parks: havingParts(enterprises.id, enterpriseParks.enterpriseId, {
      role: enterpriseParks.role,
      parkId: enterpriseParks.parkId,
    }),
    honours: havingHonours(enterprises.id, enterpriseHonours),
    subjects: havingParts(enterprises.id, enterpriseSubjects.ownerId, {
      role: enterpriseSubjects.role,
      agencyId: idOf(enterpriseSubjects.targetId, enterpriseSubjects.targetType, 'Agency'),
    }),
    subjectId: someOf(enterprises.id, enterpriseSubjects.ownerId, enterpriseSubjects.targetId, {
      type: enterpriseSubjects.targetType,
    }),
    policyMatch: policyMatchCondition,
    synthetic: enterprises.synthetic,
    updatedAt: enterprises.updatedAt,
  },
  orderBy: {
    ID: enterprises.id,
    NAME: pinyinOrder(enterprises.nameZh),
    REGISTERED_CAPITAL: enterprises.registeredCapital,
    FOUNDED_ON: enterprises.foundedOn,
    UPDATED_AT: enterprises.updatedAt,
  },
});

/** Region conditions on the enterprise of a record. */
const enterpriseRegion = (enterpriseId: PgColumn): Condition => {
  const condition = regionCondition(enterprises.regionCode, shared);
  return groupable(
    (input: never, path) =>
      sql`${enterpriseId} in (select ${enterprises.id} from ${enterprises} where ${condition(input, path)})`,
    {
      values: () =>
        sql`select ${enterprises.regionCode} from ${enterprises} where ${enterprises.id} = ${enterpriseId}`,
      regions: shared,
    },
  );
};

/** Condition for inspections with a finding at a stage. */
const findingStageCondition = someOf(inspections.id, findings.inspectionId, findings.stage);

export const inspectionList = defineList({
  type: 'Inspection',
  table: inspections,
  id: inspections.id,
  published: { rules: counted.Inspection ?? [], tables: shared },
  columns: {
    enterprise: [inspections.enterpriseId],
    campaign: [inspections.campaignId],
    findings: [inspections.result],
  },
  holds: { enterprise: { by: inspections.enterpriseId, list: () => enterpriseList } },
  filter: {
    id: inspections.id,
    enterpriseId: inspections.enterpriseId,
    region: enterpriseRegion(inspections.enterpriseId),
    campaignId: inspections.campaignId,
    method: inspections.method,
    inspectedOn: inspections.inspectedOn,
    agencyId: someOf(inspections.id, inspectionAgencies.inspectionId, inspectionAgencies.agencyId),
    result: inspections.result,
    findingStage: findingStageCondition,
    synthetic: inspections.synthetic,
    updatedAt: inspections.updatedAt,
  },
  orderBy: {
    ID: inspections.id,
    INSPECTED_ON: inspections.inspectedOn,
    UPDATED_AT: inspections.updatedAt,
  },
});

export const blacklist = defineList({
  type: 'BlacklistEntry',
  table: blacklistEntries,
  id: blacklistEntries.id,
  columns: {
    enterprise: [blacklistEntries.enterpriseId],
    region: [blacklistEntries.regionCode],
    listedBy: [blacklistEntries.listedById],
    status: [blacklistEntries.restoredOn, blacklistEntries.publishedOn, blacklistEntries.until],
    history: [],
    allowedActions: [],
  },
  holds: { enterprise: { by: blacklistEntries.enterpriseId, list: () => enterpriseList } },
  filter: {
    id: blacklistEntries.id,
    enterpriseId: blacklistEntries.enterpriseId,
    region: enterpriseRegion(blacklistEntries.enterpriseId),
    listedById: blacklistEntries.listedById,
    reasonZh: blacklistEntries.reasonZh,
    stage: blacklistEntries.stage,
    dueOn: blacklistEntries.dueOn,
    listedOn: blacklistEntries.listedOn,
    until: blacklistEntries.until,
    restoredOn: blacklistEntries.restoredOn,
    status: blacklistStatusCondition,
    publishedOn: blacklistEntries.publishedOn,
    synthetic: blacklistEntries.synthetic,
    updatedAt: blacklistEntries.updatedAt,
  },
  orderBy: {
    ID: blacklistEntries.id,
    LISTED_ON: blacklistEntries.listedOn,
    PUBLISHED_ON: blacklistEntries.publishedOn,
    UPDATED_AT: blacklistEntries.updatedAt,
  },
});

export const assessmentList = defineList({
  type: 'DualEffectAssessment',
  table: dualEffectAssessments,
  id: dualEffectAssessments.id,
  columns: {
    enterprise: [dualEffectAssessments.enterpriseId],
    assessedBy: [dualEffectAssessments.assessedById],
    supervisedBy: [dualEffectAssessments.supervisedById],
  },
  holds: { enterprise: { by: dualEffectAssessments.enterpriseId, list: () => enterpriseList } },
  filter: {
    id: dualEffectAssessments.id,
    enterpriseId: dualEffectAssessments.enterpriseId,
    region: enterpriseRegion(dualEffectAssessments.enterpriseId),
    assessedById: dualEffectAssessments.assessedById,
    supervisedById: dualEffectAssessments.supervisedById,
    stage: dualEffectAssessments.stage,
    dueOn: dualEffectAssessments.dueOn,
    year: dualEffectAssessments.year,
    socialScore: dualEffectAssessments.socialScore,
    economicScore: dualEffectAssessments.economicScore,
    total: dualEffectAssessments.total,
    hasContentFault: dualEffectAssessments.hasContentFault,
    gradeZh: dualEffectAssessments.gradeZh,
    synthetic: dualEffectAssessments.synthetic,
    updatedAt: dualEffectAssessments.updatedAt,
  },
  orderBy: {
    ID: dualEffectAssessments.id,
    YEAR: dualEffectAssessments.year,
    TOTAL: dualEffectAssessments.total,
    UPDATED_AT: dualEffectAssessments.updatedAt,
  },
});

const pointedToBy = (name: string, column: PgColumn, condition: string): Relation => ({
  name,
  asFilter: asCondition(condition),
  belongsTo: (key) => sql`${column} = ${key}`,
});

export const inspectionsOf = pointedToBy(
  'inspections of enterprise',
  inspections.enterpriseId,
  'enterpriseId',
);
export const inspectionsOfCampaign = pointedToBy(
  'inspections of campaign',
  inspections.campaignId,
  'campaignId',
);
export const assessmentsOf = pointedToBy(
  'assessments of enterprise',
  dualEffectAssessments.enterpriseId,
  'enterpriseId',
);

/** Relation to the inspections of enterprises in a region. */
export const inspectionsIn = (inRegion: Relation): Relation => ({
  ...inRegion,
  name: `inspections of ${inRegion.name}`,
  belongsTo: (code) =>
    sql`${inspections.enterpriseId} in (select ${enterprises.id} from ${enterprises} where ${inRegion.belongsTo(code)})`,
});

/** Returns the published entry by which an enterprise is on the blacklist now; the latest, if several agencies list it. */
export const standingEntryOf = (context: Context, enterpriseId: string): Promise<BlacklistEntryRow | null> =>
  context
    .batch<string, BlacklistEntryRow | null>('standing blacklist entry', async (enterpriseIds) => {
      const rows = await context.db
        .select()
        .from(blacklistEntries)
        .where(
          and(sql`${blacklistEntries.enterpriseId} = any(${sql.param(enterpriseIds)}::text[])`, isStanding()),
        )
        .orderBy(asc(blacklistEntries.listedOn), asc(blacklistEntries.id));
      return inKeyOrder(enterpriseIds, rows, (row) => row.enterpriseId);
    })
    .load(enterpriseId);

export const ofPark = (role: string | null | undefined): Relation => ({
  name: `enterprises of park ${role ?? ''}`,
  ...(!role || role === 'TENANT' ? { asFilter: asCondition(role ? 'parkId' : 'relatedParkId') } : {}),
  told: ['parkId'],
  belongsTo: (parkId) =>
    sql`${enterprises.id} in (select ${enterpriseParks.enterpriseId} from ${enterpriseParks} where ${and(
      sql`${enterpriseParks.parkId} = ${parkId}`,
      role ? eq(enterpriseParks.role, role) : undefined,
    )})`,
  edge: (parkId, enterpriseId) =>
    rolesOf(
      enterpriseParks.role,
      enterpriseParks.role,
      role,
      sql`${enterpriseParks.parkId} = ${parkId}`,
      sql`${enterpriseParks.enterpriseId} = ${enterpriseId}`,
    ),
});

export const membersOf: Relation = {
  name: 'members of enterprise',
  asFilter: asCondition('groupId'),
  belongsTo: (groupId) =>
    sql`${enterprises.id} in (select ${enterpriseGroups.enterpriseId} from ${enterpriseGroups} where ${enterpriseGroups.groupId} = ${groupId})`,
};

export { findingList, guidePriceList } from './enforcement-lists.ts';

/** Lists by the name of their root field. */
export const lists = {
  findings: findingList,
  guidePrices: guidePriceList,
  enterprises: enterpriseList,
  inspections: inspectionList,
  blacklist,
  dualEffectAssessments: assessmentList,
};
