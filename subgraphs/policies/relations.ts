import { asCondition, type Relation } from '@wenshu/kit/page-by.ts';
import { rolesOf } from '@wenshu/kit/parts.ts';
import { isSyntheticId } from '@wenshu/schema/synthetic.ts';
import { and, eq, type SQL, sql } from 'drizzle-orm';
import type { PgColumn } from 'drizzle-orm/pg-core';
import {
  agencies,
  openCallClaims,
  openCalls,
  payouts,
  policies,
  policyBases,
  policyIssuers,
  policySubjects,
  serviceRequestCoHandlers,
  serviceRequests,
  starLists,
} from './tables.ts';

const pointedToBy = (name: string, column: PgColumn, condition: string): Relation => ({
  name,
  asFilter: asCondition(condition),
  belongsTo: (key) => sql`${column} = ${key}`,
});

export const requestsOfEnterprise = pointedToBy(
  'requests of enterprise',
  serviceRequests.enterpriseId,
  'enterpriseId',
);
export const requestsUnder = pointedToBy('requests under policy', serviceRequests.policyId, 'policyId');
export const requestsOfProject = pointedToBy('requests of project', serviceRequests.projectId, 'projectId');
export const starListsUnder = pointedToBy('star lists under policy', starLists.policyId, 'policyId');
export const payoutsUnder = pointedToBy('payouts under policy', payouts.policyId, 'policyId');
export const payoutsTo = pointedToBy('payouts to enterprise', payouts.enterpriseId, 'enterpriseId');
export const payoutsBy = pointedToBy('payouts by agency', payouts.payingAgencyId, 'payingAgencyId');
export const callsUnder = pointedToBy('calls under policy', openCalls.policyId, 'policyId');
export const callsOfPublisher = pointedToBy('calls of publisher', openCalls.publisherId, 'publisherId');
export const callsClaimedBy = pointedToBy('calls claimed by', openCalls.claimantId, 'claimantId');
export const claimsOnCall = pointedToBy('claims on call', openCallClaims.openCallId, 'openCallId');
export const claimsOfEnterprise = pointedToBy(
  'claims of enterprise',
  openCallClaims.enterpriseId,
  'enterpriseId',
);
export const claimsReceivedBy = pointedToBy('claims received by', openCallClaims.publisherId, 'publisherId');
export const claimsSubmittedBy = pointedToBy(
  'claims submitted by',
  openCallClaims.submittedById,
  'submittedById',
);
export const callsOfProject = pointedToBy('calls of project', openCalls.projectId, 'projectId');

/** Relation to the requests that an agency is in charge of, handles together with another, or either. */
export const assignedTo = (role: string | null | undefined): Relation => {
  const inCharge = (key: SQL) =>
    sql`select ${serviceRequests.id} from ${serviceRequests} where ${serviceRequests.responsibleId} = ${key}`;
  const beside = (key: SQL) =>
    sql`select ${serviceRequestCoHandlers.requestId} from ${serviceRequestCoHandlers} where ${serviceRequestCoHandlers.agencyId} = ${key}`;
  return {
    name: `requests assigned ${role ?? ''}`,
    belongsTo: (key) => {
      if (role === 'RESPONSIBLE') return sql`${serviceRequests.responsibleId} = ${key}`;
      if (role === 'CO_HANDLER') return sql`${serviceRequests.id} in (${beside(key)})`;
      return sql`${serviceRequests.id} in (${inCharge(key)} union ${beside(key)})`;
    },
    edge: (key, requestId) => {
      const responsible = sql`select 'RESPONSIBLE' where exists (${inCharge(key)} and ${serviceRequests.id} = ${requestId})`;
      const other = sql`select 'CO_HANDLER' where exists (${beside(key)} and ${serviceRequestCoHandlers.requestId} = ${requestId})`;
      const asked = role ? sql`role <> ${role}, ` : sql``;
      const roles = sql`array_agg(role order by ${asked}role desc)`;
      return sql`select jsonb_build_object('role', (${roles})[1], 'roles', ${roles}) from (${responsible} union all ${other}) as assigned(role)`;
    },
  };
};

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

/** Relation to the policies that name a subject of this type. */
export const namingPolicies = (type: string, role: string | null | undefined): Relation => ({
  name: `policies naming ${type} ${role ?? ''}`,
  belongsTo: (targetId) =>
    sql`${policies.id} in (select ${policySubjects.policyId} from ${policySubjects} where ${and(
      sql`${policySubjects.targetId} = ${targetId}`,
      eq(policySubjects.targetType, type),
      role ? eq(policySubjects.role, role) : undefined,
    )})`,
  edge: (targetId, policyId) =>
    rolesOf(
      policySubjects.role,
      policySubjects.seq,
      role,
      sql`${policySubjects.targetId} = ${targetId}`,
      eq(policySubjects.targetType, type),
      sql`${policySubjects.policyId} = ${policyId}`,
    ),
});

export const subordinateTo: Relation = {
  name: 'subordinates of agency',
  belongsTo: (agencyId) => sql`${agencies.parentId} = ${agencyId}`,
};

/** Returns the batch key of a park and the agency that operates it, if an agency does. */
export const parkKey = (parkId: string, operatorId: string | null): string =>
  JSON.stringify([parkId, operatorId]);

/** Relation to the agencies that serve the park of a `parkKey`: those within it, and the service windows of its operator. */
export const servingPark: Relation = {
  name: 'agencies serving park',
  isSynthetic: (key) => isSyntheticId(JSON.parse(key)[0]),
  belongsTo: (key) =>
    sql`(${agencies.parkId} = ${key}::jsonb ->> 0
      or (${agencies.kind} = 'SERVICE_WINDOW' and ${agencies.parentId} = ${key}::jsonb ->> 1))`,
};

/** Returns the relation without drafts: a public count must not disclose them. */
export const beyondDraft = (relation: Relation): Relation => ({
  ...relation,
  name: `${relation.name} beyond draft`,
  condition: sql`${policies.status} not in ('DRAFTING', 'DRAFT_FOR_COMMENT')`,
});
