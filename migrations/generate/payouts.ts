import { courseOf } from '@wenshu/kit/workflow/course.ts';
import {
  type FactGap,
  matchingRunSteps,
  matchingRuns,
  paymentRuleReviewers,
  paymentRuleSteps,
  paymentRules,
  payoutSteps,
  payouts,
} from '@wenshu/policies/tables.ts';
import { matchingRunTable } from '@wenshu/policies/workflows/matching-run-table.ts';
import { paymentRuleTable } from '@wenshu/policies/workflows/payment-rule-table.ts';
import { type PayoutAction, payoutTable } from '@wenshu/policies/workflows/payout-table.ts';
import { agencyOf } from './agencies.ts';
import { type City, ids, type Place, places } from './city.ts';
import { afterWorkingDays, dateOf, dayNumber, today } from './days.ts';
import { measureIdOf, placeOfPolicy, policyIn, policyRow } from './policies.ts';
import { type Random, weighted } from './random.ts';
import { statementColumns } from './record.ts';
import { type GeneratedTable, generated } from './table.ts';

export function payoutTables(city: City): GeneratedTable[] {
  const { policies, payouts: count } = city.counts;
  const committed = committedByPolicy(city);
  return [
    generated(paymentRules, policies, (i) => [ruleRow(city, i, committed(i))]),
    generated(paymentRuleReviewers, policies, (i) => [
      { ruleId: ruleIdOf(i), seq: 0, agencyId: agencyOf(placeOfPolicy(i).code, 'MARKET_REGULATION') },
    ]),
    generated(paymentRuleSteps, policies, (i) => stepsOf(ruleIdOf(i), ruleCourse(city, i).steps)),
    generated(matchingRuns, policies, (i) => [runRow(city, i)]),
    generated(matchingRunSteps, policies, (i) => stepsOf(runIdOf(i), runCourse(city, i).steps)),
    generated(payouts, count, (i) => [payoutAt(city, i).row]),
    generated(payoutSteps, count, (i) => payoutAt(city, i).steps),
  ];
}

const stepsOf = <Step>(objectId: string, steps: readonly Step[]) =>
  steps.map((step) => ({ objectId, ...step }));

/** Due days of a synthetic city count Monday to Friday. */
const inWorkingDays = (day: string, workingDays: number): string =>
  dateOf(afterWorkingDays(dayNumber(day), workingDays));

const ruleIdOf = (policy: number): string => `${ids.policy(policy)}-rule`;
const runIdOf = (policy: number): string => `${ids.policy(policy)}-run`;

/** The day on which the rules of a city come into force: the first of its last year. */
const opensOn = '2025-01-01';

/** Returns how the first measure of a policy is paid. */
function ruleAt(city: City, policy: number) {
  const random = city.random('payment rule', policy);
  return {
    amount: random.between(2, 50) * 10_000,
    needsConfirmation: random.chance(0.7),
    isPublicised: random.chance(0.4),
    isInForce: policyRow(city, policy).status === 'ISSUED',
  };
}

function ruleCourse(city: City, policy: number) {
  const agencyId = agencyOf(placeOfPolicy(policy).code, 'CULTURE_TOURISM');
  const acts = [
    { action: 'PROPOSE', on: '2024-12-16', agencyId } as const,
    { action: 'APPROVE', on: '2024-12-20', agencyId } as const,
  ];
  const ended = { action: 'END', on: '2025-12-15', agencyId, noteZh: '政策不是现行有效的。' } as const;
  const { isInForce } = ruleAt(city, policy);
  return courseOf(paymentRuleTable, isInForce ? acts : [...acts, ended], inWorkingDays);
}

function ruleRow(city: City, policy: number, committed: number): typeof paymentRules.$inferSelect {
  const { amount, needsConfirmation, isPublicised } = ruleAt(city, policy);
  const { stage, dueOn, version } = ruleCourse(city, policy);
  const place = placeOfPolicy(policy);
  return {
    ...statementColumns(ruleIdOf(policy), city.random('payment rule record', policy)),
    version,
    measureId: measureIdOf(policy, 0),
    regionCode: place.code,
    stage,
    dueOn,
    payingAgencyId: agencyOf(place.code, 'CULTURE_TOURISM'),
    auditorId: null,
    opensOn,
    closesOn: '2029-12-31',
    frequency: 'YEAR',
    needsConfirmation,
    isPublicised,
    amount: String(amount),
    tierAmounts: [{ tier: 'LITTLE_GIANT', amount: String(2 * amount) }],
    budget: String(Math.ceil((1.2 * committed + 5 * amount) / 1_000_000) * 1_000_000),
    committed: String(committed),
  };
}

/** Returns the sum of what was approved under the rule of each policy. All payouts are made once for it. */
function committedByPolicy(city: City): (policy: number) => number {
  let sums: Map<number, number> | undefined;
  const add = () => {
    const found = new Map<number, number>();
    for (let i = 0; i < city.counts.payouts; i++) {
      const { policy, row, isApproved } = payoutAt(city, i);
      if (isApproved) found.set(policy, (found.get(policy) ?? 0) + Number(row.amount));
    }
    return found;
  };
  return (policy) => {
    sums ??= add();
    return sums.get(policy) ?? 0;
  };
}

const tierGap: Omit<FactGap, 'unknown' | 'likely'> = {
  field: 'enterprise.tier',
  nameZh: '梯度培育称号',
  nameEn: 'growth tiers',
  heldIn: 'Enterprise.tiers',
  owner: 'PROPAGANDA',
};

const ranOnOf = (city: City, policy: number) => dateOf(today - city.random('run', policy).below(300));

const runCourse = (city: City, policy: number) =>
  courseOf(
    matchingRunTable,
    [
      {
        action: 'RUN',
        on: ranOnOf(city, policy),
        agencyId: agencyOf(placeOfPolicy(policy).code, 'CULTURE_TOURISM'),
      },
    ],
    inWorkingDays,
  );

/** Returns a dry run of a measure. Most enterprises lack the tier, which nobody checked. */
function runRow(city: City, policy: number): typeof matchingRuns.$inferSelect {
  const random = city.random('run record', policy);
  const { stage, dueOn, version } = runCourse(city, policy);
  const place = placeOfPolicy(policy);
  const tested = random.between(20, 200);
  const met = random.between(0, 9);
  const unknown = random.between(0, tested - met);
  return {
    ...statementColumns(runIdOf(policy), random),
    version,
    ruleId: ruleIdOf(policy),
    measureId: measureIdOf(policy, 0),
    regionCode: place.code,
    payingAgencyId: agencyOf(place.code, 'CULTURE_TOURISM'),
    stage,
    dueOn,
    ranOn: ranOnOf(city, policy),
    period: '2025',
    dryRun: true,
    nextAfter: null,
    tested,
    met,
    likely: 0,
    unknown,
    notMet: tested - met - unknown,
    blacklisted: 0,
    alreadyMatched: 0,
    gaps: unknown > 0 ? [{ ...tierGap, unknown, likely: 0 }] : [],
  };
}

/** How a payout goes, with the working days that each action takes. */
type Taken = { readonly action: PayoutAction; readonly workingDays: number };

const endOf = weighted<PayoutAction>(
  ['MATCH', 8],
  ['CONFIRM', 6],
  ['PUBLICISE', 6],
  ['APPROVE', 8],
  ['PAY', 22],
  ['AUDIT', 44],
  ['CLAW_BACK', 1],
  ['DECLINE', 2],
  ['VETO', 3],
);

/** The last actions of the first payouts, so that the smallest city has an open task in each stage. */
const firstEnds: readonly PayoutAction[] = ['MATCH', 'CONFIRM', 'PUBLICISE', 'APPROVE', 'PAY'];

/** The actions after which nothing is left to do. */
const closing: ReadonlySet<PayoutAction> = new Set(['AUDIT', 'CLAW_BACK', 'DECLINE', 'VETO']);

/** Returns the actions up to the last one. One that the rule does not ask for is left out. */
function takenUpTo(
  end: PayoutAction,
  { needsConfirmation, isPublicised }: ReturnType<typeof ruleAt>,
  random: Random,
): readonly Taken[] {
  const all: readonly (Taken | false)[] = [
    { action: 'MATCH', workingDays: 0 },
    needsConfirmation && { action: 'CONFIRM', workingDays: random.between(1, 12) },
    isPublicised && { action: 'PUBLICISE', workingDays: random.between(1, 4) },
    { action: 'APPROVE', workingDays: random.between(6, 9) },
    { action: 'PAY', workingDays: random.between(1, 10) },
    { action: 'AUDIT', workingDays: random.between(5, 20) },
    { action: 'NOTIFY_CLAW_BACK', workingDays: random.between(1, 5) },
    { action: 'CLAW_BACK', workingDays: 12 },
  ];
  const course = all.filter((each) => each !== false);
  const matched = course.slice(0, 1);
  if (end === 'VETO') return [...matched, { action: end, workingDays: random.between(1, 5) }];
  if (end === 'DECLINE') {
    return needsConfirmation ? [...matched, { action: end, workingDays: random.between(1, 9) }] : matched;
  }
  const last = course.findIndex(({ action }) => action === end);
  return last < 0 ? matched : course.slice(0, last + 1);
}

/** Returns the day of the last action. A task that is open waits for a few days, and one in four for too long. */
function endDay(end: PayoutAction, i: number, random: Random): number {
  if (closing.has(end) || end === 'PAY') return today - random.below(150);
  const isLate = i < firstEnds.length ? false : i < 2 * firstEnds.length || random.chance(0.25);
  return today - (isLate ? random.between(25, 60) : random.below(12));
}

/** Returns a payout with its steps. Each enterprise has one at most, so that none is paid twice for a year. */
function payoutAt(city: City, i: number) {
  const random = city.random('payout', i);
  const id = ids.payout(i);
  const { counts } = city;
  const each = Math.floor(counts.enterprises / counts.payouts);
  const enterprise = i * each + random.below(each);
  const place = city.placeIn(city.quarterOf(enterprise));
  const chosen = endOf(random);
  const wanted = i < 2 * firstEnds.length ? (firstEnds[i % firstEnds.length] ?? chosen) : chosen;
  const policy = policyFor(city, place, random, wanted);
  const rule = ruleAt(city, policy);
  const taken = takenUpTo(wanted, rule, random);
  const total = taken.reduce((sum, { workingDays }) => sum + workingDays, 0);
  const start = endDay(wanted, i, random) - Math.ceil((total * 7) / 5) - 3;
  const days = daysOf(taken, start);
  const dayOf = (action: PayoutAction) => days.find((day) => day.action === action)?.on ?? null;
  const agencyId = agencyOf(place.code, 'CULTURE_TOURISM');
  const course = courseOf(
    payoutTable,
    days.map(({ action, on }) => ({
      action,
      on,
      agencyId: agencyOfAction(action, place),
      ...(action === 'MATCH' && !rule.needsConfirmation && { dueOn: inWorkingDays(on, 5) }),
      ...(action === 'CLAW_BACK' || action === 'VETO' ? { noteZh: '经查不符合条件。' } : {}),
    })),
    inWorkingDays,
  );
  const matchedOn = dayOf('MATCH');
  const publicisedOn = dayOf('PUBLICISE');
  const row: typeof payouts.$inferSelect = {
    ...statementColumns(id, random),
    version: course.version,
    policyId: ids.policy(policy),
    measureId: measureIdOf(policy, 0),
    enterpriseId: ids.enterprise(enterprise),
    regionCode: place.code,
    amount: String(rule.amount),
    stage: course.stage,
    dueOn: course.dueOn,
    payingAgencyId: agencyId,
    paidOn: dayOf('PAY'),
    ruleId: ruleIdOf(policy),
    runId: null,
    auditorId: null,
    period: '2025',
    matchedOn,
    needsConfirmation: rule.needsConfirmation,
    isPublicised: rule.isPublicised,
    reviewUntil: matchedOn && inWorkingDays(matchedOn, 5),
    publicUntil: publicisedOn && inWorkingDays(publicisedOn, 5),
    isObjected: false,
    voucherNo: dayOf('PAY') && `HC-${i + 1}`,
    basisZh: wanted === 'VETO' ? '列入异常名录' : null,
    clawBackAmount: dayOf('NOTIFY_CLAW_BACK') && String(rule.amount),
    isReplied: false,
    conditions: null,
  };
  return { policy, row, isApproved: dayOf('APPROVE') !== null, steps: stepsOf(id, course.steps) };
}

function daysOf(taken: readonly Taken[], start: number) {
  let passed = 0;
  return taken.map(({ action, workingDays }) => {
    passed += workingDays;
    return { action, on: dateOf(afterWorkingDays(start, passed)) };
  });
}

const enterprisesOwn: ReadonlySet<PayoutAction> = new Set(['CONFIRM', 'DECLINE']);

/** An enterprise acts for itself, the agency of market regulation vetoes, and no agency of a city audits. */
function agencyOfAction(action: PayoutAction, { code }: Place): string | null {
  if (enterprisesOwn.has(action) || action === 'AUDIT') return null;
  return agencyOf(code, action === 'VETO' ? 'MARKET_REGULATION' : 'CULTURE_TOURISM');
}

/** Returns a random policy of a place, if it has any one whose rule is in force and asks for the last action. */
function policyFor(city: City, place: Place, random: Random, wanted: PayoutAction): number {
  const first = policyIn(city, place, random);
  const nth = places.indexOf(place);
  const count = Math.ceil((city.counts.policies - nth) / places.length);
  const at = (first - nth) / places.length;
  for (let k = 0; k < count; k++) {
    const policy = nth + places.length * ((at + k) % count);
    if (isFor(wanted, ruleAt(city, policy))) return policy;
  }
  return first;
}

const isFor = (
  wanted: PayoutAction,
  { isInForce, needsConfirmation, isPublicised }: ReturnType<typeof ruleAt>,
): boolean =>
  isInForce && (needsConfirmation || !enterprisesOwn.has(wanted)) && (isPublicised || wanted !== 'PUBLICISE');
