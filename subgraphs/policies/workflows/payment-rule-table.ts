import type { WorkflowTable } from '@wenshu/kit/workflow/table.ts';

export type RuleStage = 'PROPOSED' | 'IN_FORCE' | 'REFUSED' | 'ENDED';

export type RuleAction = 'PROPOSE' | 'APPROVE' | 'REFUSE' | 'END';

/** How a measure becomes payable: window, amount, budget, confirmation, publicity and the agencies that take part. */
export const paymentRuleTable: WorkflowTable<RuleStage, RuleAction> = {
  type: 'PaymentRule',
  typeZh: '兑付规则',
  owner: 'PROPAGANDA',
  closed: ['REFUSED', 'ENDED'],
  transitions: [
    {
      action: 'PROPOSE',
      from: [],
      to: 'PROPOSED',
      by: [{ as: 'paying', roles: ['editor'] }],
      workingDays: 5,
      zh: '措施的责任单位或政策的发布单位拟定。',
      en: 'Proposes a rule. An agency responsible for the measure, or one that issued the policy, does this.',
    },
    {
      action: 'APPROVE',
      from: ['PROPOSED'],
      to: 'IN_FORCE',
      by: [{ as: 'paying', roles: ['leader'] }],
      isTask: true,
      workingDays: null,
      notBy: ['PROPOSE'],
      zh: '分管领导批准;一项措施同时只有一项规则有效。',
      en: 'Puts the rule in force. A measure has one rule in force at a time.',
    },
    {
      action: 'REFUSE',
      from: ['PROPOSED'],
      to: 'REFUSED',
      by: [{ as: 'paying', roles: ['leader'] }],
      workingDays: null,
      notBy: ['PROPOSE'],
      zh: '分管领导不予批准,须说明理由。',
      en: 'Refuses the rule, with a reason.',
    },
    {
      action: 'END',
      from: ['IN_FORCE'],
      to: 'ENDED',
      by: [{ as: 'paying', roles: ['leader'] }],
      workingDays: null,
      notBy: ['PROPOSE'],
      zh: '分管领导终止,须说明理由;已产生的兑付照常办理。',
      en: 'Ends the rule, with a reason. Payouts that were matched before go on.',
    },
  ],
};
