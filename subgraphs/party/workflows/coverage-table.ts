import type { Actor, WorkflowTable } from '@wenshu/kit/workflow/table.ts';

export type CoverageStage = 'UNKNOWN' | 'NOT_COVERED' | 'LIAISON' | 'PREPARING' | 'COVERED' | 'DISSOLVED';

export type CoverageAction =
  | 'RECORD_GAP'
  | 'APPOINT_LIAISON'
  | 'PREPARE'
  | 'ESTABLISH'
  | 'CHECK'
  | 'DISSOLVE';

/** The departments among which cities divide Party building (两新党建). */
export const partyBuilding = (...roles: NonNullable<Actor['roles']>): readonly Actor[] =>
  (['PROPAGANDA', 'ORGANISATION', 'SOCIAL_WORK'] as const).map((department) => ({ department, roles }));

const gap = {
  action: 'RECORD_GAP',
  to: 'NOT_COVERED',
  by: partyBuilding('editor'),
  zh: '记为未覆盖,须说明原因;半年内复核。',
  en: 'Records that no organisation covers it, with the reason. The next check is due in six months.',
} as const;

const liaison = {
  action: 'APPOINT_LIAISON',
  to: 'LIAISON',
  by: partyBuilding('editor'),
  zh: '派党建指导员或联络员;半年内复核。',
  en: 'Appoints an instructor or a liaison. The next check is due in six months.',
} as const;

const establish = {
  action: 'ESTABLISH',
  to: 'COVERED',
  by: partyBuilding('editor'),
  zh: '记为已覆盖,须注明党组织与方式;半年内复核。',
  en: 'Records the organisation that covers it, and how. The next check is due in six months.',
} as const;

/** 党建覆盖: how a park or enterprise comes to be covered by a Party organisation. */
export const coverageTable: WorkflowTable<CoverageStage, CoverageAction> = {
  type: 'PartyCoverageCase',
  typeZh: '覆盖台账',
  owner: 'PROPAGANDA',
  closed: ['DISSOLVED'],
  transitions: [
    { ...gap, from: [] },
    { ...gap, from: ['UNKNOWN', 'NOT_COVERED', 'LIAISON', 'PREPARING', 'DISSOLVED'] },
    { ...liaison, from: [] },
    { ...liaison, from: ['UNKNOWN', 'NOT_COVERED'] },
    {
      action: 'PREPARE',
      from: ['UNKNOWN', 'NOT_COVERED', 'LIAISON', 'DISSOLVED'],
      to: 'PREPARING',
      by: partyBuilding('editor'),
      zh: '筹建党组织;半年内复核。',
      en: 'Starts to set up an organisation. The next check is due in six months.',
    },
    { ...establish, from: [] },
    { ...establish, from: ['UNKNOWN', 'NOT_COVERED', 'LIAISON', 'PREPARING', 'DISSOLVED'] },
    {
      action: 'CHECK',
      from: ['NOT_COVERED', 'LIAISON', 'PREPARING', 'COVERED'],
      by: partyBuilding('editor'),
      isTask: true,
      zh: '复核,情况未变;半年内再复核。',
      en: 'Checks it: nothing has changed. The next check is due in six months.',
    },
    {
      action: 'DISSOLVE',
      from: ['COVERED'],
      to: 'DISSOLVED',
      by: partyBuilding('leader'),
      workingDays: null,
      notBy: ['ESTABLISH'],
      zh: '分管领导记为撤销。',
      en: 'Records that the organisation was dissolved. A leader does this.',
    },
  ],
};
