import type { Actor, WorkflowTable } from '@wenshu/kit/workflow/table.ts';

export type DualEffectStage =
  | 'OPENED'
  | 'SELF_REPORTED'
  | 'SCORED'
  | 'APPROVED'
  | 'NOTIFIED'
  | 'APPEALED'
  | 'FINAL';

export type DualEffectAction =
  | 'OPEN'
  | 'REPORT'
  | 'SCORE'
  | 'RETURN_SCORES'
  | 'APPROVE'
  | 'NOTIFY'
  | 'APPEAL'
  | 'DECIDE_APPEAL'
  | 'CLOSE';

const publicity = (...roles: NonNullable<Actor['roles']>): Actor => ({ department: 'PROPAGANDA', roles });
const editor = publicity('editor');
const leader = publicity('leader');

/** 双效考核: how the social and economic benefit of a state cultural enterprise is assessed each year (中办、国办, 2015). */
export const dualEffectTable: WorkflowTable<DualEffectStage, DualEffectAction> = {
  type: 'DualEffectAssessment',
  typeZh: '双效考核',
  owner: 'PROPAGANDA',
  closed: ['FINAL'],
  conditions: {
    reportIsOverdue: { zh: '自评期限未满。', en: 'The enterprise still has time to report.' },
    mayAppeal: { zh: '申诉期限已满。', en: 'The days for an appeal are over.' },
    appealHasLapsed: { zh: '申诉期限未满。', en: 'The enterprise still has time to appeal.' },
  },
  transitions: [
    {
      action: 'OPEN',
      from: [],
      to: 'OPENED',
      by: [editor],
      workingDays: 20,
      zh: '启动考核,定七项社会效益和三项经济效益指标的权重。',
      en: 'Opens the assessment, with the weights of seven social and three economic indicators.',
    },
    {
      action: 'REPORT',
      from: ['OPENED'],
      to: 'SELF_REPORTED',
      by: [{ key: 'SELF_ASSESS' }, { as: 'supervisor', roles: ['editor', 'leader'] }],
      isTask: true,
      workingDays: 20,
      zh: '企业或其主管单位提交自评。',
      en: 'Hands in the report of the enterprise.',
    },
    {
      action: 'SCORE',
      from: ['SELF_REPORTED'],
      to: 'SCORED',
      by: [editor],
      isTask: true,
      workingDays: 10,
      zh: '逐项评分;总分由各项得分相加,内容导向有严重问题的设上限。',
      en: 'Scores each indicator. The total is their sum, and a serious content fault caps it.',
    },
    {
      action: 'SCORE',
      from: ['OPENED'],
      to: 'SCORED',
      when: 'reportIsOverdue',
      by: [editor],
      workingDays: 10,
      zh: '逾期未自评的,可直接评分。',
      en: 'Scores an enterprise that did not report in time.',
    },
    {
      action: 'RETURN_SCORES',
      from: ['SCORED'],
      to: 'SELF_REPORTED',
      by: [leader],
      workingDays: 10,
      zh: '分管领导退回重评,须说明理由;原评分作废。',
      en: 'Returns the scores, with a reason. They lapse.',
    },
    {
      action: 'APPROVE',
      from: ['SCORED'],
      to: 'APPROVED',
      by: [leader],
      isTask: true,
      workingDays: 5,
      notBy: ['SCORE'],
      zh: '分管领导审定;评分者不得审定。',
      en: 'Approves the scores. Who scored may not.',
    },
    {
      action: 'NOTIFY',
      from: ['APPROVED'],
      to: 'NOTIFIED',
      by: [editor],
      isTask: true,
      workingDays: 10,
      zh: '告知企业结果;企业自此可见,十个工作日内可申诉。',
      en: 'Notifies the enterprise, which sees the result from here on, and may appeal within 10 working days.',
    },
    {
      action: 'APPEAL',
      from: ['NOTIFIED'],
      to: 'APPEALED',
      when: 'mayAppeal',
      by: [{ key: 'OBJECT' }],
      workingDays: 15,
      zh: '企业申诉,限一次。',
      en: 'The enterprise appeals, once.',
    },
    {
      action: 'DECIDE_APPEAL',
      from: ['APPEALED'],
      to: 'FINAL',
      by: [leader],
      isTask: true,
      workingDays: null,
      notBy: ['SCORE', 'APPROVE'],
      zh: '分管领导决定申诉,评分者和审定者不得决定;成立的,更正评分。',
      en: 'Decides the appeal, which who scored or approved may not. If it is upheld, the scores are corrected.',
    },
    {
      action: 'CLOSE',
      from: ['NOTIFIED'],
      to: 'FINAL',
      when: 'appealHasLapsed',
      by: [{ system: true }, editor],
      workingDays: null,
      zh: '逾期未申诉,即定。',
      en: 'Makes the result final when nobody appealed in time.',
    },
  ],
};
