import type { WorkflowTable } from '@wenshu/kit/workflow/table.ts';

export type InspectionStage = 'RECORDED';
export type InspectionAction = 'RECORD';

/** Records of inspections that took place: one action, whose repeat with the same key makes no second record. */
export const inspectionTable: WorkflowTable<InspectionStage, InspectionAction> = {
  type: 'Inspection',
  typeZh: '检查',
  owner: 'MARKET_REGULATION',
  closed: ['RECORDED'],
  transitions: [
    {
      action: 'RECORD',
      from: [],
      to: 'RECORDED',
      by: [{ as: 'inspecting', roles: ['editor'] }],
      workingDays: null,
      zh: '登记一次检查。',
      en: 'Records an inspection that took place.',
    },
  ],
};
