import type { Actor, Transition, WorkflowTable } from '@wenshu/kit/workflow/table.ts';

export type FindingStage =
  | 'SUSPECTED'
  | 'WARNED'
  | 'CORRECTED'
  | 'FILED'
  | 'NOTIFIED'
  | 'PENALISED'
  | 'EXEMPTED'
  | 'DISMISSED'
  | 'PUBLISHED'
  | 'SET_ASIDE'
  | 'WITHDRAWN'
  | 'RESTORED'
  | 'LAPSED';

export type FindingAction =
  | 'ADD'
  | 'WARN'
  | 'NOTE_CORRECTION'
  | 'FILE'
  | 'DISMISS'
  | 'NOTIFY'
  | 'STATE_CASE'
  | 'EXEMPT'
  | 'PENALISE'
  | 'PUBLISH'
  | 'SET_ASIDE'
  | 'WITHDRAW'
  | 'RESTORE'
  | 'LAPSE';

const inspecting = (...roles: NonNullable<Actor['roles']>): Actor => ({ as: 'inspecting', roles });
const ofCase = (...roles: NonNullable<Actor['roles']>): Actor => ({ as: 'caseAgency', roles });

type Row = Transition<FindingStage, FindingAction>;

const suspicion: readonly Row[] = [
  {
    action: 'ADD',
    from: [],
    to: 'SUSPECTED',
    by: [inspecting('editor')],
    workingDays: 15,
    zh: '登记检查发现的涉嫌问题。',
    en: 'Records a problem that an inspection found.',
  },
  {
    action: 'WARN',
    from: ['SUSPECTED'],
    to: 'WARNED',
    by: [inspecting('editor', 'leader')],
    zh: '约谈、告诫或责令改正,定改正期限;企业即可见。',
    en: 'Warns the enterprise, which has to correct the fault by a day. It sees the finding from here on.',
  },
  {
    action: 'NOTE_CORRECTION',
    from: ['WARNED'],
    to: 'CORRECTED',
    by: [inspecting('editor')],
    isTask: true,
    workingDays: null,
    zh: '核实已改正,了结。',
    en: 'Notes that the fault is corrected, which closes the finding.',
  },
  {
    action: 'NOTE_CORRECTION',
    from: ['SUSPECTED', 'FILED', 'NOTIFIED'],
    by: [inspecting('editor')],
    zh: '核实已改正。',
    en: 'Notes that the fault is corrected.',
  },
  {
    action: 'FILE',
    from: ['SUSPECTED', 'WARNED'],
    to: 'FILED',
    by: [inspecting('leader')],
    isTask: true,
    notBy: ['ADD'],
    zh: '立案;该机构为承办机关,自立案起九十日内作出决定。',
    en: 'Files a case. The agency has the case from here on, and decides it within 90 days.',
  },
  {
    action: 'DISMISS',
    from: ['SUSPECTED'],
    to: 'DISMISSED',
    by: [inspecting('leader')],
    isTask: true,
    workingDays: null,
    notBy: ['ADD'],
    zh: '不予立案,须说明理由。',
    en: 'Files no case, with a reason.',
  },
];

const caseInHand: readonly Row[] = [
  {
    action: 'DISMISS',
    from: ['FILED', 'NOTIFIED'],
    to: 'DISMISSED',
    by: [ofCase('leader')],
    workingDays: null,
    notBy: ['ADD', 'NOTIFY'],
    zh: '违法事实不成立,撤销立案,须说明理由。',
    en: 'Ends the case because there was no violation, with a reason.',
  },
  {
    action: 'NOTIFY',
    from: ['FILED'],
    to: 'NOTIFIED',
    by: [ofCase('editor')],
    isTask: true,
    zh: '告知企业拟作决定及陈述、申辩的权利;企业自此可见。',
    en: 'Notifies the enterprise, which sees the finding from here on and may state its case.',
  },
  {
    action: 'STATE_CASE',
    from: ['NOTIFIED'],
    when: 'mayState',
    by: [{ key: 'OBJECT' }],
    zh: '企业陈述、申辩,一次。',
    en: 'The enterprise states its case, once.',
  },
  {
    action: 'EXEMPT',
    from: ['SUSPECTED'],
    to: 'EXEMPTED',
    by: [inspecting('leader')],
    workingDays: null,
    notBy: ['ADD'],
    zh: '依法不予处罚(首错免罚)。',
    en: 'Exempts the enterprise from a penalty by law.',
  },
  {
    action: 'EXEMPT',
    from: ['NOTIFIED'],
    to: 'EXEMPTED',
    by: [ofCase('leader')],
    workingDays: null,
    notBy: ['ADD', 'NOTIFY'],
    zh: '依法不予处罚(首错免罚)。',
    en: 'Exempts the enterprise from a penalty by law.',
  },
  {
    action: 'PENALISE',
    from: ['NOTIFIED'],
    to: 'PENALISED',
    when: 'hasBeenHeard',
    by: [ofCase('leader')],
    isTask: true,
    workingDays: 7,
    notBy: ['ADD', 'NOTIFY'],
    zh: '作出行政处罚决定。',
    en: 'Decides on a penalty.',
  },
];

const publication: readonly Row[] = [
  {
    action: 'PUBLISH',
    from: ['PENALISED'],
    to: 'PUBLISHED',
    by: [ofCase('editor')],
    isTask: true,
    workingDays: null,
    notBy: ['PENALISE'],
    zh: '公示处罚决定。',
    en: 'Publishes the penalty.',
  },
  {
    action: 'SET_ASIDE',
    from: ['PENALISED'],
    to: 'WITHDRAWN',
    by: [ofCase('leader')],
    workingDays: null,
    notBy: ['ADD', 'NOTIFY'],
    zh: '处罚决定被撤销,未曾公示。',
    en: 'Notes that the decision was set aside before it was published.',
  },
  {
    action: 'SET_ASIDE',
    from: ['PUBLISHED'],
    to: 'SET_ASIDE',
    by: [ofCase('editor')],
    workingDays: 3,
    zh: '处罚决定被撤销,待撤下公示。',
    en: 'Notes that the decision was set aside. Its publication has to be withdrawn.',
  },
  {
    action: 'WITHDRAW',
    from: ['SET_ASIDE'],
    to: 'WITHDRAWN',
    by: [ofCase('leader')],
    isTask: true,
    workingDays: null,
    notBy: ['SET_ASIDE'],
    zh: '撤下公示。',
    en: 'Withdraws the publication.',
  },
  {
    action: 'RESTORE',
    from: ['PUBLISHED'],
    to: 'RESTORED',
    by: [ofCase('leader')],
    workingDays: null,
    notBy: ['PUBLISH'],
    zh: '信用修复,停止公示。',
    en: 'Restores the credit of the enterprise, which ends the publication.',
  },
  {
    action: 'LAPSE',
    from: ['PUBLISHED'],
    to: 'LAPSED',
    when: 'termHasEnded',
    by: [{ system: true }],
    workingDays: null,
    zh: '公示期满。',
    en: 'The term of the publication has ended.',
  },
];

/** 联合执法、首错免罚: a problem that an inspection found, from the suspicion to the end of the publication (青岛, 2021). */
export const findingTable: WorkflowTable<FindingStage, FindingAction> = {
  type: 'Finding',
  typeZh: '检查问题',
  owner: 'MARKET_REGULATION',
  closed: ['CORRECTED', 'DISMISSED', 'EXEMPTED', 'WITHDRAWN', 'RESTORED', 'LAPSED'],
  conditions: {
    mayState: {
      zh: '陈述、申辩期已过,或已陈述过。',
      en: 'The days for stating the case are over, or it was stated already.',
    },
    hasBeenHeard: {
      zh: '陈述、申辩期未满,企业尚未陈述。',
      en: 'The enterprise may still state its case.',
    },
    termHasEnded: { zh: '公示期未满。', en: 'The term of the publication has not ended.' },
  },
  transitions: [...suspicion, ...caseInHand, ...publication],
};
