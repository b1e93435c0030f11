import type { Actor, WorkflowTable } from '@wenshu/kit/workflow/table.ts';

export type BlacklistStage = 'PROPOSED' | 'BLACKLISTED' | 'PUBLISHED' | 'RESTORED' | 'LAPSED' | 'DROPPED';

export type BlacklistAction = 'PROPOSE' | 'STATE_CASE' | 'LIST' | 'DROP' | 'PUBLISH' | 'RESTORE' | 'LAPSE';

const listing = (...roles: NonNullable<Actor['roles']>): Actor => ({ as: 'listing', roles });

/** 黑名单: an entry from the prior notice to its end (青岛, 2021). */
export const blacklistTable: WorkflowTable<BlacklistStage, BlacklistAction> = {
  type: 'BlacklistEntry',
  typeZh: '黑名单记录',
  owner: 'MARKET_REGULATION',
  closed: ['RESTORED', 'LAPSED', 'DROPPED'],
  conditions: {
    mayState: {
      zh: '陈述、申辩期已过,或已陈述过。',
      en: 'The days for stating the case are over, or it was stated already.',
    },
    hasBeenHeard: {
      zh: '事先告知期未满,企业尚未陈述。',
      en: 'The prior notice is not over, and the enterprise has not stated its case.',
    },
    termHasEnded: { zh: '列入期未满。', en: 'The term of the entry has not ended.' },
  },
  transitions: [
    {
      action: 'PROPOSE',
      from: [],
      to: 'PROPOSED',
      by: [listing('editor')],
      workingDays: 10,
      zh: '拟列入并事先告知企业;企业自此可见。',
      en: 'Proposes the entry, with prior notice to the enterprise, which sees it from here on.',
    },
    {
      action: 'STATE_CASE',
      from: ['PROPOSED'],
      when: 'mayState',
      by: [{ key: 'OBJECT' }],
      zh: '企业陈述、申辩,一次。',
      en: 'The enterprise states its case, once.',
    },
    {
      action: 'LIST',
      from: ['PROPOSED'],
      to: 'BLACKLISTED',
      when: 'hasBeenHeard',
      by: [listing('leader')],
      isTask: true,
      workingDays: 7,
      notBy: ['PROPOSE'],
      zh: '决定列入,定期满之日。',
      en: 'Lists the enterprise until a day.',
    },
    {
      action: 'DROP',
      from: ['PROPOSED'],
      to: 'DROPPED',
      by: [listing('leader')],
      workingDays: null,
      notBy: ['PROPOSE'],
      zh: '不予列入,须说明理由。',
      en: 'Does not list the enterprise, with a reason.',
    },
    {
      action: 'PUBLISH',
      from: ['BLACKLISTED'],
      to: 'PUBLISHED',
      by: [listing('leader')],
      isTask: true,
      workingDays: null,
      notBy: ['PROPOSE'],
      zh: '公布。',
      en: 'Publishes the entry.',
    },
    {
      action: 'RESTORE',
      from: ['BLACKLISTED', 'PUBLISHED'],
      to: 'RESTORED',
      by: [listing('leader')],
      workingDays: null,
      notBy: ['PROPOSE', 'LIST'],
      zh: '信用修复,移出,须说明理由。',
      en: 'Restores the credit of the enterprise and removes it, with a reason.',
    },
    {
      action: 'LAPSE',
      from: ['BLACKLISTED', 'PUBLISHED'],
      to: 'LAPSED',
      when: 'termHasEnded',
      by: [{ system: true }],
      workingDays: null,
      zh: '列入期满,移出。',
      en: 'The term of the entry has ended.',
    },
  ],
};
