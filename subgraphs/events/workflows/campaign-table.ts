import type { Actor, WorkflowTable } from '@wenshu/kit/workflow/table.ts';

export type CampaignStage = 'PLANNED' | 'RUNNING' | 'DONE' | 'PUBLISHED' | 'CANCELLED';
export type CampaignAction =
  | 'PLAN'
  | 'INVITE'
  | 'JOIN'
  | 'DECLINE'
  | 'START'
  | 'FINISH'
  | 'PUBLISH'
  | 'CANCEL';

const lead = (...roles: NonNullable<Actor['roles']>): Actor => ({ as: 'lead', roles });
const invited: Actor = { as: 'invited', roles: ['leader'] };

/** 联合执法行动: an inspection campaign of several agencies, from its plan to the publication of its totals (青岛, 2021). */
export const campaignTable: WorkflowTable<CampaignStage, CampaignAction> = {
  type: 'InspectionCampaign',
  typeZh: '联合检查行动',
  owner: 'MARKET_REGULATION',
  closed: ['PUBLISHED', 'CANCELLED'],
  transitions: [
    {
      action: 'PLAN',
      from: [],
      to: 'PLANNED',
      by: [lead('editor', 'leader')],
      zh: '牵头机关拟定行动,邀请其他机构;计划只有受邀机构可见。',
      en: 'Plans a campaign and invites other agencies. Only the agencies that it names see the plan.',
    },
    {
      action: 'INVITE',
      from: ['PLANNED', 'RUNNING'],
      by: [lead('editor', 'leader')],
      zh: '再邀请机构。',
      en: 'Invites further agencies.',
    },
    {
      action: 'JOIN',
      from: ['PLANNED', 'RUNNING'],
      by: [invited],
      isTask: true,
      zh: '受邀机构参加。',
      en: 'Joins the campaign.',
    },
    {
      action: 'DECLINE',
      from: ['PLANNED', 'RUNNING'],
      by: [invited],
      zh: '受邀机构不参加,须说明理由。',
      en: 'Does not join the campaign, with a reason.',
    },
    {
      action: 'START',
      from: ['PLANNED'],
      to: 'RUNNING',
      by: [lead('leader')],
      isTask: true,
      notBy: ['PLAN'],
      zh: '开始行动。',
      en: 'Starts the campaign.',
    },
    {
      action: 'FINISH',
      from: ['RUNNING'],
      to: 'DONE',
      by: [lead('leader')],
      isTask: true,
      workingDays: 10,
      zh: '结束行动。',
      en: 'Ends the campaign.',
    },
    {
      action: 'PUBLISH',
      from: ['DONE'],
      to: 'PUBLISHED',
      by: [lead('leader')],
      isTask: true,
      workingDays: null,
      notBy: ['PLAN'],
      zh: '公布总数,不公布个案。',
      en: 'Publishes the totals, and no single case.',
    },
    {
      action: 'CANCEL',
      from: ['PLANNED'],
      to: 'CANCELLED',
      by: [lead('leader')],
      workingDays: null,
      zh: '取消行动,须说明理由。',
      en: 'Cancels the campaign, with a reason.',
    },
  ],
};
