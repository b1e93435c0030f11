import type { Actor, WorkflowTable } from '@wenshu/kit/workflow/table.ts';

export type StarListStage = 'DRAFT' | 'VETTING' | 'OBJECTION_PERIOD' | 'PUBLISHED';

export type StarListAction =
  | 'DRAFT_LIST'
  | 'NOMINATE'
  | 'WITHDRAW_ENTRY'
  | 'SEND_TO_VETTING'
  | 'VET'
  | 'RETURN_LIST'
  | 'OPEN_OBJECTIONS'
  | 'RAISE_OBJECTION'
  | 'ANSWER_OBJECTION'
  | 'PUBLISH'
  | 'REMOVE_ENTRY';

const publicity = (...roles: NonNullable<Actor['roles']>): Actor => ({ department: 'PROPAGANDA', roles });
const editor = publicity('editor');
const leader = publicity('leader');

/** 明星榜单: how a star list is drafted, vetted, open for objections and published (武汉“服务直通车”工作方案, 2022). */
export const starListTable: WorkflowTable<StarListStage, StarListAction> = {
  type: 'StarList',
  typeZh: '榜单',
  owner: 'PROPAGANDA',
  closed: ['PUBLISHED'],
  conditions: {
    hasEntries: { zh: '榜单尚无提名。', en: 'Nobody is nominated.' },
    isVetted: {
      zh: '须每家企业都有全部联审意见,且有未被否决的企业;未提意见不视为同意。',
      en: 'Each entry needs the verdict of each agency, and at least one must stand. Silence clears nothing.',
    },
    isOpenForObjections: { zh: '公示期已满。', en: 'The days for objections are over.' },
    hasOpenObjection: { zh: '没有待答复的异议。', en: 'No objection waits for an answer.' },
    mayPublish: {
      zh: '须公示期满、异议均已答复,且有在列的企业。',
      en: 'The days for objections must be over, each objection answered, and at least one entry must stand.',
    },
  },
  terms: {
    objection: {
      days: 5,
      isWorkingDays: true,
      zh: '公示期。',
      en: 'In which everybody may object to a list.',
    },
  },
  transitions: [
    {
      action: 'DRAFT_LIST',
      from: [],
      to: 'DRAFT',
      by: [editor],
      workingDays: null,
      zh: '拟定榜单及四项依据的权重。',
      en: 'Drafts the list, with the weights of the four criteria.',
    },
    {
      action: 'NOMINATE',
      from: ['DRAFT'],
      by: [editor],
      zh: '提名企业并评分;经营业绩由企业申报,不取自统计报送。',
      en: 'Nominates an enterprise with its scores. Its performance is what it declares, never its statistical returns.',
    },
    {
      action: 'WITHDRAW_ENTRY',
      from: ['DRAFT'],
      by: [editor],
      zh: '撤回提名。',
      en: 'Withdraws a nomination.',
    },
    {
      action: 'SEND_TO_VETTING',
      from: ['DRAFT'],
      to: 'VETTING',
      when: 'hasEntries',
      by: [editor],
      isTask: true,
      workingDays: 5,
      zh: '送市场监管、税务、网信联审。',
      en: 'Sends the list to market regulation, tax and cyberspace affairs.',
    },
    {
      action: 'VET',
      from: ['VETTING'],
      by: [{ as: 'silentVetter', roles: ['editor', 'leader'] }],
      isTask: true,
      zh: '联审单位逐家提出无异议或否决及理由;未提意见不视为同意。',
      en: 'Clears or vetoes entries, a veto with its reason. Silence clears nothing.',
    },
    {
      action: 'RETURN_LIST',
      from: ['VETTING', 'OBJECTION_PERIOD'],
      to: 'DRAFT',
      by: [leader],
      workingDays: null,
      zh: '退回重拟,须说明理由;联审意见作废,须重新联审。',
      en: 'Returns the list to its draft, with a reason. The verdicts lapse, and it is vetted anew.',
    },
    {
      action: 'OPEN_OBJECTIONS',
      from: ['VETTING'],
      to: 'OBJECTION_PERIOD',
      when: 'isVetted',
      by: [editor],
      isTask: true,
      // Five days for objections, and five to answer them and to publish.
      workingDays: 10,
      zh: '公示五个工作日,期满后五个工作日内发布。',
      en: 'Opens the list for objections for 5 working days. It is to be published within 5 more.',
    },
    {
      action: 'RAISE_OBJECTION',
      from: ['OBJECTION_PERIOD'],
      when: 'isOpenForObjections',
      by: [
        { key: 'OBJECT', ofAnyEnterprise: true },
        { as: 'reader', roles: ['editor', 'leader'] },
      ],
      zh: '公示期内,企业或单位提出异议。',
      en: 'Objects to the list or to an entry, while it is open for objections.',
    },
    {
      action: 'ANSWER_OBJECTION',
      from: ['OBJECTION_PERIOD'],
      when: 'hasOpenObjection',
      by: [publicity('editor', 'leader')],
      isTask: true,
      notBy: ['RAISE_OBJECTION'],
      zh: '答复异议;成立的,所异议的企业取消入选。',
      en: 'Answers an objection. If it is upheld, the entry stands no longer.',
    },
    {
      action: 'PUBLISH',
      from: ['OBJECTION_PERIOD'],
      to: 'PUBLISHED',
      when: 'mayPublish',
      by: [leader],
      isTask: true,
      workingDays: null,
      notBy: ['DRAFT_LIST', 'NOMINATE', 'SEND_TO_VETTING', 'OPEN_OBJECTIONS'],
      zh: '分管领导发布;拟定者不得发布。',
      en: 'Publishes the list. Who drafted it may not.',
    },
    {
      action: 'REMOVE_ENTRY',
      from: ['PUBLISHED'],
      by: [leader],
      notBy: ['DRAFT_LIST', 'NOMINATE'],
      zh: '发布后移出一家企业,须说明理由;记录保留,不再公开。',
      en: 'Removes an entry after publication, with a reason. It stays on record, and leaves the open views.',
    },
  ],
};
