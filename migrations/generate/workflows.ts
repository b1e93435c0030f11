import {
  openCallSteps,
  openCalls,
  payoutSteps,
  payouts,
  serviceRequestCoHandlers,
  serviceRequestSteps,
  serviceRequests,
} from '@wenshu/policies/tables.ts';
import { agencyOf } from './agencies.ts';
import { type City, ids, type Place } from './city.ts';
import { afterWorkingDays, dateOf, today } from './days.ts';
import { properName } from './names.ts';
import { measureCountOf, measureIdOf, policyIn } from './policies.ts';
import { type Random, weighted } from './random.ts';
import { statementColumns, suffix } from './record.ts';
import { starListTables } from './star-lists.ts';
import { type GeneratedTable, generated } from './table.ts';

export function workflowTables(city: City): GeneratedTable[] {
  const { counts } = city;
  return [
    generated(serviceRequests, counts.serviceRequests, (i) => [requestAt(city, i).row]),
    generated(serviceRequestCoHandlers, counts.serviceRequests, (i) => requestAt(city, i).coHandlers),
    generated(serviceRequestSteps, counts.serviceRequests, (i) => requestAt(city, i).steps),
    generated(payouts, counts.payouts, (i) => [payoutAt(city, i).row]),
    generated(payoutSteps, counts.payouts, (i) => payoutAt(city, i).steps),
    ...starListTables(city),
    generated(openCalls, counts.openCalls, (i) => [openCallAt(city, i).row]),
    generated(openCallSteps, counts.openCalls, (i) => openCallAt(city, i).steps),
  ];
}

/** Returns a random enterprise and its place. */
function anyEnterprise(city: City, random: Random): { enterpriseId: string; place: Place } {
  const enterprise = random.below(city.counts.enterprises);
  return { enterpriseId: ids.enterprise(enterprise), place: city.placeIn(city.quarterOf(enterprise)) };
}

const requestKindOf = weighted(
  [{ kind: 'POLICY_APPLICATION', zh: '申报扶持政策' }, 30],
  [{ kind: 'FINANCING', zh: '融资对接' }, 18],
  [{ kind: 'TALENT', zh: '人才引进' }, 12],
  [{ kind: 'LICENSING', zh: '办理经营许可' }, 12],
  [{ kind: 'LAND_SPACE', zh: '解决办公场地' }, 10],
  [{ kind: 'PROMOTION', zh: '品牌推广' }, 8],
  [{ kind: 'STATISTICS_REGISTER', zh: '纳入统计名录' }, 4],
  [{ kind: 'LISTING', zh: '上市辅导' }, 3],
  [{ kind: 'SCENE_RESOURCES', zh: '开放应用场景' }, 3],
);

/** Number of working days in which a request is due; one in ten takes longer. */
const dueWorkingDays = 22;
/** Mean of the lognormal distribution with median 12 and this deviation. */
const meanWorkingDays = 13.6;
const workingDaysSigma = 0.5;

/** What only a step that the hub carried out has. */
const notCarriedOut = { action: null, at: null, department: null, author: null, dueOn: null, details: {} };

/** Returns a request of the last two years with its steps so far. One in twenty is reopened after a negative revisit. */
function requestAt(city: City, i: number) {
  const random = city.random('service request', i);
  const id = ids.serviceRequest(i);
  const { enterpriseId, place } = anyEnterprise(city, random);
  const { kind, zh } = requestKindOf(random);
  const submitted = today - random.below(730);
  const responsibleId = agencyOf(
    place.code,
    random.pick(['CULTURE_TOURISM', 'CULTURE_PROMOTION', 'PROPAGANDA']),
  );
  const workingDays = Math.max(2, Math.round(meanWorkingDays * random.lognormal(workingDaysSigma)));
  const isCoHandled = random.chance(0.2);
  const isUnhappy = random.chance(0.05);
  const course = [
    'COLLECTED',
    'ASSIGNED',
    ...(isCoHandled ? ['CO_HANDLING'] : []),
    'RESOLVED',
    'REVISITED',
    ...(isUnhappy ? ['ASSIGNED', 'RESOLVED', 'REVISITED'] : []),
    'STRUCK_OFF',
  ];
  const steps = course
    .map((stage, seq) => ({
      stage,
      seq,
      day: afterWorkingDays(submitted, Math.floor((workingDays * seq) / (course.length - 1))),
    }))
    .filter(({ seq, day }) => seq === 0 || day <= today);
  const last = steps.at(-1) ?? { stage: 'COLLECTED', seq: 0, day: submitted };
  const isClosed = last.stage === 'STRUCK_OFF';
  const row: typeof serviceRequests.$inferSelect = {
    ...statementColumns(id, random),
    enterpriseId,
    regionCode: place.code,
    kind,
    typeZh: null,
    titleZh: `${zh}${suffix.zh}`,
    textZh: null,
    stage: last.stage,
    submittedOn: dateOf(submitted),
    dueOn: dateOf(afterWorkingDays(submitted, dueWorkingDays)),
    closedOn: isClosed ? dateOf(last.day) : null,
    responsibleId: last.seq > 0 ? responsibleId : null,
    isSatisfied: isClosed ? random.chance(0.93) : null,
    isReopened: isUnhappy && last.seq > course.indexOf('REVISITED'),
    policyId: kind === 'POLICY_APPLICATION' ? ids.policy(policyIn(city, place, random)) : null,
    submittedById: null,
    answerZh: null,
    resolution: null,
    reviewOn: null,
    escalation: null,
  };
  return {
    row,
    coHandlers:
      isCoHandled && last.seq > 1
        ? [{ requestId: id, seq: 0, agencyId: agencyOf(place.code, 'MARKET_REGULATION'), opinionZh: null }]
        : [],
    steps: steps.map(({ stage, seq, day }) => ({
      objectId: id,
      seq,
      stage,
      on: dateOf(day),
      agencyId: seq > 0 ? responsibleId : null,
      noteZh: null,
      ...notCarriedOut,
    })),
  };
}

const payoutCourse = ['MATCHED', 'CONFIRMED', 'PAYABLE', 'PAID', 'AUDITED'] as const;
const payoutReached = weighted([0, 10], [1, 8], [2, 7], [3, 30], [4, 45]);

/** Returns a payout with its steps. One in a hundred paid ones is clawed back after the audit. */
function payoutAt(city: City, i: number) {
  const random = city.random('payout', i);
  const id = ids.payout(i);
  const { enterpriseId, place } = anyEnterprise(city, random);
  const policy = policyIn(city, place, random);
  const reached = payoutReached(random);
  const course = [
    ...payoutCourse.slice(0, reached + 1),
    ...(reached === 4 && random.chance(0.02) ? ['CLAWED_BACK'] : []),
  ];
  let day = today - 40 - random.below(700);
  const steps = course.map((status, seq) => {
    if (seq > 0) day = Math.min(today, day + random.between(1, 20));
    return { payoutId: id, seq, status, on: dateOf(day) };
  });
  const row: typeof payouts.$inferSelect = {
    ...statementColumns(id, random),
    policyId: ids.policy(policy),
    measureId: measureIdOf(policy, random.below(measureCountOf(city, policy))),
    enterpriseId,
    regionCode: place.code,
    amount: reached < 2 ? null : String(Math.ceil(random.lognormal(1.1) * 20) * 10_000),
    status: course.at(-1) ?? 'MATCHED',
    payingAgencyId: agencyOf(place.code, 'CULTURE_TOURISM'),
    paidOn: steps[3]?.on ?? null,
  };
  return { row, steps };
}

const callCourse = ['PUBLISHED', 'CLAIMED', 'IN_PROGRESS', 'ACCEPTED'] as const;

function openCallAt(city: City, i: number) {
  const random = city.random('open call', i);
  const id = ids.openCall(i);
  const { enterpriseId, place } = anyEnterprise(city, random);
  const reached = random.below(callCourse.length);
  const hasFailed = reached > 0 && random.chance(0.1);
  const course = [
    ...callCourse.slice(0, reached),
    hasFailed ? 'FAILED' : (callCourse[reached] ?? 'PUBLISHED'),
  ];
  const published = today - 30 - random.below(900);
  const name = properName(random);
  const row: typeof openCalls.$inferSelect = {
    ...statementColumns(id, random),
    titleZh: `${name.zh}关键技术揭榜任务${suffix.zh}`,
    policyId: random.chance(0.5) ? ids.policy(policyIn(city, place, random)) : null,
    publisherId: agencyOf(place.code, 'SCIENCE'),
    reward: String(Math.ceil(random.lognormal(1) * 30) * 100_000),
    status: course.at(-1) ?? 'PUBLISHED',
    publishedOn: dateOf(published),
    deadline: dateOf(published + random.between(30, 365)),
    claimantId: reached > 0 ? enterpriseId : null,
    projectId: reached > 1 && random.chance(0.5) ? ids.project(random.below(city.counts.projects)) : null,
  };
  const steps = course.map((status, seq) => ({
    openCallId: id,
    seq,
    status,
    on: dateOf(Math.min(today, published + seq * 60)),
    noteZh: null,
  }));
  return { row, steps };
}
