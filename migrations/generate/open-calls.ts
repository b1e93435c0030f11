import { type Act, courseOf } from '@wenshu/kit/workflow/course.ts';
import { openCallClaimSteps, openCallClaims, openCallSteps, openCalls } from '@wenshu/policies/tables.ts';
import {
  type ClaimAction,
  claimTable,
  type OpenCallAction,
  openCallTable,
} from '@wenshu/policies/workflows/open-call-table.ts';
import { agencyOf } from './agencies.ts';
import { type City, ids } from './city.ts';
import { afterWorkingDays, dateOf, dayAfterWorkingDays, today } from './days.ts';
import { properName } from './names.ts';
import { policyIn } from './policies.ts';
import { type Random, weighted } from './random.ts';
import { statementColumns, suffix } from './record.ts';
import { type GeneratedTable, generated } from './table.ts';

export const openCallTables = (city: City): GeneratedTable[] => [
  generated(openCalls, city.counts.openCalls, (i) => [openCallAt(city, i).row]),
  generated(openCallSteps, city.counts.openCalls, (i) => openCallAt(city, i).steps),
  generated(openCallClaims, city.counts.openCalls, (i) => openCallAt(city, i).claims.map(({ row }) => row)),
  generated(openCallClaimSteps, city.counts.openCalls, (i) =>
    openCallAt(city, i).claims.flatMap(({ steps }) => steps),
  ),
];

/** What happened on an open call after its publication, and how many days ago the last of it was. */
type Fate = {
  readonly acts: readonly OpenCallAction[];
  readonly latest: number;
  /** How many days may still pass until the last day for claims. */
  readonly opensFor?: number;
  readonly claims: boolean;
};

const fates = {
  open: { acts: [], latest: 20, opensFor: 30, claims: true },
  deciding: { acts: [], latest: 0, opensFor: -25, claims: true },
  selected: { acts: ['SELECT'], latest: 20, claims: true },
  working: { acts: ['SELECT', 'START'], latest: 200, claims: true },
  accepted: { acts: ['SELECT', 'START', 'ACCEPT'], latest: 35, claims: true },
  rewarded: { acts: ['SELECT', 'START', 'ACCEPT', 'PAY_REWARD'], latest: 500, claims: true },
  failed: { acts: ['SELECT', 'START', 'FAIL'], latest: 500, claims: true },
  lapsed: { acts: ['LAPSE'], latest: 500, claims: false },
} as const satisfies Record<string, Fate>;

const inTurn: readonly Fate[] = Object.values(fates);
const anyFate = weighted<Fate>(
  [fates.open, 12],
  [fates.deciding, 8],
  [fates.selected, 5],
  [fates.working, 25],
  [fates.accepted, 5],
  [fates.rewarded, 30],
  [fates.failed, 8],
  [fates.lapsed, 7],
);

/** The days that each step takes after the one before it. */
const daysFor: Partial<Record<OpenCallAction, readonly [number, number]>> = {
  SELECT: [1, 20],
  START: [3, 20],
  ACCEPT: [60, 300],
  FAIL: [60, 300],
  PAY_REWARD: [5, 40],
  LAPSE: [1, 1],
};

const claimingDays = 30;

/** Returns the days of a call: its publication, the last day for claims, and each step after that. */
function daysOf(random: Random, { acts, latest, opensFor }: Fate) {
  const waits = acts.map((action) => random.between(...(daysFor[action] ?? [1, 1])));
  const total = waits.reduce((sum, wait) => sum + wait, 0);
  const claimsUntil =
    opensFor === undefined
      ? today - total - random.below(latest)
      : today + (opensFor > 0 ? random.below(opensFor) : random.between(opensFor, -1));
  let day = claimsUntil;
  const steps = acts.map((action, nth) => {
    day += waits[nth] ?? 0;
    return { action, day };
  });
  return { published: Math.min(claimsUntil - claimingDays, today), claimsUntil, steps };
}

/** Returns a call with its claims. The first calls of a city have one of each fate, so that the smallest city has all. */
function openCallAt(city: City, i: number) {
  const random = city.random('open call', i);
  const id = ids.openCall(i);
  const place = city.placeIn(random.below(city.counts.parks));
  const fate = inTurn[i] ?? anyFate(random);
  const { published, claimsUntil, steps } = daysOf(random, fate);
  const start = steps.find(({ action }) => action === 'START')?.day ?? claimsUntil + 20;
  const deadline = start + random.between(90, 330);
  const publisherId = agencyOf(place.code, 'SCIENCE');
  const acts: Act<OpenCallAction>[] = [
    { action: 'PUBLISH', on: dateOf(published), dueOn: dateOf(afterWorkingDays(claimsUntil, 10)) },
    ...steps.map(({ action, day }) => ({
      action,
      on: dateOf(day),
      ...(action === 'START' && { dueOn: dateOf(deadline) }),
    })),
  ];
  const course = courseOf(
    openCallTable,
    acts.map((act) => ({ ...act, agencyId: act.action === 'LAPSE' ? null : publisherId })),
    dayAfterWorkingDays,
  );
  const enterprises = fate.claims ? random.several(random.between(1, 4), city.counts.enterprises) : [];
  const selected = course.steps.find(({ action }) => action === 'SELECT');
  const name = properName(random);
  const row: typeof openCalls.$inferSelect = {
    ...statementColumns(id, random),
    titleZh: `${name.zh}关键技术揭榜任务${suffix.zh}`,
    textZh: null,
    policyId: random.chance(0.5) ? ids.policy(policyIn(city, place, random)) : null,
    publisherId,
    regionCode: place.code,
    reward: String(Math.ceil(random.lognormal(1) * 30) * 100_000),
    stage: course.stage,
    version: course.version,
    dueOn: course.dueOn,
    publishedOn: dateOf(published),
    claimsUntil: dateOf(claimsUntil),
    deadline: dateOf(deadline),
    claimantId: selected ? ids.enterprise(enterprises[0] ?? 0) : null,
    selectedClaimId: selected ? claimId(i, 0) : null,
    rewardPaidOn: course.steps.find(({ action }) => action === 'PAY_REWARD')?.on ?? null,
    projectId:
      fate.acts.length > 1 && random.chance(0.5) ? ids.project(random.below(city.counts.projects)) : null,
  };
  const claims = enterprises.map((enterprise, nth) =>
    claimOn(row, { id: claimId(i, nth), enterpriseId: ids.enterprise(enterprise) }, selected?.on, random),
  );
  return { row, steps: course.steps.map((step) => ({ objectId: id, ...step })), claims };
}

/** The most claims on one call. */
const mostClaims = 4;
const claimId = (call: number, nth: number) => ids.openCallClaim(call * mostClaims + nth);

/** Returns the claim of an enterprise on a call, with what became of it. */
function claimOn(
  call: typeof openCalls.$inferSelect,
  { id, enterpriseId }: { readonly id: string; readonly enterpriseId: string },
  selectedOn: string | undefined,
  random: Random,
) {
  const acts: Act<ClaimAction>[] = [{ action: 'CLAIM', on: call.publishedOn }];
  if (selectedOn) {
    acts.push({ action: call.selectedClaimId === id ? 'CHOOSE' : 'PASS_OVER', on: selectedOn });
  }
  const { steps, stage, version, dueOn } = courseOf(claimTable, acts, dayAfterWorkingDays);
  const row: typeof openCallClaims.$inferSelect = {
    ...statementColumns(id, random),
    openCallId: call.id,
    publisherId: call.publisherId,
    regionCode: call.regionCode,
    enterpriseId,
    submittedById: null,
    planZh: `攻坚方案${suffix.zh}`,
    stage,
    version,
    dueOn,
    submittedOn: call.publishedOn,
  };
  return { row, steps: steps.map((step) => ({ objectId: id, ...step })) };
}
