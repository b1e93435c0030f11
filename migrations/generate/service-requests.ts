import { type Act, courseOf } from '@wenshu/kit/workflow/course.ts';
import type { serviceRequests } from '@wenshu/policies/tables.ts';
import { type RequestAction, serviceRequestTable } from '@wenshu/policies/workflows/service-request-table.ts';
import { agencyOf } from './agencies.ts';
import { anyEnterprise, type City, ids } from './city.ts';
import { afterWorkingDays, dateOf, dayNumber, today } from './days.ts';
import { policyIn } from './policies.ts';
import { type Random, weighted } from './random.ts';
import { statementColumns, suffix } from './record.ts';

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

/** Mean of the lognormal distribution with median 12 and this deviation. */
const meanWorkingDays = 13.6;
const workingDaysSigma = 0.5;
/** Working days for which most requests are assigned at once, as the trade knows that they take longer than the table says. */
const agreedWorkingDays = 22;

const after = (day: string, workingDays: number) => dateOf(afterWorkingDays(dayNumber(day), workingDays));

/** The first requests are of the last days, so that a small city too has open ones in several stages. */
const openRequests = 40;

/** Agencies of the place of a request. */
type Agencies = { readonly publicity: string; readonly responsible: string; readonly helper: string };

type Planned = Omit<Act<RequestAction>, 'on'> & {
  /** How much of the whole time has passed, from 0 to 1. */
  readonly at: number;
};

/** How often an enterprise is not satisfied with an answer. After two rounds, the request is struck off all the same. */
const roundsOf = weighted([0, 92], [1, 3], [2, 5]);

/** Returns the actions of a request, from its submission to its end. */
function plannedOf(random: Random, { publicity, responsible, helper }: Agencies): readonly Planned[] {
  const [isDeclined, isCoHandled, unhappyRounds] = [
    random.chance(0.03),
    random.chance(0.2),
    roundsOf(random),
  ];
  const submit = { action: 'SUBMIT', at: 0 } as const;
  if (isDeclined)
    return [
      submit,
      {
        action: 'DECLINE',
        at: 0.1,
        agencyId: publicity,
        noteZh: '请向税务部门提出。',
        details: { declineReason: 'OTHER_CHANNEL' },
      },
    ];
  const sendBack = (at: number): Planned => ({
    action: 'SEND_BACK',
    at,
    agencyId: publicity,
    noteZh: '仍未解决。',
  });
  const answer = (at: number): readonly Planned[] => [
    { action: 'RESOLVE', at, agencyId: responsible, details: { resolution: 'SOLVED' } },
  ];
  return [
    submit,
    { action: 'ASSIGN', at: 0.1, agencyId: publicity },
    ...(isCoHandled
      ? ([
          { action: 'REQUEST_CO_HANDLING', at: 0.2, agencyId: responsible, noteZh: '请提出意见。' },
          { action: 'GIVE_OPINION', at: 0.4, agencyId: helper, noteZh: '没有不同意见。' },
        ] as const)
      : []),
    ...answer(0.5),
    ...(unhappyRounds > 0 ? [sendBack(0.6), ...answer(0.7)] : []),
    ...(unhappyRounds > 1
      ? [sendBack(0.8), ...answer(0.9)]
      : [{ action: 'REVISIT', at: 0.9, agencyId: publicity } as const]),
    {
      action: 'STRIKE_OFF',
      at: 1,
      agencyId: publicity,
      noteZh: unhappyRounds > 1 ? '现行规定下无法解决。' : null,
    },
  ];
}

/** Returns a request of the last two years with its steps so far: a walk of the table of the workflow. */
export function requestAt(city: City, i: number) {
  const random = city.random('service request', i);
  const id = ids.serviceRequest(i);
  const { enterpriseId, place } = anyEnterprise(city, random);
  const { kind, zh } = requestKindOf(random);
  const isOfLate = i < openRequests;
  const submitted = today - (isOfLate ? 1 + random.below(20) : random.below(730));
  const agencies = {
    publicity: agencyOf(place.code, 'PROPAGANDA'),
    responsible: agencyOf(place.code, random.pick(['CULTURE_TOURISM', 'CULTURE_PROMOTION', 'PROPAGANDA'])),
    helper: agencyOf(place.code, 'MARKET_REGULATION'),
  };
  const workingDays = Math.max(2, Math.round(meanWorkingDays * random.lognormal(workingDaysSigma)));
  const acts = plannedOf(random, agencies)
    .map(({ at, ...act }): Act<RequestAction> & { readonly day: number } => {
      const day = afterWorkingDays(submitted, Math.floor(workingDays * at));
      const dueOn =
        act.action === 'ASSIGN' ? dateOf(afterWorkingDays(submitted, agreedWorkingDays)) : undefined;
      return { ...act, day, on: dateOf(day), ...(dueOn && { dueOn }) };
    })
    .filter(({ action, day }, nth) => action === 'SUBMIT' || (day <= today && (!isOfLate || nth <= i % 4)));
  const { steps, ...state } = courseOf(serviceRequestTable, acts, after);
  const took = (action: RequestAction) => acts.some((act) => act.action === action);
  const isAnswered = took('RESOLVE');
  const row: typeof serviceRequests.$inferSelect = {
    ...statementColumns(id, random),
    ...state,
    enterpriseId,
    regionCode: place.code,
    kind,
    typeZh: null,
    titleZh: `${zh}${suffix.zh}`,
    textZh: null,
    submittedOn: dateOf(submitted),
    responsibleId: took('ASSIGN') ? agencies.responsible : null,
    isSatisfied: took('REVISIT') ? true : took('SEND_BACK') ? false : null,
    isReopened: took('SEND_BACK'),
    policyId: kind === 'POLICY_APPLICATION' ? ids.policy(policyIn(city, place, random)) : null,
    projectId: null,
    submittedById: null,
    answerZh: isAnswered ? `已办理${suffix.zh}` : null,
    resolution: isAnswered ? 'SOLVED' : null,
    reviewOn: null,
    escalation: null,
    declineReason: took('DECLINE') ? 'OTHER_CHANNEL' : null,
    duplicateOfId: null,
    suggestedId: null,
    commissionerId: null,
    extensionAskedOn: null,
  };
  const asked = acts.find(({ action }) => action === 'REQUEST_CO_HANDLING');
  const coHandler = {
    requestId: id,
    seq: 0,
    agencyId: agencies.helper,
    opinionZh: took('GIVE_OPINION') ? '没有不同意见。' : null,
    dueOn: asked ? after(asked.on, 5) : null,
  };
  return {
    row,
    coHandlers: asked ? [coHandler] : [],
    steps: steps.map((step) => ({ objectId: id, ...step })),
  };
}
