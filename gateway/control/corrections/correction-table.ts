import type { Actor, WorkflowTable } from '@wenshu/kit/workflow/table.ts';

export type CorrectionStage = 'SUBMITTED' | 'ACCEPTED' | 'REFUSED' | 'DISPUTED' | 'SETTLED' | 'WITHDRAWN';

export type CorrectionAction =
  | 'REQUEST'
  | 'DISPUTE_AGREEMENT'
  | 'ACCEPT'
  | 'REFUSE'
  | 'WITHDRAW'
  | 'DISPUTE'
  | 'SETTLE';

const requester: Actor = { as: 'requester', roles: ['editor', 'steward'] };
const key: Actor = { key: 'CORRECT' };
const owner: Actor = { as: 'owner', roles: ['editor', 'steward'] };

/**
 * 更正与异议: how a record is corrected at the request of a department or an enterprise, and how a refused agreement is disputed
 * (政务数据共享条例, 国务院令第809号).
 */
export const correctionTable: WorkflowTable<CorrectionStage, CorrectionAction> = {
  type: 'Correction',
  typeZh: '更正申请',
  owner: 'GOVERNMENT',
  closed: ['ACCEPTED', 'SETTLED', 'WITHDRAWN'],
  conditions: {
    mayDispute: {
      zh: '答复已逾十个工作日,不再受理异议。',
      en: 'The answer is more than ten working days old.',
    },
  },
  transitions: [
    {
      action: 'REQUEST',
      from: [],
      to: 'SUBMITTED',
      by: [requester, key],
      workingDays: 10,
      zh: '申请更正一条记录的一项,须有依据材料。',
      en: 'Asks for the correction of one item of a record, with evidence.',
    },
    {
      action: 'DISPUTE_AGREEMENT',
      from: [],
      to: 'DISPUTED',
      by: [requester],
      workingDays: 10,
      zh: '对不同意共享提出异议。',
      en: 'Disputes the refusal of an agreement.',
    },
    {
      action: 'ACCEPT',
      from: ['SUBMITTED'],
      to: 'ACCEPTED',
      by: [owner],
      isTask: true,
      workingDays: null,
      zh: '已更正,须指明更正后的版本。',
      en: 'Accepts it, and names the version that mends the record.',
    },
    {
      action: 'REFUSE',
      from: ['SUBMITTED'],
      to: 'REFUSED',
      by: [owner],
      isTask: true,
      workingDays: 10,
      zh: '不予更正,须说明理由;十个工作日内可提异议。',
      en: 'Refuses it, with the reason. It can be disputed within ten working days.',
    },
    {
      action: 'WITHDRAW',
      from: ['SUBMITTED', 'DISPUTED'],
      to: 'WITHDRAWN',
      by: [requester, key],
      workingDays: null,
      zh: '撤回。',
      en: 'Withdraws it.',
    },
    {
      action: 'DISPUTE',
      from: ['REFUSED'],
      to: 'DISPUTED',
      when: 'mayDispute',
      by: [requester, key],
      workingDays: 10,
      zh: '对不予更正提出异议,须说明理由。',
      en: 'Disputes the refusal, with the reason.',
    },
    {
      action: 'SETTLE',
      from: ['DISPUTED'],
      to: 'SETTLED',
      by: [{ department: 'GOVERNMENT', roles: ['leader'] }],
      isTask: true,
      workingDays: null,
      notBy: ['REQUEST', 'DISPUTE_AGREEMENT', 'ACCEPT', 'REFUSE', 'DISPUTE'],
      zh: '政府办公室分管领导裁定。',
      en: "A leader of the government's office settles the dispute.",
    },
  ],
};
