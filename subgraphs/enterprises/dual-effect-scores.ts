import type { Problems } from '@wenshu/kit/workflow/free-text.ts';
import type { DualEffectItemRow } from './tables.ts';

/** Numbers of indicators of each kind of benefit (中办、国办, 2015; 青岛, 2024). */
const itemCounts = { SOCIAL: 7, ECONOMIC: 3 } as const;
const leastSocialWeight = 50;

/** The grades, from the best: the lowest total of each. */
export const grades = [
  { from: 85, zh: '优秀' },
  { from: 70, zh: '良好' },
  { from: 60, zh: '合格' },
  { from: 0, zh: '不合格' },
] as const;

export const gradeOf = (total: number): string => grades.find(({ from }) => total >= from)?.zh ?? '不合格';

type Kind = keyof typeof itemCounts;

/** An indicator that is to be opened. */
type NewItem = { readonly kind: Kind; readonly nameZh: string; readonly weight: string };

/** The score of the indicator at this position. */
type Score = { readonly seq: number; readonly score: string };

/** Decimals are added in hundredths, so that sums are exact. */
const hundredths = (value: string) => Math.round(Number(value) * 100);
const sumOf = (values: readonly string[]) => values.reduce((sum, value) => sum + hundredths(value), 0) / 100;

/** Checks the indicators of an assessment: how many there are, and what their weights sum to. */
export function checkItems(problems: Problems, items: readonly NewItem[]): void {
  for (const [at, { weight, nameZh }] of items.entries()) {
    problems.text(`items.${at}.nameZh`, nameZh);
    if (!(Number(weight) > 0 && Number(weight) <= 100)) {
      problems.add(
        `items.${at}.weight`,
        'VALUE',
        '权重须大于 0、不超过 100。',
        'The weight must be above 0, and 100 at most.',
      );
    }
    if (items.findIndex((each) => each.nameZh === nameZh) < at) {
      problems.add(
        `items.${at}.nameZh`,
        'DUPLICATE',
        `指标“${nameZh}”重复。`,
        `The indicator "${nameZh}" is given twice.`,
      );
    }
  }
  for (const kind of ['SOCIAL', 'ECONOMIC'] as const) checkCount(problems, items, kind);
  const social = weightOf(items, 'SOCIAL');
  const total = sumOf(items.map(({ weight }) => weight));
  if (total !== 100) {
    problems.add(
      'items',
      'VALUE',
      `权重合计须为 100,现为 ${total}。`,
      `The weights must sum to 100, not ${total}.`,
    );
  }
  if (social < leastSocialWeight) {
    problems.add(
      'items',
      'VALUE',
      `社会效益权重不得低于 ${leastSocialWeight},现为 ${social}。`,
      `Social benefit must weigh at least ${leastSocialWeight}, not ${social}.`,
    );
  }
}

function checkCount(problems: Problems, items: readonly NewItem[], kind: Kind): void {
  const count = items.filter((item) => item.kind === kind).length;
  if (count === itemCounts[kind]) return;
  const zh = kind === 'SOCIAL' ? '社会效益' : '经济效益';
  problems.add(
    'items',
    'VALUE',
    `${zh}指标须有 ${itemCounts[kind]} 项,现为 ${count} 项。`,
    `There must be ${itemCounts[kind]} indicators of kind ${kind}, not ${count}.`,
  );
}

/** Returns what the indicators of one kind weigh together. */
export const weightOf = (items: readonly NewItem[], kind: Kind): number =>
  sumOf(items.filter((item) => item.kind === kind).map(({ weight }) => weight));

/** Returns the score of each indicator, by its position. Reports what is missing, unknown or above its weight. */
export function scoresOf(
  problems: Problems,
  items: readonly DualEffectItemRow[],
  scores: readonly Score[],
): ReadonlyMap<number, string> {
  for (const { seq, weight } of items) {
    const given = scores.filter((each) => each.seq === seq);
    const [one] = given;
    if (!one || given.length > 1) {
      problems.add(
        'scores',
        'VALUE',
        `第 ${seq} 项须恰有一个得分。`,
        `Give exactly one score for indicator ${seq}.`,
      );
    } else if (Number(one.score) < 0 || Number(one.score) > Number(weight)) {
      problems.add(
        `scores.${scores.indexOf(one)}.score`,
        'VALUE',
        `第 ${seq} 项得分须在 0 与权重 ${weight} 之间。`,
        `The score of indicator ${seq} must be from 0 to its weight, ${weight}.`,
      );
    }
  }
  for (const [at, { seq }] of scores.entries()) {
    if (items.some((item) => item.seq === seq)) continue;
    problems.add(`scores.${at}.seq`, 'UNKNOWN', `没有第 ${seq} 项指标。`, `There is no indicator ${seq}.`);
  }
  return new Map(scores.map(({ seq, score }) => [seq, score]));
}

/** A content fault, and the cap that it puts on the total. */
export type Fault = { readonly hasContentFault: boolean; readonly resultCap?: string | null | undefined };

/** Checks that there is a cap where there is a fault, and nowhere else. */
export function checkFault(problems: Problems, { hasContentFault, resultCap = null }: Fault): void {
  if (hasContentFault !== (resultCap !== null)) {
    problems.add(
      'resultCap',
      hasContentFault ? 'MISSING' : 'VALUE',
      '内容导向有严重问题时须定总分上限,没有则不得定。',
      'A serious content fault needs a cap of the total; without one there is none.',
    );
  } else if (resultCap !== null && !(Number(resultCap) >= 0 && Number(resultCap) <= 100)) {
    problems.add('resultCap', 'VALUE', '总分上限须在 0 与 100 之间。', 'The cap must be from 0 to 100.');
  }
}

/** Returns the columns that follow from the scores: the sums by kind, the capped total and the grade. */
export function resultOf(
  items: readonly DualEffectItemRow[],
  scores: ReadonlyMap<number, string>,
  { hasContentFault, resultCap = null }: Fault,
) {
  const sum = (kind: Kind) =>
    sumOf(items.filter((item) => item.kind === kind).map(({ seq }) => scores.get(seq) ?? '0'));
  const [social, economic] = [sum('SOCIAL'), sum('ECONOMIC')];
  const uncapped = sumOf([String(social), String(economic)]);
  const total = resultCap === null ? uncapped : Math.min(uncapped, Number(resultCap));
  return {
    socialScore: String(social),
    economicScore: String(economic),
    total: String(total),
    hasContentFault,
    resultCap,
    gradeZh: gradeOf(total),
  };
}
