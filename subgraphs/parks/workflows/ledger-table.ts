import type { Actor, WorkflowTable } from '@wenshu/kit/workflow/table.ts';

export type LedgerStage = 'ON_TRACK' | 'REMINDED' | 'NOTICED' | 'DISCIPLINE_PROPOSED' | 'COMPLETED';

export type LedgerAction =
  | 'SET_PLAN'
  | 'REVISE_PLAN'
  | 'RECORD_STAGE'
  | 'COMPLETE'
  | 'CORRECT_STAGE'
  | 'REPORT_PROGRESS'
  | 'REPORT_PROBLEM'
  | 'CORRECT_PROGRESS'
  | 'PUBLISH_QUARTER'
  | 'REMIND'
  | 'NOTICE'
  | 'PROPOSE_DISCIPLINE'
  | 'CATCH_UP';

const open = ['ON_TRACK', 'REMINDED', 'NOTICED', 'DISCIPLINE_PROPOSED'] as const;
const all = [...open, 'COMPLETED'] as const;

const owner = (...roles: NonNullable<Actor['roles']>): Actor => ({ department: 'CULTURE_TOURISM', roles });
const responsible: Actor = { as: 'responsible', roles: ['editor', 'leader'] };

/**
 * 重点项目台账: how a key project is planned, reported month by month, and pressed when it falls behind. The stage of a
 * ledger says how hard it is pressed; the stage of the project is a column of its own.
 */
export const ledgerTable: WorkflowTable<LedgerStage, LedgerAction> = {
  type: 'ProjectLedger',
  typeZh: '项目台账',
  owner: 'CULTURE_TOURISM',
  isOpen: true,
  closed: ['COMPLETED'],
  conditions: {
    isBehind: {
      zh: '项目未落后于计划。',
      en: 'The project is not behind its plan.',
    },
    isNotBehind: { zh: '项目仍落后于计划。', en: 'The project is still behind its plan.' },
  },
  transitions: [
    {
      action: 'SET_PLAN',
      from: [],
      to: 'ON_TRACK',
      by: [owner('editor')],
      zh: '立台账:节点、年度计划、责任单位、包联单位;次月五日前报首月进度。',
      en: 'Opens the ledger with milestones, year plans and agencies. The first month is reported by the 5th of the next.',
    },
    {
      action: 'REVISE_PLAN',
      from: open,
      by: [owner('leader')],
      notBy: ['SET_PLAN'],
      zh: '分管领导调整计划,须说明理由。',
      en: 'Changes the plan, with a reason.',
    },
    {
      action: 'RECORD_STAGE',
      from: open,
      by: [responsible, owner('editor')],
      zh: '记载项目进入的阶段,附依据;不得早于已记阶段,不得在今后。',
      en: 'Records the stage that the project has reached, with its source. It is later than the recorded one.',
    },
    {
      action: 'COMPLETE',
      from: all,
      to: 'COMPLETED',
      by: [responsible, owner('editor')],
      workingDays: null,
      zh: '记载竣工或投用,附依据;此后不再报进度。',
      en: 'Records that the project is completed or in use, with its source. Nothing is reported after that.',
    },
    {
      action: 'CORRECT_STAGE',
      from: open,
      by: [owner('leader')],
      notBy: ['RECORD_STAGE'],
      zh: '更正误记的阶段,退回先前阶段,须说明理由。',
      en: 'Corrects a wrong record: leads back to an earlier stage, with a reason.',
    },
    {
      action: 'CORRECT_STAGE',
      from: ['COMPLETED'],
      to: 'ON_TRACK',
      by: [owner('leader')],
      notBy: ['RECORD_STAGE', 'COMPLETE'],
      zh: '更正误记的竣工,恢复报进度,须说明理由。',
      en: 'Corrects a wrong completion, with a reason. Progress is reported again.',
    },
    {
      action: 'REPORT_PROGRESS',
      from: open,
      by: [responsible],
      isTask: true,
      zh: '次月五日前报当年累计完成投资,不得少于上月。',
      en: 'Reports the money spent since 1 January, by the 5th of the next month. It is never less than before.',
    },
    {
      action: 'REPORT_PROBLEM',
      from: open,
      by: [responsible],
      zh: '报进度并提出问题,由平台转为服务诉求。',
      en: 'Reports progress with a problem, which the hub makes a service request.',
    },
    {
      action: 'CORRECT_PROGRESS',
      from: open,
      by: [responsible],
      zh: '更正未通报季度内已报的月份,须说明理由。',
      en: 'Corrects a reported month of a quarter that is not published, with a reason.',
    },
    {
      action: 'PUBLISH_QUARTER',
      from: all,
      by: [owner('leader')],
      notBy: ['SET_PLAN', 'REPORT_PROGRESS', 'REPORT_PROBLEM', 'CORRECT_PROGRESS'],
      zh: '分管领导通报一个季度:该季度台账封存并公开。',
      en: 'Publishes a quarter: its ledger is frozen and open.',
    },
    {
      action: 'REMIND',
      from: ['ON_TRACK'],
      to: 'REMINDED',
      when: 'isBehind',
      by: [owner('editor')],
      zh: '落后于计划的,提醒责任单位。',
      en: 'Reminds the agency in charge of a project that is behind.',
    },
    {
      action: 'NOTICE',
      from: ['REMINDED'],
      to: 'NOTICED',
      when: 'isBehind',
      by: [owner('leader')],
      notBy: ['REMIND'],
      zh: '提醒后仍落后的,通报责任单位。',
      en: 'Gives notice to the agency in charge after a reminder.',
    },
    {
      action: 'PROPOSE_DISCIPLINE',
      from: ['NOTICED'],
      to: 'DISCIPLINE_PROPOSED',
      when: 'isBehind',
      by: [owner('leader')],
      notBy: ['REMIND'],
      zh: '通报后仍落后的,建议问责。',
      en: 'Proposes discipline after a notice.',
    },
    {
      action: 'CATCH_UP',
      from: ['REMINDED', 'NOTICED', 'DISCIPLINE_PROPOSED'],
      to: 'ON_TRACK',
      when: 'isNotBehind',
      by: [{ system: true }],
      zh: '赶上计划后自动销号。',
      en: 'Notes that the project has caught up with its plan.',
    },
  ],
};
