import type { WorkflowTable } from '@wenshu/kit/workflow/table.ts';

export type RunStage = 'RUNNING' | 'DONE';

export type RunAction = 'START' | 'RUN' | 'CONTINUE' | 'FINISH';

const by = [{ as: 'paying', roles: ['editor'] }] as const;

/** How a run of matching goes over the enterprises of a region, one page of the register a time. */
export const matchingRunTable: WorkflowTable<RunStage, RunAction> = {
  type: 'MatchingRun',
  typeZh: '匹配',
  owner: 'PROPAGANDA',
  closed: ['DONE'],
  conditions: {
    isPayable: {
      zh: '所依据的兑付规则已不再有效,或不在兑付期内。',
      en: 'The payment rule on which the run rests is not in force today.',
    },
  },
  transitions: [
    {
      action: 'RUN',
      from: [],
      to: 'DONE',
      by,
      workingDays: null,
      zh: '匹配一页即毕。',
      en: 'Matches all enterprises, which are one page.',
    },
    {
      action: 'START',
      from: [],
      to: 'RUNNING',
      by,
      workingDays: null,
      zh: '匹配首页,尚有后页。',
      en: 'Matches the first page.',
    },
    {
      action: 'CONTINUE',
      from: ['RUNNING'],
      when: 'isPayable',
      by,
      isTask: true,
      zh: '匹配下一页,尚有后页。',
      en: 'Matches the next page.',
    },
    {
      action: 'FINISH',
      from: ['RUNNING'],
      to: 'DONE',
      when: 'isPayable',
      by,
      workingDays: null,
      zh: '匹配末页。',
      en: 'Matches the last page.',
    },
  ],
};
