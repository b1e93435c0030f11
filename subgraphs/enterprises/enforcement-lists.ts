import { regionCondition, someOf } from '@wenshu/kit/filter.ts';
import { defineList } from '@wenshu/kit/list.ts';
import { asCondition, type Relation } from '@wenshu/kit/page-by.ts';
import { sql } from 'drizzle-orm';
import { findings, guidePriceIssuers, guidePrices, inspectionAgencies, shared } from './tables.ts';

/** Columns of what was decided on a finding. */
const penalty = [
  findings.stage,
  findings.penaltyKinds,
  findings.penaltyAmount,
  findings.penaltyDecidedOn,
  findings.penaltyDocumentNo,
  findings.penaltyPublishedOn,
  findings.penaltyPublishedUntil,
  findings.penaltyRestoredOn,
  findings.penaltyWithdrawnOn,
];
const exemption = [
  findings.exemptionKind,
  findings.exemptionBasisZh,
  findings.exemptionDecidedOn,
  findings.exemptionToleranceUntil,
];

export const findingList = defineList({
  type: 'Finding',
  table: findings,
  id: findings.id,
  columns: {
    inspection: [findings.inspectionId],
    enterprise: [findings.enterpriseId],
    region: [findings.regionCode],
    agencies: [findings.inspectionId],
    caseAgency: [findings.caseAgencyId],
    warning: [findings.warningKind],
    penalty,
    exemption,
    history: [],
    allowedActions: [],
  },
  filter: {
    id: findings.id,
    inspectionId: findings.inspectionId,
    enterpriseId: findings.enterpriseId,
    region: regionCondition(findings.regionCode, shared),
    agencyId: someOf(findings.inspectionId, inspectionAgencies.inspectionId, inspectionAgencies.agencyId),
    caseAgencyId: findings.caseAgencyId,
    stage: findings.stage,
    dueOn: findings.dueOn,
    foundOn: findings.foundOn,
    notifiedOn: findings.notifiedOn,
    synthetic: findings.synthetic,
    updatedAt: findings.updatedAt,
  },
  orderBy: {
    ID: findings.id,
    FOUND_ON: findings.foundOn,
    DUE_ON: findings.dueOn,
    UPDATED_AT: findings.updatedAt,
  },
});

/** Relation to the findings of an enterprise. */
export const findingsOfEnterprise: Relation = {
  name: 'findings of enterprise',
  asFilter: asCondition('enterpriseId'),
  belongsTo: (enterpriseId) => sql`${findings.enterpriseId} = ${enterpriseId}`,
};

export const guidePriceList = defineList({
  type: 'GuidePrice',
  table: guidePrices,
  id: guidePrices.id,
  columns: {
    region: [guidePrices.regionCode],
    issuers: [],
    isBelow: [guidePrices.floor, guidePrices.validFrom, guidePrices.validUntil, guidePrices.stage],
    history: [],
    allowedActions: [],
  },
  filter: {
    id: guidePrices.id,
    lineZh: guidePrices.lineZh,
    floor: guidePrices.floor,
    region: regionCondition(guidePrices.regionCode, shared),
    issuerId: someOf(guidePrices.id, guidePriceIssuers.guidePriceId, guidePriceIssuers.agencyId),
    validFrom: guidePrices.validFrom,
    validUntil: guidePrices.validUntil,
    stage: guidePrices.stage,
    synthetic: guidePrices.synthetic,
    updatedAt: guidePrices.updatedAt,
  },
  orderBy: {
    ID: guidePrices.id,
    FLOOR: guidePrices.floor,
    VALID_FROM: guidePrices.validFrom,
    UPDATED_AT: guidePrices.updatedAt,
  },
});
