import type { Context } from '@wenshu/kit/context.ts';
import { groupable, regionCondition, someOf } from '@wenshu/kit/filter.ts';
import { groupedByKey } from '@wenshu/kit/in-key-order.ts';
import { type Condition, defineList } from '@wenshu/kit/list.ts';
import { shownOnly } from '@wenshu/kit/row-filters.ts';
import { pinyinOrder } from '@wenshu/kit/tables.ts';
import { syntheticPrefix } from '@wenshu/schema/synthetic.ts';
import { and, desc, eq, sql } from 'drizzle-orm';
import { criteria } from './criteria.ts';
import { overdueSql } from './service-requests.ts';
import {
  agencies,
  measures,
  openCalls,
  payouts,
  policies,
  policyBases,
  policyEligibility,
  policyIssuers,
  policySubjects,
  type StarListEntryRow,
  serviceRequestCoHandlers,
  serviceRequests,
  shared,
  starListEntries,
  starLists,
} from './tables.ts';

function hasRows(table: typeof measures | typeof policyEligibility) {
  const rows = sql`exists (select 1 from ${table} where ${table.policyId} = ${policies.id})`;
  return groupable((isAsked: boolean) => (isAsked ? rows : sql`not ${rows}`), {
    values: rows,
  });
}

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
    issuerId: someOf(policies.id, policyIssuers.policyId, policyIssuers.targetId, {
      type: policyIssuers.targetType,
    }),
    basedOnId: someOf(policies.id, policyBases.policyId, policyBases.basisId),
    subjectId: someOf(policies.id, policySubjects.policyId, policySubjects.targetId, {
      type: policySubjects.targetType,
    }),
    hasMeasures: hasRows(measures),
    hasEligibility: hasRows(policyEligibility),
    synthetic: policies.synthetic,
  },
  values: { criteria: sql`${criteria}::text` },
  orderBy: {
    ID: policies.id,
    NAME: pinyinOrder(policies.nameZh),
    ISSUED_ON: policies.issuedOn,
    UPDATED_AT: policies.updatedAt,
  },
});

export const measureList = defineList({
  type: 'Measure',
  table: measures,
  id: measures.id,
  columns: { policy: [measures.policyId] },
  holds: { policy: { by: measures.policyId, list: () => policyList } },
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
    NAME: pinyinOrder(agencies.nameZh),
    UPDATED_AT: agencies.updatedAt,
  },
});

/** Condition on overdue requests. An open request without a due day is neither overdue nor not. */
const overdueCondition = groupable(
  (isAsked: boolean) => (isAsked ? overdueSql() : sql`not ${overdueSql()}`),
  { values: () => sql`select ${overdueSql()}` },
);

export const serviceRequestList = defineList({
  type: 'ServiceRequest',
  table: serviceRequests,
  id: serviceRequests.id,
  columns: {
    enterprise: [serviceRequests.enterpriseId],
    region: [serviceRequests.regionCode],
    responsible: [serviceRequests.responsibleId],
    policy: [serviceRequests.policyId],
    isOverdue: [serviceRequests.stage, serviceRequests.dueOn],
  },
  filter: {
    id: serviceRequests.id,
    titleZh: serviceRequests.titleZh,
    kind: serviceRequests.kind,
    stage: serviceRequests.stage,
    isOverdue: overdueCondition,
    isReopened: serviceRequests.isReopened,
    isSatisfied: serviceRequests.isSatisfied,
    submittedOn: serviceRequests.submittedOn,
    dueOn: serviceRequests.dueOn,
    closedOn: serviceRequests.closedOn,
    region: regionCondition(serviceRequests.regionCode, shared),
    responsibleId: serviceRequests.responsibleId,
    coHandlerId: someOf(
      serviceRequests.id,
      serviceRequestCoHandlers.requestId,
      serviceRequestCoHandlers.agencyId,
    ),
    enterpriseId: serviceRequests.enterpriseId,
    policyId: serviceRequests.policyId,
    synthetic: serviceRequests.synthetic,
  },
  orderBy: {
    ID: serviceRequests.id,
    SUBMITTED_ON: serviceRequests.submittedOn,
    DUE_ON: serviceRequests.dueOn,
  },
});

const isNotVetoed = sql`${starListEntries.vetoedById} is null`;

export const starListList = defineList({
  type: 'StarList',
  table: starLists,
  id: starLists.id,
  columns: { region: [starLists.regionCode], policy: [starLists.policyId] },
  filter: {
    id: starLists.id,
    nameZh: starLists.nameZh,
    year: starLists.year,
    half: starLists.half,
    status: starLists.status,
    objectionUntil: starLists.objectionUntil,
    publishedOn: starLists.publishedOn,
    region: regionCondition(starLists.regionCode, shared),
    policyId: starLists.policyId,
    enterpriseId: someOf(starLists.id, starListEntries.listId, starListEntries.enterpriseId, {
      counted: isNotVetoed,
    }),
    synthetic: starLists.synthetic,
  },
  orderBy: {
    ID: starLists.id,
    YEAR: starLists.year,
    HALF: starLists.half,
    PUBLISHED_ON: starLists.publishedOn,
  },
});

export const payoutList = defineList({
  type: 'Payout',
  table: payouts,
  id: payouts.id,
  columns: {
    policy: [payouts.policyId],
    measure: [payouts.measureId],
    enterprise: [payouts.enterpriseId],
    region: [payouts.regionCode],
    payingAgency: [payouts.payingAgencyId],
  },
  filter: {
    id: payouts.id,
    status: payouts.status,
    amount: payouts.amount,
    paidOn: payouts.paidOn,
    policyId: payouts.policyId,
    measureId: payouts.measureId,
    enterpriseId: payouts.enterpriseId,
    region: regionCondition(payouts.regionCode, shared),
    payingAgencyId: payouts.payingAgencyId,
    synthetic: payouts.synthetic,
  },
  orderBy: { ID: payouts.id, AMOUNT: payouts.amount, PAID_ON: payouts.paidOn },
});

/** Region conditions on the agency that published an open call. */
const publisherRegion: Condition = groupable(
  (input: { isNull?: boolean | null }, path) => {
    const condition = regionCondition(agencies.regionCode, shared)(input as never, path);
    const published = sql`${openCalls.publisherId} in (select ${agencies.id} from ${agencies} where ${condition})`;
    return input.isNull ? sql`(${openCalls.publisherId} is null or ${published})` : published;
  },
  {
    values: () =>
      sql`select ${agencies.regionCode} from ${agencies} where ${agencies.id} = ${openCalls.publisherId}`,
    regions: shared,
  },
);

export const openCallList = defineList({
  type: 'OpenCall',
  table: openCalls,
  id: openCalls.id,
  columns: {
    policy: [openCalls.policyId],
    publisher: [openCalls.publisherId],
    claimant: [openCalls.claimantId],
    project: [openCalls.projectId],
    region: [openCalls.publisherId],
  },
  filter: {
    id: openCalls.id,
    titleZh: openCalls.titleZh,
    status: openCalls.status,
    reward: openCalls.reward,
    publishedOn: openCalls.publishedOn,
    deadline: openCalls.deadline,
    policyId: openCalls.policyId,
    publisherId: openCalls.publisherId,
    claimantId: openCalls.claimantId,
    projectId: openCalls.projectId,
    region: publisherRegion,
    synthetic: openCalls.synthetic,
  },
  orderBy: {
    ID: openCalls.id,
    REWARD: openCalls.reward,
    PUBLISHED_ON: openCalls.publishedOn,
    DEADLINE: openCalls.deadline,
  },
});

/** Entries of star lists. No list of the graph shows them, so this one is for the row filter of their star list. */
const entryList = defineList({
  type: 'StarListEntry',
  table: starListEntries,
  id: starListEntries.enterpriseId,
  columns: {},
  holds: { list: { by: starListEntries.listId, list: () => starListList } },
  filter: {},
  orderBy: {},
});

/**
 * Returns an enterprise's places on published lists that the caller may see, the latest first. A vetoed entry is no
 * place.
 */
export const publishedEntriesOf = (context: Context, enterpriseId: string): Promise<StarListEntryRow[]> =>
  context
    .batch<string, StarListEntryRow[]>('published star-list entries', async (enterpriseIds) => {
      const rows = await context.db
        .select({ entry: starListEntries })
        .from(starListEntries)
        .innerJoin(starLists, eq(starLists.id, starListEntries.listId))
        .where(
          and(
            sql`${starListEntries.enterpriseId} = any(${sql.param(enterpriseIds)}::text[])`,
            eq(starLists.status, 'PUBLISHED'),
            isNotVetoed,
            shownOnly(context, entryList),
          ),
        )
        .orderBy(desc(starLists.year), desc(starLists.half), starLists.id);
      return groupedByKey(
        enterpriseIds,
        rows.map(({ entry }) => entry),
        (entry) => entry.enterpriseId,
      );
    })
    .load(enterpriseId);

/** Returns the total that a policy has paid; null if no payout is on record. */
export const paidUnder = (context: Context, policyId: string): Promise<string | null> =>
  context
    .batch<string, string | null>('paid under policy', async (policyIds) => {
      const isOfKind = sql`${payouts.synthetic} = starts_with(${payouts.policyId}, ${syntheticPrefix})`;
      const paid = sql<string>`coalesce(sum(${payouts.amount}) filter (where ${payouts.status} in ('PAID', 'AUDITED')), 0)`;
      const rows = await context.db
        .select({ policyId: payouts.policyId, paid })
        .from(payouts)
        .where(and(sql`${payouts.policyId} = any(${sql.param(policyIds)}::text[])`, isOfKind))
        .groupBy(payouts.policyId);
      const byPolicy = new Map(rows.map((row) => [row.policyId, row.paid]));
      return policyIds.map((id) => byPolicy.get(id) ?? null);
    })
    .load(policyId);

/** Lists by the name of their root field. */
export const lists = {
  policies: policyList,
  agencies: agencyList,
  serviceRequests: serviceRequestList,
  starLists: starListList,
  payouts: payoutList,
  openCalls: openCallList,
};
