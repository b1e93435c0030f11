import { percent } from '@wenshu/kit/percent.ts';
import { type CoverageTable, type Scope, sizeOf } from './coverage-table.ts';

/** What a count is of, in both languages. */
interface Counted {
  readonly zh: string;
  readonly en: string;
}

export const countedParks: Counted = { zh: '园区', en: 'parks' };
export const countedEnterprises: Counted = { zh: '企业', en: 'enterprises' };

interface Reason {
  readonly reason: string;
  readonly reasonZh: string;
}

const noNumbers = { covered: null, notCovered: null, unknown: null };
const noRates = { rate: null, rateAtLeast: null, rateAtMost: null };

/** Returns the count of an agency that does not answer. */
export const countWithoutTotal = ({ zh, en }: Counted) => ({
  total: null,
  ...noNumbers,
  ...noRates,
  levelUnknown: null,
  isSuppressed: false,
  reason: `The agency that keeps the ${en} does not answer.`,
  reasonZh: `掌握${zh}名录的部门未应答。`,
});

/** Returns how many units of a scope are covered, and the rate as far as it is known. */
export function countOf(table: CoverageTable, scope: Scope, counted: Counted) {
  const tally = table.tallyOf(scope);
  const total = sizeOf(tally);
  const levelUnknown = scope.level == null ? 0 : table.withoutLevel(scope);
  const count = { total, levelUnknown, isSuppressed: total > 0 && table.isSuppressed(scope) };
  if (total === 0) {
    return {
      ...count,
      covered: 0,
      notCovered: 0,
      unknown: 0,
      ...noRates,
      ...nothingCounts(counted, levelUnknown),
    };
  }
  if (count.isSuppressed) return { ...count, ...noNumbers, ...noRates, ...wouldReveal(counted) };
  // A park of unknown level may belong to the scope, and may be covered or not.
  const [{ covered, unknown }, open] = [tally, levelUnknown];
  const isKnown = unknown + open === 0;
  return {
    ...count,
    ...tally,
    rate: isKnown ? percent(covered, total, 'half up') : null,
    rateAtLeast: percent(covered, total + open, isKnown ? 'half up' : 'down'),
    rateAtMost: percent(covered + unknown + open, total + open, isKnown ? 'half up' : 'up'),
    ...(isKnown ? { reason: null, reasonZh: null } : isUnknown(counted, unknown, total, levelUnknown)),
  };
}

const nothingCounts = ({ zh, en }: Counted, levelUnknown: number): Reason =>
  joined([[`No ${en} on record count here.`, `没有可计的${zh}记录。`], ...ofUnknownLevel(levelUnknown)]);

const wouldReveal = ({ zh, en }: Counted): Reason => ({
  reason: `Hidden: the numbers would reveal single ${en}, because a part holds fewer than 3 of them or all, or could be computed from other numbers.`,
  reasonZh: `不给出:某一部分不足 3 家或包括全部,或可由其他数字相减得出,会透露个别${zh}。`,
});

const isUnknown = ({ zh, en }: Counted, unknown: number, total: number, levelUnknown: number): Reason =>
  joined([
    ...(unknown > 0
      ? [
          [
            `Of ${total} ${en} on record, ${unknown} are on record neither as covered nor as not covered.`,
            `在册${zh} ${total} 家,其中 ${unknown} 家既没有已覆盖的记录,也没有未覆盖的记录。`,
          ] as const,
        ]
      : []),
    ...ofUnknownLevel(levelUnknown),
  ]);

const ofUnknownLevel = (levelUnknown: number) =>
  levelUnknown > 0
    ? [
        [
          `No source states the level of ${levelUnknown} more, which may belong here.`,
          `另有 ${levelUnknown} 家没有来源写明级别,可能也属此列。`,
        ] as const,
      ]
    : [];

const joined = (sentences: readonly (readonly [string, string])[]): Reason => ({
  reason: sentences.map(([en]) => en).join(' '),
  reasonZh: sentences.map(([, zh]) => zh).join(''),
});
