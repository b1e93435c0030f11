import type { WorkflowTable } from '@wenshu/kit/workflow/table.ts';

export type GuidePriceStage = 'IN_FORCE' | 'WITHDRAWN';
export type GuidePriceAction = 'RECORD' | 'WITHDRAW';

/** 诚信旅游指导价: the record of a guide price, and its end before its period is over (青岛, 2021). */
export const guidePriceTable: WorkflowTable<GuidePriceStage, GuidePriceAction> = {
  type: 'GuidePrice',
  typeZh: '指导价',
  owner: 'CULTURE_TOURISM',
  closed: ['WITHDRAWN'],
  transitions: [
    {
      action: 'RECORD',
      from: [],
      to: 'IN_FORCE',
      by: [{ department: 'CULTURE_TOURISM', roles: ['editor', 'leader'] }],
      zh: '登记协会发布的指导价。',
      en: 'Records a guide price that associations issued.',
    },
    {
      action: 'WITHDRAW',
      from: ['IN_FORCE'],
      to: 'WITHDRAWN',
      by: [{ department: 'CULTURE_TOURISM', roles: ['leader'] }],
      notBy: ['RECORD'],
      zh: '废止,须说明理由。',
      en: 'Withdraws it before its period is over, with a reason.',
    },
  ],
};
