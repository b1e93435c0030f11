import type { WorkflowTable } from '@wenshu/kit/workflow/table.ts';
import { partyBuilding } from './coverage-table.ts';

export type BrandStage = 'NOMINATED' | 'CULTIVATED' | 'AWARDED' | 'DROPPED';
export type BrandAction = 'NOMINATE' | 'CULTIVATE' | 'DROP' | 'AWARD';

/** 党建品牌: how a brand is nominated, cultivated and awarded (朝阳区非公党建品牌培育计划). */
export const brandTable: WorkflowTable<BrandStage, BrandAction> = {
  type: 'PartyBrand',
  typeZh: '党建品牌',
  owner: 'PROPAGANDA',
  closed: ['AWARDED', 'DROPPED'],
  transitions: [
    {
      action: 'NOMINATE',
      from: [],
      to: 'NOMINATED',
      by: partyBuilding('editor'),
      workingDays: 20,
      zh: '申报品牌。',
      en: 'Nominates a brand.',
    },
    {
      action: 'CULTIVATE',
      from: ['NOMINATED'],
      to: 'CULTIVATED',
      by: partyBuilding('editor', 'leader'),
      isTask: true,
      workingDays: null,
      zh: '列入培育。',
      en: 'Begins to cultivate the brand.',
    },
    {
      action: 'DROP',
      from: ['NOMINATED', 'CULTIVATED'],
      to: 'DROPPED',
      by: partyBuilding('editor', 'leader'),
      workingDays: null,
      zh: '不列入培育,须说明理由。',
      en: 'Decides not to cultivate the brand, with the reason.',
    },
    {
      action: 'AWARD',
      from: ['CULTIVATED'],
      to: 'AWARDED',
      by: partyBuilding('leader'),
      workingDays: null,
      notBy: ['NOMINATE', 'CULTIVATE'],
      zh: '分管领导命名,须给称号。',
      en: 'Awards the brand a title. A leader does this, who neither nominated it nor took it up.',
    },
  ],
};

export type BrandPlanStage = 'IN_FORCE';
export type BrandPlanAction = 'SET';

const set = {
  action: 'SET',
  to: 'IN_FORCE',
  by: partyBuilding('leader'),
  zh: '分管领导定当年的培育数,可改。',
  en: 'Sets the number of brands for the year, or changes it. A leader does this.',
} as const;

/** 培育计划: how many brands a region means to cultivate in a year. */
export const brandPlanTable: WorkflowTable<BrandPlanStage, BrandPlanAction> = {
  type: 'PartyBrandPlan',
  typeZh: '培育计划',
  owner: 'PROPAGANDA',
  closed: [],
  transitions: [
    { ...set, from: [] },
    { ...set, from: ['IN_FORCE'] },
  ],
};
