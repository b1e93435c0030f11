import type { Actor, WorkflowTable } from '@wenshu/kit/workflow/table.ts';
import type { KeyAction } from '@wenshu/schema/caller.ts';
import { requestKinds } from '../tables/request-kinds.ts';

export type RequestStage =
  | 'COLLECTED'
  | 'ASSIGNED'
  | 'CO_HANDLING'
  | 'RESOLVED'
  | 'REVISITED'
  | 'STRUCK_OFF'
  | 'DECLINED'
  | 'WITHDRAWN';

export type RequestAction =
  | 'SUBMIT'
  | 'DECLINE'
  | 'OBJECT'
  | 'WITHDRAW'
  | 'ASSIGN'
  | 'RETURN'
  | 'REQUEST_CO_HANDLING'
  | 'GIVE_OPINION'
  | 'ASK_EXTENSION'
  | 'GRANT_EXTENSION'
  | 'RESOLVE'
  | 'REVISIT'
  | 'SEND_BACK'
  | 'STRIKE_OFF'
  | 'REOPEN'
  | 'ESCALATE';

const publicity = (...roles: NonNullable<Actor['roles']>): Actor => ({ department: 'PROPAGANDA', roles });
const responsible: Actor = { as: 'responsible', roles: ['editor', 'leader'] };
const silentCoHandler: Actor = { as: 'silentCoHandler', roles: ['editor', 'leader'] };
const submitter: Actor = { as: 'submitter', roles: ['editor', 'leader'] };
const commissioner: Actor = { as: 'commissioner', roles: ['editor', 'leader'] };
const key = (permission: KeyAction): Actor => ({ key: permission });

/** 服务直通车: how a request of an enterprise is taken up, answered and struck off (武汉“服务直通车”工作方案, 2022). */
export const serviceRequestTable: WorkflowTable<RequestStage, RequestAction> = {
  type: 'ServiceRequest',
  typeZh: '诉求',
  owner: 'PROPAGANDA',
  kinds: requestKinds,
  closed: ['STRUCK_OFF', 'DECLINED', 'WITHDRAWN'],
  conditions: {
    mayObject: { zh: '只能提出异议一次。', en: 'An enterprise objects once.' },
    mayReturn: {
      zh: '退回的期限已过。',
      en: 'It was assigned too long ago to be returned.',
    },
    isTwiceUnhappy: {
      zh: '企业尚未两次表示不满意。',
      en: 'The enterprise was not unhappy twice.',
    },
    mayAskExtension: {
      zh: '只能在到期前申请延期一次。',
      en: 'More time can be asked for once, and before the due day.',
    },
    extensionIsAsked: { zh: '没有待批的延期申请。', en: 'No extension is asked for.' },
    isLongOverdue: {
      zh: '逾期未久,或已上报。',
      en: 'It is not overdue for long enough, or it was put before a meeting already.',
    },
    mayReopen: {
      zh: '重启的期限已过,请另行提交。',
      en: 'It was struck off too long ago to be reopened. Hand in a new request.',
    },
  },
  terms: {
    return: {
      days: 2,
      isWorkingDays: true,
      zh: '交办后可退回的期限。',
      en: 'In which a request may be returned after it was assigned.',
    },
    opinion: {
      days: 5,
      isWorkingDays: true,
      zh: '会办单位提出意见的期限。',
      en: 'In which an agency gives the opinion that it was asked for.',
    },
    escalation: {
      days: 5,
      isWorkingDays: true,
      zh: '逾期多久自动提交例会。',
      en: 'Overdue after which a request is put before the monthly meeting.',
    },
    reopening: {
      days: 30,
      zh: '销号后可重启的期限。',
      en: 'In which a request may be reopened after it was struck off.',
    },
  },
  transitions: [
    {
      action: 'SUBMIT',
      from: [],
      to: 'COLLECTED',
      by: [key('SUBMIT_REQUEST'), publicity('editor'), commissioner, { system: true }],
      workingDays: 2,
      zh: '提交诉求;重点项目所报的问题由平台转为诉求。',
      en: 'Hands in a request. The hub does this for a problem in the report of a key project.',
    },
    {
      action: 'DECLINE',
      from: ['COLLECTED'],
      to: 'DECLINED',
      by: [publicity('editor')],
      workingDays: null,
      zh: '不予受理:不属受理范围、与另一诉求重复,或应走其他渠道,须说明。',
      en: 'Declines the request: it is out of scope, a duplicate of another, or belongs to another channel.',
    },
    {
      action: 'OBJECT',
      from: ['DECLINED'],
      to: 'COLLECTED',
      when: 'mayObject',
      by: [key('OBJECT')],
      workingDays: 2,
      zh: '企业对不予受理提出异议一次,须说明理由。',
      en: 'Objects to the refusal, once and with a reason.',
    },
    {
      action: 'WITHDRAW',
      from: ['COLLECTED', 'ASSIGNED'],
      to: 'WITHDRAWN',
      by: [key('SUBMIT_REQUEST'), submitter],
      workingDays: null,
      zh: '提交者撤回。',
      en: 'Withdraws the request. Only who handed it in may do this.',
    },
    {
      action: 'ASSIGN',
      from: ['COLLECTED'],
      to: 'ASSIGNED',
      by: [publicity('editor', 'leader')],
      isTask: true,
      workingDays: 10,
      zh: '交承办单位办理;晚于规定期限须由分管领导确定。',
      en: 'Assigns the request to an agency. Only a leader may set a day later than the usual one.',
    },
    {
      action: 'ASSIGN',
      from: ['REVISITED'],
      to: 'ASSIGNED',
      by: [publicity('editor', 'leader')],
      workingDays: 10,
      zh: '回访后另交单位办理。',
      en: 'Assigns the request once more after the revisit.',
    },
    {
      action: 'RETURN',
      from: ['ASSIGNED'],
      to: 'COLLECTED',
      when: 'mayReturn',
      by: [responsible],
      workingDays: 2,
      zh: '承办单位两个工作日内退回,须说明理由和应由哪个单位承办;第二次退回即上报。',
      en: 'Returns the request within two working days, with a reason and the agency that should handle it. The second return escalates it.',
    },
    {
      action: 'REQUEST_CO_HANDLING',
      from: ['ASSIGNED', 'CO_HANDLING'],
      to: 'CO_HANDLING',
      by: [responsible],
      zh: '请一至五个单位会办。',
      en: 'Asks one to five agencies for an opinion.',
    },
    {
      action: 'GIVE_OPINION',
      from: ['CO_HANDLING'],
      by: [silentCoHandler],
      isTask: true,
      zh: '会办单位提出意见。',
      en: 'Gives the opinion of an agency that was asked for one.',
    },
    {
      action: 'ASK_EXTENSION',
      from: ['ASSIGNED', 'CO_HANDLING'],
      when: 'mayAskExtension',
      by: [responsible],
      zh: '到期前申请延期一次,须说明理由。',
      en: 'Asks for more time, once and before the due day, with a reason.',
    },
    {
      action: 'GRANT_EXTENSION',
      from: ['ASSIGNED', 'CO_HANDLING'],
      when: 'extensionIsAsked',
      by: [publicity('leader')],
      isTask: true,
      workingDays: 10,
      notBy: ['ASK_EXTENSION'],
      zh: '分管领导同意延期十个工作日。',
      en: 'Grants ten more working days.',
    },
    {
      action: 'RESOLVE',
      from: ['ASSIGNED', 'CO_HANDLING'],
      to: 'RESOLVED',
      by: [responsible],
      isTask: true,
      workingDays: 5,
      zh: '办结并答复企业;缺会办意见须说明。',
      en: 'Answers the enterprise. Without all opinions, it says why.',
    },
    {
      action: 'REVISIT',
      from: ['RESOLVED'],
      to: 'REVISITED',
      by: [publicity('editor'), key('RATE_REQUEST')],
      isTask: true,
      workingDays: null,
      notBy: ['RESOLVE'],
      zh: '回访,企业满意。',
      en: 'Notes that the enterprise is satisfied.',
    },
    {
      action: 'SEND_BACK',
      from: ['RESOLVED'],
      to: 'ASSIGNED',
      by: [publicity('editor'), key('RATE_REQUEST')],
      workingDays: 10,
      notBy: ['RESOLVE'],
      zh: '回访,企业不满意,重新办理。',
      en: 'Notes that the enterprise is not satisfied, so that the request is handled again.',
    },
    {
      action: 'STRIKE_OFF',
      from: ['REVISITED'],
      to: 'STRUCK_OFF',
      by: [publicity('leader')],
      isTask: true,
      workingDays: null,
      notBy: ['RESOLVE', 'REVISIT'],
      zh: '分管领导销号。',
      en: 'Strikes the request off. After two unhappy rounds it needs a reason.',
    },
    {
      action: 'STRIKE_OFF',
      from: ['RESOLVED'],
      to: 'STRUCK_OFF',
      when: 'isTwiceUnhappy',
      by: [publicity('leader')],
      workingDays: null,
      notBy: ['RESOLVE'],
      zh: '企业两次不满意后,分管领导说明理由销号。',
      en: 'Strikes the request off after two unhappy rounds, with a reason.',
    },
    {
      action: 'REOPEN',
      from: ['STRUCK_OFF'],
      to: 'ASSIGNED',
      when: 'mayReopen',
      by: [publicity('editor'), key('SUBMIT_REQUEST')],
      workingDays: 10,
      zh: '销号后三十日内重启,须说明理由。',
      en: 'Reopens the request within 30 days after it was struck off, with a reason.',
    },
    {
      action: 'ESCALATE',
      from: ['COLLECTED', 'ASSIGNED', 'CO_HANDLING', 'RESOLVED', 'REVISITED'],
      by: [publicity('editor', 'leader'), commissioner],
      zh: '提交例会或季度调度研究。',
      en: 'Puts the request before the monthly meeting or the quarterly one.',
    },
    {
      action: 'ESCALATE',
      from: ['COLLECTED', 'ASSIGNED', 'CO_HANDLING', 'RESOLVED', 'REVISITED'],
      when: 'isLongOverdue',
      by: [{ system: true }],
      zh: '逾期五个工作日仍未办的,自动提交例会。',
      en: 'Puts the request before the monthly meeting when it is five working days overdue.',
    },
  ],
};
