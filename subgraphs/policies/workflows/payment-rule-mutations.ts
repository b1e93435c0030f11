import type { Context } from '@wenshu/kit/context.ts';
import { today } from '@wenshu/kit/today.ts';
import { type Carried, carryOut, carryOutFirst } from '@wenshu/kit/workflow/carry-out.ts';
import { Problems } from '@wenshu/kit/workflow/free-text.ts';
import { newId } from '@wenshu/kit/workflow/new-id.ts';
import { agencyOf } from '@wenshu/kit/workflow/situations.ts';
import { conflict, HubError } from '@wenshu/schema/errors.ts';
import { isSyntheticId } from '@wenshu/schema/synthetic.ts';
import { and, eq, inArray, ne, sql } from 'drizzle-orm';
import type { AdvancePaymentRuleInput, ProposePaymentRuleInput } from '../schema-types.ts';
import {
  agencies,
  measureResponsible,
  measures,
  paymentRuleReviewers,
  paymentRules,
  policies,
  policyIssuers,
} from '../tables.ts';
import { paymentRuleWorkflow } from './payment-rules.ts';

/** Proposes how a measure is paid. The caller's agency will pay it. */
export async function proposePaymentRule(context: Context, input: ProposePaymentRuleInput): Promise<Carried> {
  const { measureId, reviewerIds, auditorId = null } = input;
  const agency = agencyOf(context.caller) ?? '';
  const problems = new Problems(context);
  const measure = await measureWith(context, measureId, agency);
  if (!measure) problems.addUnknown('measureId', measureId);
  checkAmounts(input, problems);
  await checkAgencies(context, [...reviewerIds, ...(auditorId ? [auditorId] : [])], problems);
  problems.throwIfAny();
  const regionCode = measure?.regionCode ?? null;
  // The money of a measure is for the agencies that the policy names.
  const intended = { regionCode, relations: measure?.isOwn ? ['paying'] : [] };
  const request = { action: 'PROPOSE' as const, key: input.key, input };
  return carryOutFirst(context, paymentRuleWorkflow, request, intended, async (db, first) => {
    const synthetic = isSyntheticId(measureId);
    const id = newId('rule', synthetic);
    const { key: _key, reviewerIds: _reviewers, tierAmounts, ...given } = input;
    await db.insert(paymentRules).values({
      ...given,
      ...first,
      id,
      tierAmounts: tierAmounts ?? [],
      auditorId,
      payingAgencyId: agency,
      regionCode,
      synthetic,
    });
    const reviewers = [...new Set(reviewerIds)].map((agencyId, seq) => ({ ruleId: id, seq, agencyId }));
    if (reviewers.length > 0) await db.insert(paymentRuleReviewers).values(reviewers);
    return { id };
  });
}

/** Returns the region of a measure, and whether an agency is responsible for it or issued its policy. */
async function measureWith({ db }: Context, measureId: string, agency: string) {
  const named = sql`exists (
    select 1 from ${measureResponsible} where ${and(eq(measureResponsible.measureId, measures.id), eq(measureResponsible.targetId, agency))}
    union all
    select 1 from ${policyIssuers} where ${and(eq(policyIssuers.policyId, measures.policyId), eq(policyIssuers.targetId, agency))})`;
  const [found] = await db
    .select({ regionCode: policies.regionCode, isOwn: sql<boolean>`${named}` })
    .from(measures)
    .innerJoin(policies, eq(policies.id, measures.policyId))
    .where(eq(measures.id, measureId));
  return found;
}

function checkAmounts(input: ProposePaymentRuleInput, problems: Problems): void {
  const { amount, budget, tierAmounts, opensOn, closesOn } = input;
  const positive = (path: string, value: string) => {
    if (!(Number(value) > 0))
      problems.add(path, 'UNKNOWN', '金额须大于零。', 'The amount must be above zero.');
  };
  positive('amount', amount);
  positive('budget', budget);
  for (const [at, each] of (tierAmounts ?? []).entries()) positive(`tierAmounts.${at}.amount`, each.amount);
  if (closesOn < opensOn || closesOn < today()) {
    problems.add(
      'closesOn',
      'DATE',
      '截止日期不得早于开始日期或今天。',
      'The last day must not be before the first one or before today.',
    );
  }
}

async function checkAgencies({ db }: Context, ids: readonly string[], problems: Problems): Promise<void> {
  if (ids.length === 0) return;
  const known = await db
    .select({ id: agencies.id })
    .from(agencies)
    .where(inArray(agencies.id, [...ids]));
  for (const id of ids) {
    if (!known.some((each) => each.id === id)) problems.addUnknown('reviewerIds', id);
  }
}

/** Approves, refuses or ends a rule. */
export function advancePaymentRule(context: Context, input: AdvancePaymentRuleInput): Promise<Carried> {
  const { action } = input;
  if (action === 'PROPOSE') {
    throw new HubError('BAD_USER_INPUT', 'PROPOSE has a mutation of its own. Use that one.', {
      messageZh: 'PROPOSE 有专门的变更,请用该变更。',
      argument: 'input.action',
    });
  }
  return carryOut(context, paymentRuleWorkflow, { ...input, input }, async (row, _transition, db) => {
    const problems = new Problems(context);
    const noteZh =
      action === 'APPROVE'
        ? problems.optionalText('noteZh', input.noteZh)
        : problems.text('noteZh', input.noteZh);
    problems.throwIfAny();
    if (action !== 'APPROVE') return { noteZh };
    const isOther = and(
      eq(paymentRules.measureId, row.measureId),
      eq(paymentRules.stage, 'IN_FORCE'),
      ne(paymentRules.id, row.id),
    );
    const [other] = await db.select({ id: paymentRules.id }).from(paymentRules).where(isOther);
    if (other) throw inForceAlready(other.id);
    return { noteZh };
  });
}

const inForceAlready = (rule: string) =>
  conflict(`The measure has the rule "${rule}" in force. End that one first.`, {
    messageZh: `该措施已有有效的规则“${rule}”,请先终止。`,
    rule,
  });
