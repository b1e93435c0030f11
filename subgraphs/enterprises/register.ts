import { matchCondition, type Register } from '@wenshu/kit/candidates.ts';
import type { Condition } from '@wenshu/kit/list.ts';
import { and, eq, type SQL, sql } from 'drizzle-orm';
import { enterpriseHonours, enterprises, enterpriseTiers, shared } from './tables.ts';

/** Whether an enterprise holds a tier that meets a condition. */
const holdsTier = (condition: SQL | undefined): SQL =>
  sql`exists (select 1 from ${enterpriseTiers} where ${and(eq(enterpriseTiers.enterpriseId, enterprises.id), condition)})`;

/** A tier that has expired is held no more. */
const isInForce = sql`(${enterpriseTiers.expiresOn} is null or ${enterpriseTiers.expiresOn} >= (now() at time zone 'Asia/Shanghai')::date)`;

/** What the register of enterprises knows, to test enterprises on policies. */
export const enterpriseRegister: Register = {
  type: 'enterprise',
  id: enterprises.id,
  regionCode: enterprises.regionCode,
  regionBasis: enterprises.regionBasis,
  facts: {
    kind: { hasOneOf: (accepted) => sql`${accepted} ? ${enterprises.kind}`, isComplete: sql`true` },
    cultureDomainCode: {
      hasOneOf: (accepted) => sql`${accepted} ? ${enterprises.cultureDomainCode}`,
      isComplete: sql`${enterprises.cultureDomainCode} is not null`,
    },
    aboveScale: {
      hasOneOf: (accepted) => sql`${accepted} ? ${enterprises.isAboveScale}::text`,
      isComplete: sql`${enterprises.isAboveScale} is not null`,
    },
    tier: {
      hasOneOf: (accepted) => holdsTier(and(sql`${accepted} ? ${enterpriseTiers.tier}`, isInForce)),
      isComplete: sql`${enterprises.tiersCheckedOn} is not null`,
    },
    honour: {
      hasOneOf: (accepted) =>
        sql`exists (select 1 from ${enterpriseHonours} where ${enterpriseHonours.ownerId} = ${enterprises.id} and ${accepted} ? ${enterpriseHonours.titleZh})`,
      isComplete: sql`false`,
    },
  },
  shared,
};

/** Condition on the verdict on an enterprise under one policy. */
export const policyMatchCondition: Condition = matchCondition(enterpriseRegister, enterprises.synthetic);
