import { columnCondition, groupable, nameOrAlias, regionCondition, someOf } from '@wenshu/kit/filter.ts';
import { type Condition, defineList, type Grouping } from '@wenshu/kit/list.ts';
import { havingParts, idOf } from '@wenshu/kit/parts.ts';
import { pinyinOrder } from '@wenshu/kit/tables.ts';
import { syntheticPrefix } from '@wenshu/schema/synthetic.ts';
import { and, sql } from 'drizzle-orm';
import type { PgColumn } from 'drizzle-orm/pg-core';
import { counted } from './completeness.ts';
import { criteria } from './criteria.ts';
import {
  measureResponsible,
  measures,
  policies,
  policyBases,
  policyEligibility,
  policyIssuers,
  policySubjects,
  shared,
} from './tables.ts';

function hasRows(table: typeof measures | typeof policyEligibility) {
  const rows = sql`exists (select 1 from ${table} where ${table.policyId} = ${policies.id})`;
  return groupable((isAsked: boolean) => (isAsked ? rows : sql`not ${rows}`), {
    values: rows,
  });
}

const issuerCondition = someOf(policies.id, policyIssuers.policyId, policyIssuers.targetId, {
  type: policyIssuers.targetType,
});

export const policyList = defineList({
  type: 'Policy',
  table: policies,
  id: policies.id,
  published: { rules: counted.Policy ?? [], tables: shared },
  columns: {
    region: [policies.regionCode],
  },
  filter: {
    id: policies.id,
    nameZh: nameOrAlias(policies),
    nameEn: policies.nameEn,
    kind: policies.kind,
    domain: policies.domain,
    status: policies.status,
    docNo: policies.docNo,
    issuedOn: policies.issuedOn,
    issuedYear: policies.issuedYear,
    region: regionCondition(policies.regionCode, shared),
    issuerId: issuerCondition,
    basedOnId: someOf(policies.id, policyBases.policyId, policyBases.basisId),
    subjectId: someOf(policies.id, policySubjects.policyId, policySubjects.targetId, {
      type: policySubjects.targetType,
    }),
    subjects: havingParts(policies.id, policySubjects.policyId, {
      role: policySubjects.role,
      enterpriseId: idOf(policySubjects.targetId, policySubjects.targetType, 'Enterprise'),
      parkId: idOf(policySubjects.targetId, policySubjects.targetType, 'Park'),
      agencyId: idOf(policySubjects.targetId, policySubjects.targetType, 'Agency'),
    }),
    hasMeasures: hasRows(measures),
    hasEligibility: hasRows(policyEligibility),
    synthetic: policies.synthetic,
    updatedAt: policies.updatedAt,
  },
  values: { criteria: sql`${criteria}::text` },
  orderBy: {
    ID: policies.id,
    NAME: pinyinOrder(policies.nameZh),
    ISSUED_ON: policies.issuedOn,
    UPDATED_AT: policies.updatedAt,
  },
});

const startsAsSynthetic = sql`starts_with(${measures.id}, ${syntheticPrefix})`;

/** A measure is synthetic with its policy, whose id its own begins with. */
const isSyntheticMeasure = groupable(
  (input: { eq?: boolean | null; isNull?: boolean | null }) =>
    and(
      input.eq == null ? undefined : sql`${startsAsSynthetic} = ${input.eq}`,
      input.isNull ? sql`false` : undefined,
    ) ?? sql`true`,
  { values: startsAsSynthetic },
);

/** Condition on a measure's policy, by whose values measures are grouped. */
const ofPolicy = (condition: Condition, grouping: Grouping): Condition =>
  groupable(
    (input: never, path) =>
      sql`${measures.policyId} in (select ${policies.id} from ${policies} where ${condition(input, path)})`,
    grouping,
  );

const columnOfPolicy = (column: PgColumn) => () =>
  sql`select ${column} from ${policies} where ${policies.id} = ${measures.policyId}`;

const statusOfPolicy = ofPolicy((input, path) => columnCondition(policies.status, input, path), {
  values: columnOfPolicy(policies.status),
});

const issuerOfPolicy = ofPolicy(issuerCondition, {
  values: () =>
    sql`select ${policyIssuers.targetId} from ${policyIssuers} where ${policyIssuers.policyId} = ${measures.policyId}`,
});

const regionOfPolicy = ofPolicy(regionCondition(policies.regionCode, shared), {
  values: columnOfPolicy(policies.regionCode),
  regions: shared,
});

export const measureList = defineList({
  type: 'Measure',
  table: measures,
  id: measures.id,
  columns: { policy: [measures.policyId], synthetic: [measures.id] },
  holds: { policy: { by: measures.policyId, list: () => policyList } },
  filter: {
    id: measures.id,
    titleZh: measures.titleZh,
    kind: measures.kind,
    textZh: measures.textZh,
    isParaphrase: measures.isParaphrase,
    targetGroupZh: measures.targetGroupZh,
    policyId: measures.policyId,
    policyStatus: statusOfPolicy,
    policyIssuerId: issuerOfPolicy,
    region: regionOfPolicy,
    responsibleId: someOf(measures.id, measureResponsible.measureId, measureResponsible.targetId, {
      type: measureResponsible.targetType,
    }),
    synthetic: isSyntheticMeasure,
  },
  orderBy: { ID: measures.id },
});
