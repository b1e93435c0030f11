import type { Actor, WorkflowTable } from '@wenshu/kit/workflow/table.ts';

export type OpenCallStage = 'PUBLISHED' | 'SELECTED' | 'IN_PROGRESS' | 'ACCEPTED' | 'FAILED' | 'LAPSED';

export type OpenCallAction =
  | 'PUBLISH'
  | 'SELECT'
  | 'REJECT_ALL'
  | 'LAPSE'
  | 'START'
  | 'ACCEPT'
  | 'FAIL'
  | 'PAY_REWARD';

const publisher = (...roles: NonNullable<Actor['roles']>): Actor => ({ as: 'publisher', roles });

/** 揭榜: how a task is published, claimed, worked on and accepted (青岛“揭榜挂帅”). */
export const openCallTable: WorkflowTable<OpenCallStage, OpenCallAction> = {
  type: 'OpenCall',
  typeZh: '揭榜任务',
  owner: 'PROPAGANDA',
  isOpen: true,
  closed: ['FAILED', 'LAPSED'],
  conditions: {
    hasClosedClaims: {
      zh: '揭榜截止日未过,或尚无揭榜。',
      en: 'Claims can still be handed in, or there is none.',
    },
    isWithoutClaims: {
      zh: '揭榜截止日未过,或已有揭榜。',
      en: 'Claims can still be handed in, or there is one.',
    },
    hasReward: { zh: '没有赏金。', en: 'There is no reward.' },
    rewardIsUnpaid: { zh: '没有待付的赏金。', en: 'No reward is to be paid.' },
  },
  terms: {
    selection: {
      days: 10,
      isWorkingDays: true,
      zh: '揭榜截止后选定揭榜者的期限。',
      en: 'In which a claim is selected after the last day for claims.',
    },
  },
  transitions: [
    {
      action: 'PUBLISH',
      from: [],
      to: 'PUBLISHED',
      by: [publisher('editor')],
      zh: '发榜;揭榜截止后十个工作日内评选。',
      en: 'Publishes a task. A claim is due to be selected within ten working days after the last day for claims.',
    },
    {
      action: 'SELECT',
      from: ['PUBLISHED'],
      to: 'SELECTED',
      when: 'hasClosedClaims',
      by: [publisher('leader')],
      isTask: true,
      workingDays: 10,
      notBy: ['PUBLISH'],
      zh: '揭榜截止后,发榜单位分管领导选定一家,须说明理由。',
      en: 'Selects a claim after the last day for claims, with a reason.',
    },
    {
      action: 'REJECT_ALL',
      from: ['PUBLISHED'],
      to: 'LAPSED',
      when: 'hasClosedClaims',
      by: [publisher('leader')],
      workingDays: null,
      notBy: ['PUBLISH'],
      zh: '揭榜者均不合格,流榜,须说明理由。',
      en: 'Lets the call lapse because no claim is good enough, with a reason.',
    },
    {
      action: 'LAPSE',
      from: ['PUBLISHED'],
      to: 'LAPSED',
      when: 'isWithoutClaims',
      by: [{ system: true }],
      workingDays: null,
      zh: '截止时无人揭榜,自动流榜。',
      en: 'Lets the call lapse, because there was no claim until the last day for claims.',
    },
    {
      action: 'START',
      from: ['SELECTED'],
      to: 'IN_PROGRESS',
      by: [publisher('editor', 'leader')],
      isTask: true,
      zh: '签约开始攻坚;此后以完成期限为期限。',
      en: 'Starts the work under a contract. It is due on the deadline of the call.',
    },
    {
      action: 'ACCEPT',
      from: ['IN_PROGRESS'],
      to: 'ACCEPTED',
      when: 'hasReward',
      by: [publisher('leader')],
      isTask: true,
      workingDays: 20,
      notBy: ['START'],
      zh: '验收通过;赏金二十个工作日内兑付。',
      en: 'Accepts the result. The reward is to be paid within 20 working days.',
    },
    {
      action: 'ACCEPT',
      from: ['IN_PROGRESS'],
      to: 'ACCEPTED',
      by: [publisher('leader')],
      isTask: true,
      workingDays: null,
      notBy: ['START'],
      zh: '验收通过,没有赏金。',
      en: 'Accepts the result of a call without a reward.',
    },
    {
      action: 'FAIL',
      from: ['SELECTED', 'IN_PROGRESS'],
      to: 'FAILED',
      by: [publisher('leader')],
      workingDays: null,
      notBy: ['PUBLISH', 'START'],
      zh: '未完成,须说明理由。',
      en: 'Notes that the task was not done, with a reason.',
    },
    {
      action: 'PAY_REWARD',
      from: ['ACCEPTED'],
      when: 'rewardIsUnpaid',
      by: [publisher('editor')],
      isTask: true,
      workingDays: null,
      notBy: ['ACCEPT'],
      zh: '记载赏金已付。',
      en: 'Notes that the reward was paid.',
    },
  ],
};

export type ClaimStage = 'SUBMITTED' | 'WITHDRAWN' | 'SELECTED' | 'PASSED_OVER';
export type ClaimAction = 'CLAIM' | 'WITHDRAW' | 'CHOOSE' | 'PASS_OVER';

const claimants: readonly Actor[] = [{ key: 'CLAIM_CALL' }, { as: 'submitter', roles: ['editor'] }];

/** How an enterprise claims an open call. What becomes of the claim follows from the call. */
export const claimTable: WorkflowTable<ClaimStage, ClaimAction> = {
  type: 'OpenCallClaim',
  typeZh: '揭榜',
  owner: 'PROPAGANDA',
  closed: ['WITHDRAWN', 'SELECTED', 'PASSED_OVER'],
  conditions: {
    mayWithdraw: { zh: '揭榜已截止。', en: 'The last day for claims is over.' },
    isChosen: { zh: '未被选定。', en: 'It is not selected.' },
    isPassedOver: { zh: '尚未评选。', en: 'Nothing is decided yet.' },
  },
  transitions: [
    {
      action: 'CLAIM',
      from: [],
      to: 'SUBMITTED',
      by: claimants,
      zh: '截止日前揭榜,附攻坚方案;机构可代企业提交。',
      en: 'Claims an open call until the last day for claims, with a plan. An agency may do it for an enterprise.',
    },
    {
      action: 'WITHDRAW',
      from: ['SUBMITTED'],
      to: 'WITHDRAWN',
      when: 'mayWithdraw',
      by: claimants,
      zh: '截止日前撤回。',
      en: 'Withdraws the claim until the last day for claims.',
    },
    {
      action: 'CHOOSE',
      from: ['SUBMITTED'],
      to: 'SELECTED',
      when: 'isChosen',
      by: [{ system: true }],
      zh: '揭榜任务选定后自动记载:选定。',
      en: 'Notes that the call has selected this claim.',
    },
    {
      action: 'PASS_OVER',
      from: ['SUBMITTED'],
      to: 'PASSED_OVER',
      when: 'isPassedOver',
      by: [{ system: true }],
      zh: '揭榜任务选定他人或流榜后自动记载:未选。',
      en: 'Notes that the call has selected another claim or none.',
    },
  ],
};
