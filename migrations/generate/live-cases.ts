import type { BlacklistAction } from '@wenshu/enterprises/workflows/blacklist-table.ts';
import type { FindingAction } from '@wenshu/enterprises/workflows/finding-table.ts';

/** An action, and how many days before today it is carried out. */
export type LiveAct<Action extends string> = readonly [action: Action, daysAgo: number, dueInDays?: number];

/** A case that is still open, so that a trial has tasks in each stage: some new, some due soon, some overdue. */
export type LiveCase = { readonly daysAgo: number; readonly acts: readonly LiveAct<FindingAction>[] };

export const liveCases: readonly LiveCase[] = [
  { daysAgo: 3, acts: [['ADD', 2]] },
  { daysAgo: 21, acts: [['ADD', 19]] },
  { daysAgo: 40, acts: [['ADD', 38]] },
  {
    daysAgo: 12,
    acts: [
      ['ADD', 11],
      ['WARN', 9, 1],
    ],
  },
  {
    daysAgo: 30,
    acts: [
      ['ADD', 29],
      ['WARN', 25, -4],
    ],
  },
  {
    daysAgo: 15,
    acts: [
      ['ADD', 14],
      ['FILE', 8],
    ],
  },
  {
    daysAgo: 16,
    acts: [
      ['ADD', 15],
      ['FILE', 9],
      ['NOTIFY', 2],
    ],
  },
  {
    daysAgo: 110,
    acts: [
      ['ADD', 108],
      ['FILE', 95],
      ['NOTIFY', 60],
    ],
  },
  {
    daysAgo: 60,
    acts: [
      ['ADD', 58],
      ['FILE', 50],
      ['NOTIFY', 40],
      ['PENALISE', 8],
    ],
  },
  {
    daysAgo: 90,
    acts: [
      ['ADD', 88],
      ['FILE', 80],
      ['NOTIFY', 70],
      ['PENALISE', 40],
      ['PUBLISH', 35],
      ['SET_ASIDE', 2],
    ],
  },
];

/** Proposals and entries of the blacklist that are still open. */
export const liveEntries: readonly (readonly LiveAct<BlacklistAction>[])[] = [
  [['PROPOSE', 3]],
  [['PROPOSE', 20]],
  [
    ['PROPOSE', 30],
    ['LIST', 7],
  ],
];
