import type { Context } from '@wenshu/kit/context.ts';
import { groupable, nameOrAlias, regionCondition, someOf } from '@wenshu/kit/filter.ts';
import { groupedByKey } from '@wenshu/kit/in-key-order.ts';
import { defineList } from '@wenshu/kit/list.ts';
import { havingParts, idOf } from '@wenshu/kit/parts.ts';
import { shownOnly } from '@wenshu/kit/row-filters.ts';
import { pinyinOrder } from '@wenshu/kit/tables.ts';
import { syntheticPrefix } from '@wenshu/schema/synthetic.ts';
import { and, desc, eq, inArray, sql } from 'drizzle-orm';
import { counted } from './completeness.ts';
import { listingList, matchingRunList, paymentRuleList } from './payout-lists.ts';
import { measureList, policyList } from './policy-lists.ts';
import { overdueSql } from './service-requests.ts';
import { isStanding } from './star-lists.ts';
import {
  agencies,
  agencySubjects,
  openCallClaims,
  openCalls,
  paymentRuleReviewers,
  payouts,
  type StarListEntryRow,
  serviceRequestCoHandlers,
  serviceRequests,
  shared,
  starListEntries,
  starLists,
  starListVetters,
} from './tables.ts';

/** Selects the pairs of a part and its whole among agencies. */
export const partsOfSubjects = sql`select ${agencies.id}, ${agencies.parentId} from ${agencies} where ${agencies.parentId} is not null`;

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
    nameZh: nameOrAlias(agencies),
    nameEn: agencies.nameEn,
    kind: agencies.kind,
    department: agencies.department,
    region: regionCondition(agencies.regionCode, shared),
    parentId: agencies.parentId,
    parkId: agencies.parkId,
    subjects: havingParts(agencies.id, agencySubjects.ownerId, {
      role: agencySubjects.role,
      agencyId: idOf(agencySubjects.targetId, agencySubjects.targetType, 'Agency'),
    }),
    subjectId: someOf(agencies.id, agencySubjects.ownerId, agencySubjects.targetId, {
      type: agencySubjects.targetType,
    }),
    synthetic: agencies.synthetic,
    updatedAt: agencies.updatedAt,
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
    submittedBy: [serviceRequests.submittedById],
    duplicateOf: [serviceRequests.duplicateOfId],
    suggestedAgency: [serviceRequests.suggestedId],
    commissioner: [serviceRequests.commissionerId],
    policy: [serviceRequests.policyId],
    project: [serviceRequests.projectId],
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
    submittedById: serviceRequests.submittedById,
    commissionerId: serviceRequests.commissionerId,
    coHandlerId: someOf(
      serviceRequests.id,
      serviceRequestCoHandlers.requestId,
      serviceRequestCoHandlers.agencyId,
    ),
    enterpriseId: serviceRequests.enterpriseId,
    policyId: serviceRequests.policyId,
    projectId: serviceRequests.projectId,
    synthetic: serviceRequests.synthetic,
    updatedAt: serviceRequests.updatedAt,
  },
  orderBy: {
    ID: serviceRequests.id,
    SUBMITTED_ON: serviceRequests.submittedOn,
    DUE_ON: serviceRequests.dueOn,
  },
});

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
    stage: starLists.stage,
    dueOn: starLists.dueOn,
    vetterId: someOf(starLists.id, starListVetters.listId, starListVetters.agencyId),
    objectionUntil: starLists.objectionUntil,
    publishedOn: starLists.publishedOn,
    region: regionCondition(starLists.regionCode, shared),
    policyId: starLists.policyId,
    enterpriseId: someOf(starLists.id, starListEntries.listId, starListEntries.enterpriseId, {
      counted: isStanding,
    }),
    vetoedById: someOf(starLists.id, starListEntries.listId, starListEntries.vetoedById),
    synthetic: starLists.synthetic,
    updatedAt: starLists.updatedAt,
  },
  orderBy: {
    ID: starLists.id,
    YEAR: starLists.year,
    HALF: starLists.half,
    PUBLISHED_ON: starLists.publishedOn,
  },
});

const isPaid = inArray(payouts.stage, ['PAID', 'AUDITED']);

export const payoutList = defineList({
  type: 'Payout',
  table: payouts,
  id: payouts.id,
  published: { rules: counted.Payout ?? [], tables: shared },
  columns: {
    policy: [payouts.policyId],
    measure: [payouts.measureId],
    enterprise: [payouts.enterpriseId],
    region: [payouts.regionCode],
    payingAgency: [payouts.payingAgencyId],
    rule: [payouts.ruleId],
    reviewers: [payouts.ruleId],
    auditor: [payouts.auditorId],
  },
  filter: {
    id: payouts.id,
    stage: payouts.stage,
    dueOn: payouts.dueOn,
    period: payouts.period,
    matchedOn: payouts.matchedOn,
    amount: payouts.amount,
    paidOn: payouts.paidOn,
    policyId: payouts.policyId,
    measureId: payouts.measureId,
    enterpriseId: payouts.enterpriseId,
    region: regionCondition(payouts.regionCode, shared),
    payingAgencyId: payouts.payingAgencyId,
    reviewerId: someOf(payouts.ruleId, paymentRuleReviewers.ruleId, paymentRuleReviewers.agencyId),
    auditorId: payouts.auditorId,
    synthetic: payouts.synthetic,
    updatedAt: payouts.updatedAt,
  },
  orderBy: { ID: payouts.id, AMOUNT: payouts.amount, DUE_ON: payouts.dueOn, PAID_ON: payouts.paidOn },
  additivity: {
    amount: {
      alike: [
        {
          reason: 'PAYMENT',
          value: sql`case when ${isPaid} then 'PAID' when ${payouts.stage} = 'CLAWED_BACK' then 'CLAWED_BACK' else 'DUE' end`,
        },
      ],
    },
  },
});

export const openCallList = defineList({
  type: 'OpenCall',
  table: openCalls,
  id: openCalls.id,
  published: { rules: counted.OpenCall ?? [], tables: shared },
  columns: {
    policy: [openCalls.policyId],
    publisher: [openCalls.publisherId],
    claimant: [openCalls.claimantId],
    project: [openCalls.projectId],
    region: [openCalls.regionCode],
  },
  filter: {
    id: openCalls.id,
    titleZh: openCalls.titleZh,
    stage: openCalls.stage,
    reward: openCalls.reward,
    publishedOn: openCalls.publishedOn,
    claimsUntil: openCalls.claimsUntil,
    deadline: openCalls.deadline,
    dueOn: openCalls.dueOn,
    policyId: openCalls.policyId,
    publisherId: openCalls.publisherId,
    claimantId: openCalls.claimantId,
    projectId: openCalls.projectId,
    region: regionCondition(openCalls.regionCode, shared),
    synthetic: openCalls.synthetic,
    updatedAt: openCalls.updatedAt,
  },
  orderBy: {
    ID: openCalls.id,
    REWARD: openCalls.reward,
    PUBLISHED_ON: openCalls.publishedOn,
    CLAIMS_UNTIL: openCalls.claimsUntil,
    DEADLINE: openCalls.deadline,
  },
});

export const openCallClaimList = defineList({
  type: 'OpenCallClaim',
  table: openCallClaims,
  id: openCallClaims.id,
  columns: {
    openCall: [openCallClaims.openCallId],
    publisher: [openCallClaims.publisherId],
    enterprise: [openCallClaims.enterpriseId],
    submittedBy: [openCallClaims.submittedById],
    region: [openCallClaims.regionCode],
  },
  filter: {
    id: openCallClaims.id,
    openCallId: openCallClaims.openCallId,
    enterpriseId: openCallClaims.enterpriseId,
    publisherId: openCallClaims.publisherId,
    submittedById: openCallClaims.submittedById,
    stage: openCallClaims.stage,
    submittedOn: openCallClaims.submittedOn,
    region: regionCondition(openCallClaims.regionCode, shared),
    synthetic: openCallClaims.synthetic,
    updatedAt: openCallClaims.updatedAt,
  },
  orderBy: { ID: openCallClaims.id, SUBMITTED_ON: openCallClaims.submittedOn },
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
 * Returns an enterprise's places on published lists that the caller may see, the latest first. An entry that
 * does not stand is no place.
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
            eq(starLists.stage, 'PUBLISHED'),
            isStanding,
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
      const paid = sql<string>`coalesce(sum(${payouts.amount}) filter (where ${isPaid}), 0)`;
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
  measures: measureList,
  agencies: agencyList,
  serviceRequests: serviceRequestList,
  starLists: starListList,
  payouts: payoutList,
  paymentRules: paymentRuleList,
  matchingRuns: matchingRunList,
  listings: listingList,
  openCalls: openCallList,
  openCallClaims: openCallClaimList,
};
