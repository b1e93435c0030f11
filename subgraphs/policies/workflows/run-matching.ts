import type { Context } from '@wenshu/kit/context.ts';
import type { ConditionalPolicy } from '@wenshu/kit/criteria.ts';
import type { Database } from '@wenshu/kit/database.ts';
import { today } from '@wenshu/kit/today.ts';
import {
  type Carried,
  type ChangeRequest,
  carryOut,
  carryOutFirst,
  recordMade,
} from '@wenshu/kit/workflow/carry-out.ts';
import { withDays } from '@wenshu/kit/workflow/deadlines.ts';
import { evidenceOf } from '@wenshu/kit/workflow/evidence.ts';
import { Problems } from '@wenshu/kit/workflow/free-text.ts';
import { newId } from '@wenshu/kit/workflow/new-id.ts';
import { agencyOf } from '@wenshu/kit/workflow/situations.ts';
import { termDays } from '@wenshu/kit/workflow/terms.ts';
import type { Evidence, Fact } from '@wenshu/schema/evidence.ts';
import { isSyntheticId } from '@wenshu/schema/synthetic.ts';
import { addWorkingDays } from '@wenshu/schema/working-days.ts';
import { and, eq, inArray } from 'drizzle-orm';
import { criteriaOf, lineageOf } from '../conditions.ts';
import { regionsIn } from '../eligibility.ts';
import type { RunMatchingInput } from '../schema-types.ts';
import {
  barredEnterprises,
  type MatchingRunRow,
  matchingRuns,
  measures,
  type PaymentRuleRow,
  paymentRules,
  payouts,
} from '../tables.ts';
import { gapsTogether } from './fact-gaps.ts';
import { amountFor, type EnterpriseOfPage, type Met, testPage } from './matching-page.ts';
import type { RunAction } from './matching-run-table.ts';
import { matchingRunWorkflow } from './payment-rules.ts';
import { payoutTable } from './payout-table.ts';
import { payoutWorkflow } from './payouts.ts';

type EvidencePage = {
  readonly nodes: readonly EnterpriseOfPage[];
  readonly pageInfo: { readonly hasNextPage: boolean; readonly endCursor: string | null };
};

type EvidenceData = {
  readonly measure?: {
    readonly policy?: { readonly region?: { readonly enterprises?: EvidencePage | null } | null } | null;
  } | null;
};

/** What a run rests on. */
type Basis = {
  readonly rule: PaymentRuleRow;
  readonly policyId: string;
  readonly policy: ConditionalPolicy;
  readonly evidence: Evidence;
  readonly page: EvidencePage;
};

/**
 * Tests a measure on the next page of enterprises, which the gateway brings (`@writable(evidence:)`). Unless it is a dry
 * run, each enterprise that meets all conditions gets a payout.
 */
export function runMatching(context: Context, input: RunMatchingInput): Promise<Carried> {
  const isLast = pageIn(context.evidence)?.pageInfo.hasNextPage !== true;
  const request = { key: input.key, input };
  return input.runId
    ? continueRun(context, input, { ...request, id: input.runId, action: isLast ? 'FINISH' : 'CONTINUE' })
    : startRun(context, input, { ...request, action: isLast ? 'RUN' : 'START' });
}

async function startRun(
  context: Context,
  input: RunMatchingInput,
  request: Omit<ChangeRequest<RunAction>, 'id' | 'version'>,
): Promise<Carried> {
  const payment = await paymentOf(context, input.measureId);
  const payer = payment?.rule?.payingAgencyId;
  // Without a rule nobody pays the measure, which whoever asks is told.
  const isOwn = payer === undefined || agencyOf(context.caller) === payer;
  const intended = { regionCode: payment?.rule?.regionCode ?? null, relations: isOwn ? ['paying'] : [] };
  return carryOutFirst(context, matchingRunWorkflow, request, intended, async (db, first) => {
    const basis = await basisOf(context, input, payment);
    const { rule } = basis;
    const id = newId('run', rule.synthetic);
    const { counts, gaps, met } = await tested(context, basis);
    const run = {
      ...first,
      id,
      ruleId: rule.id,
      measureId: rule.measureId,
      regionCode: rule.regionCode,
      payingAgencyId: rule.payingAgencyId,
      ranOn: today(),
      period: periodOf(rule),
      dryRun: input.dryRun,
      nextAfter: nextAfter(basis),
      ...counts,
      gaps,
      synthetic: rule.synthetic,
    };
    await db.insert(matchingRuns).values(run);
    const made = await makePayouts(context, db, basis, run, met);
    const alreadyMatched = input.dryRun ? 0 : met.length - made;
    await db.update(matchingRuns).set({ alreadyMatched }).where(eq(matchingRuns.id, id));
    return { id, details: { page: counts, made }, facts: [] };
  });
}

const nextAfter = ({ page: { pageInfo } }: Basis) => (pageInfo.hasNextPage ? pageInfo.endCursor : null);

function continueRun(
  context: Context,
  input: RunMatchingInput,
  request: Omit<ChangeRequest<RunAction>, 'version'>,
): Promise<Carried> {
  const asked = { ...request, version: input.version ?? 0 };
  return carryOut(context, matchingRunWorkflow, asked, async (run, _transition, db) => {
    mustBeNextPage(run, input);
    const basis = await basisOf(context, input, await paymentOf(context, input.measureId));
    const { counts, gaps, met } = await tested(context, basis);
    const made = await makePayouts(context, db, basis, run, met);
    const add = (name: keyof typeof counts) => run[name] + counts[name];
    return {
      set: {
        nextAfter: nextAfter(basis),
        tested: add('tested'),
        met: add('met'),
        likely: add('likely'),
        unknown: add('unknown'),
        notMet: add('notMet'),
        blacklisted: add('blacklisted'),
        alreadyMatched: run.alreadyMatched + (run.dryRun ? 0 : met.length - made),
        gaps: gapsTogether(run.gaps, gaps),
      },
      details: { page: counts, made },
      // Each payout keeps the facts of its enterprise; those of all are too many for one step.
      facts: [],
    };
  });
}

/** A page that is left out or taken twice would give a wrong run. */
function mustBeNextPage(run: MatchingRunRow, { measureId, after, dryRun }: RunMatchingInput): void {
  const problems = new Problems();
  if (run.nextAfter !== (after ?? null)) {
    problems.add(
      'after',
      'UNKNOWN',
      `应接 ${run.nextAfter}。`,
      `The next page begins after ${run.nextAfter}.`,
    );
  }
  if (run.measureId !== measureId) {
    problems.add('measureId', 'UNKNOWN', '该匹配是另一措施的。', 'The run is of another measure.');
  }
  if (run.dryRun !== dryRun) {
    problems.add('dryRun', 'UNKNOWN', '一次匹配中不得更改。', 'It stays the same within a run.');
  }
  problems.throwIfAny();
}

async function tested(context: Context, { rule, policy, page }: Basis) {
  const regions = [
    ...new Set([...regionsIn([policy]), ...page.nodes.flatMap(({ region }) => region?.code ?? [])]),
  ];
  const [lineages, barred] = await Promise.all([
    Promise.all(regions.map(async (code) => [code, await lineageOf(context, code)] as const)),
    context.db
      .select({ id: barredEnterprises.enterpriseId })
      .from(barredEnterprises)
      .where(
        inArray(
          barredEnterprises.enterpriseId,
          page.nodes.map(({ id }) => id),
        ),
      ),
  ]);
  const isBarred = (enterprise: string) => barred.some(({ id }) => id === enterprise);
  return testPage(rule.measureId, policy, new Map(lineages), page.nodes, isBarred);
}

const matching = payoutTable.transitions.find(({ action }) => action === 'MATCH');

async function daysToConfirm(context: Context, db: Database, regionCode: string | null): Promise<number> {
  if (!matching) throw new Error('The table of payouts has no MATCH.');
  const region = { regionCode, kind: null };
  const { workingDays } = await withDays(db, payoutWorkflow, context.deadlines, matching, region);
  return workingDays ?? 0;
}

/** Makes the payouts of a page, and returns how many are new: a payout of the period that is there already stays. */
async function makePayouts(
  context: Context,
  db: Database,
  { rule, policyId }: Basis,
  run: { readonly id: string; readonly dryRun: boolean; readonly period: string },
  matched: readonly Met[],
): Promise<number> {
  if (run.dryRun || matched.length === 0) return 0;
  const { needsConfirmation, regionCode } = rule;
  const after = (days: number) => addWorkingDays(today(), days, context.calendar);
  const reviewUntil = after(await termDays(db, payoutWorkflow, context, 'review', regionCode));
  const dueOn = needsConfirmation ? after(await daysToConfirm(context, db, regionCode)) : reviewUntil;
  const rows = matched.map(({ enterprise, conditions }) => ({
    id: newId('payout', rule.synthetic),
    policyId,
    measureId: rule.measureId,
    enterpriseId: enterprise.id,
    regionCode: enterprise.region?.code ?? null,
    amount: amountFor(rule, enterprise),
    stage: 'MATCHED',
    dueOn,
    payingAgencyId: rule.payingAgencyId,
    ruleId: rule.id,
    runId: run.id,
    auditorId: rule.auditorId,
    period: run.period,
    matchedOn: today(),
    needsConfirmation,
    isPublicised: rule.isPublicised,
    reviewUntil,
    conditions,
    synthetic: rule.synthetic,
  }));
  const made = await db.insert(payouts).values(rows).onConflictDoNothing().returning({ id: payouts.id });
  const ids = new Set(made.map(({ id }) => id));
  const enterprises = new Map(matched.map(({ enterprise }) => [enterprise.id, enterprise]));
  const first = rows
    .filter(({ id }) => ids.has(id))
    .map(({ id, stage, regionCode, enterpriseId }) => ({
      id,
      stage,
      regionCode,
      dueOn,
      details: { run: run.id },
      facts: factsOf(enterprises.get(enterpriseId)),
    }));
  await recordMade(db, context, payoutWorkflow, 'MATCH', first);
  return made.length;
}

/** Returns the facts of an enterprise on which a payout rests, field by field. */
const factsOf = (enterprise: EnterpriseOfPage | undefined): readonly Fact[] => {
  if (!enterprise) return [];
  const { id, version, ...values } = enterprise;
  return Object.entries(values).map(([name, value]) => ({
    coordinate: `Enterprise.${name}`,
    id,
    version,
    value: value ?? null,
  }));
};

type Payment = { readonly policyId: string; readonly rule: PaymentRuleRow | null };

/** Returns the policy of a measure and the rule by which it is paid; undefined if there is no such measure. */
async function paymentOf({ db }: Context, measureId: string): Promise<Payment | undefined> {
  const isPaid = and(eq(paymentRules.measureId, measures.id), eq(paymentRules.stage, 'IN_FORCE'));
  const [found] = await db
    .select({ rule: paymentRules, policyId: measures.policyId })
    .from(measures)
    .leftJoin(paymentRules, isPaid)
    .where(eq(measures.id, measureId));
  return found;
}

/** Returns what a run rests on. Throws all reasons why the measure cannot be paid now. */
async function basisOf(
  context: Context,
  { measureId, synthetic }: RunMatchingInput,
  payment: Payment | undefined,
): Promise<Basis> {
  const problems = new Problems(context);
  const policy = payment && (await criteriaOf(context, payment.policyId));
  const rule = payment?.rule;
  for (const { zh, en } of obstacles(measureId, rule ?? null, policy ?? null)) {
    problems.add('measureId', 'UNKNOWN', zh, en);
  }
  if (synthetic !== isSyntheticId(measureId)) {
    problems.add('synthetic', 'UNKNOWN', '须与措施一致。', 'It must be true for synthetic measures alone.');
  }
  problems.throwIfAny();
  if (!payment || !rule || !policy) throw new Error('A measure without a rule has a problem.');
  const evidence = evidenceOf(context, factsNeeded);
  const page = pageIn(evidence);
  if (!page) throw new Error('The evidence of a run has no page of enterprises.');
  return { rule, policyId: payment.policyId, policy, evidence, page };
}

/** Says why a measure cannot be paid today. */
function obstacles(measureId: string, rule: PaymentRuleRow | null, policy: ConditionalPolicy | null) {
  const window = rule && `${rule.opensOn} – ${rule.closesOn}`;
  const all = [
    { is: !rule, zh: '该措施没有有效的兑付规则。', en: 'The measure has no payment rule in force.' },
    {
      is: rule !== null && (today() < rule.opensOn || today() > rule.closesOn),
      zh: `今天不在兑付期 ${window} 内。`,
      en: `Today is not in the window ${window} of the rule.`,
    },
    { is: policy?.status !== 'ISSUED', zh: '政策不是现行有效的。', en: 'The policy is not in force.' },
    {
      is: !policy?.regionCode,
      zh: '政策未写明适用地区。',
      en: 'No source says where the policy applies.',
    },
    {
      is: !policy?.conditions.some((each) => isOfMeasure(each, measureId)),
      zh: '没有写明企业条件。',
      en: 'It states no conditions on enterprises.',
    },
  ];
  return all.filter(({ is }) => is);
}

const isOfMeasure = (
  { field, measureId }: { readonly field: string; readonly measureId: string | null },
  measure: string,
) => field.startsWith('enterprise.') && (measureId === null || measureId === measure);

/** Returns the period that is paid for today. */
function periodOf({ frequency }: PaymentRuleRow): string {
  const [year, month] = today().split('-');
  switch (frequency) {
    case 'MONTH':
      return `${year}-${month}`;
    case 'QUARTER':
      return `${year}-Q${Math.ceil(Number(month) / 3)}`;
    case 'YEAR':
      return `${year}`;
    default:
      return 'ONCE';
  }
}

const pageIn = (evidence: Evidence | undefined): EvidencePage | undefined =>
  (evidence?.data as EvidenceData | undefined)?.measure?.policy?.region?.enterprises ?? undefined;

/** What a run needs of other departments. */
const factsNeeded = [
  'Enterprise.kind',
  'Enterprise.region',
  'Enterprise.regionBasis',
  'Enterprise.blacklistEntry',
];
