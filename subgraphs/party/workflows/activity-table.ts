import type { WorkflowTable } from '@wenshu/kit/workflow/table.ts';
import { partyBuilding } from './coverage-table.ts';

export type ActivityStage = 'RECORDED' | 'WITHDRAWN';
export type ActivityAction = 'RECORD' | 'WITHDRAW';

const host = { as: 'host', roles: ['editor'] } as const;

/** 三会一课: the meetings that Party organisations hold (中国共产党支部工作条例(试行), 2018). */
export const activityTable: WorkflowTable<ActivityStage, ActivityAction> = {
  type: 'PartyActivity',
  typeZh: '组织生活记录',
  owner: 'PROPAGANDA',
  closed: ['RECORDED', 'WITHDRAWN'],
  terms: {
    grace: {
      days: 5,
      zh: '周期结束后多久未记组织生活即为逾期。',
      en: 'After the end of a period from which on a meeting that nobody recorded is overdue.',
    },
  },
  transitions: [
    {
      action: 'RECORD',
      from: [],
      to: 'RECORDED',
      by: [...partyBuilding('editor'), host],
      workingDays: null,
      zh: '记一次组织生活;不记人名与人数。',
      en: 'Records a meeting, without names and numbers of people.',
    },
    {
      action: 'WITHDRAW',
      from: ['RECORDED'],
      to: 'WITHDRAWN',
      by: [...partyBuilding('editor'), host],
      workingDays: null,
      zh: '撤回误记,须说明理由。',
      en: 'Withdraws a record that was made in error, with the reason.',
    },
  ],
};
