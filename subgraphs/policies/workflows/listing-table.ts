import type { Actor, WorkflowTable } from '@wenshu/kit/workflow/table.ts';

export type ListingStage = 'LISTED' | 'ENDED';

export type ListingAction = 'RECORD' | 'END';

const publicity: Actor = { department: 'PROPAGANDA', roles: ['editor', 'leader'] };

/** 白名单、培育库、直通车名单: how an enterprise comes on a list and leaves it. */
export const listingTable: WorkflowTable<ListingStage, ListingAction> = {
  type: 'Listing',
  typeZh: '名单记录',
  owner: 'PROPAGANDA',
  closed: ['ENDED'],
  conditions: { isOver: { zh: '止日未过。', en: 'Its last day is not over.' } },
  transitions: [
    {
      action: 'RECORD',
      from: [],
      to: 'LISTED',
      by: [publicity],
      workingDays: null,
      zh: '列入名单,注明依据与起止日期。',
      en: 'Puts an enterprise on a list, with the basis and the days on which it holds.',
    },
    {
      action: 'END',
      from: ['LISTED'],
      to: 'ENDED',
      when: 'isOver',
      by: [publicity],
      isTask: true,
      workingDays: null,
      zh: '止日已过,移出名单;续列者另行列入。',
      en: 'Takes an enterprise off a list after its last day; one that stays is put on it anew.',
    },
    {
      action: 'END',
      from: ['LISTED'],
      to: 'ENDED',
      by: [publicity],
      workingDays: null,
      zh: '移出名单,须说明理由。',
      en: 'Takes an enterprise off a list, with a reason.',
    },
  ],
};
