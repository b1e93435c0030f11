import { gradeOf } from '@wenshu/enterprises/dual-effect-scores.ts';
import { dualEffectAssessments, dualEffectItems, dualEffectSteps } from '@wenshu/enterprises/tables.ts';
import { type DualEffectAction, dualEffectTable } from '@wenshu/enterprises/workflows/dual-effect-table.ts';
import { type Act, courseOf } from '@wenshu/kit/workflow/course.ts';
import { agencyOf } from './agencies.ts';
import { type City, ids } from './city.ts';
import { afterWorkingDays, dateOf, dayAfterWorkingDays, dayNumber, today } from './days.ts';
import { enterpriseAt } from './enterprise.ts';
import type { Random } from './random.ts';
import { statementColumns, suffix } from './record.ts';
import { type GeneratedTable, generated } from './table.ts';

const assessedYears = [2023, 2024, 2025] as const;

export const assessmentTables = (city: City): GeneratedTable[] => [
  generated(dualEffectAssessments, city.counts.enterprises, (i) =>
    assessmentsOf(city, i).map(({ row }) => row),
  ),
  generated(dualEffectItems, city.counts.enterprises, (i) =>
    assessmentsOf(city, i).flatMap(({ items }) => items),
  ),
  generated(dualEffectSteps, city.counts.enterprises, (i) =>
    assessmentsOf(city, i).flatMap(({ steps }) => steps),
  ),
];

const criteria = [
  ['SOCIAL', '政治导向', 15],
  ['SOCIAL', '文化创作生产', 10],
  ['SOCIAL', '受众反应', 8],
  ['SOCIAL', '文化服务', 7],
  ['SOCIAL', '社会影响', 6],
  ['SOCIAL', '内部制度建设', 5],
  ['SOCIAL', '党的建设', 4],
  ['ECONOMIC', '营业收入', 15],
  ['ECONOMIC', '净资产收益率', 15],
  ['ECONOMIC', '资产保值增值', 15],
] as const;

type OnDay = { readonly action: DualEffectAction; readonly day: number };

/** Returns the actions on an assessment until today. That of the last year is under way. */
function actionsOn(random: Random, year: number): readonly OnDay[] {
  let day = dayNumber(`${Math.min(year + 1, 2025)}-03-01`) + random.below(30);
  const acts: OnDay[] = [{ action: 'OPEN', day }];
  const act = (action: DualEffectAction, least: number, most: number) => {
    day += random.between(least, most);
    acts.push({ action, day });
  };
  act('REPORT', 8, 30);
  act('SCORE', 8, 30);
  if (random.chance(0.05)) {
    act('RETURN_SCORES', 1, 5);
    act('SCORE', 2, 8);
  }
  act('APPROVE', 2, 14);
  act('NOTIFY', 1, 6);
  if (random.chance(0.06)) {
    act('APPEAL', 1, 10);
    act('DECIDE_APPEAL', 5, 18);
  } else {
    day = appealEnd(day);
    act('CLOSE', 1, 3);
  }
  return year === assessedYears.at(-1) ? underWay(random, acts) : acts;
}

/** Leaves out the end of a course, and moves it to these days: some are due soon, some are overdue. */
function underWay(random: Random, acts: readonly OnDay[]): readonly OnDay[] {
  const taken = acts.slice(0, 1 + random.below(acts.length - 1));
  const shift = today - random.between(1, 40) - (taken.at(-1)?.day ?? today);
  return taken.map(({ action, day }) => ({ action, day: day + shift }));
}

const appealDays = 10;
const appealEnd = (notified: number) => afterWorkingDays(notified, appealDays);

/** Returns assessments. State cultural enterprises are assessed every year: 7 social and 3 economic indicators, 55 to 45. */
function assessmentsOf(city: City, i: number) {
  const { kind, place } = enterpriseAt(city, i);
  if (kind !== 'SOE') return [];
  return assessedYears.map((year, nth) => {
    const random = city.random('assessment', i * assessedYears.length + nth);
    const id = ids.assessment(i * assessedYears.length + nth);
    const assessedById = agencyOf(place.code, 'PROPAGANDA');
    const actions = actionsOn(random, year);
    const acts: readonly Act<DualEffectAction>[] = actions.map(({ action, day }) => ({
      action,
      on: dateOf(day),
      agencyId: action === 'REPORT' || action === 'APPEAL' || action === 'CLOSE' ? null : assessedById,
    }));
    const { steps, stage, version, dueOn } = courseOf(dualEffectTable, acts, dayAfterWorkingDays);
    const dayOf = (action: DualEffectAction) => actions.findLast((each) => each.action === action)?.day;
    const isScored = stage !== 'OPENED' && stage !== 'SELF_REPORTED';
    const items = itemsOf(random, id, { isScored, isReported: dayOf('REPORT') !== undefined });
    const appealedOn = dayOf('APPEAL');
    const isDecided = dayOf('DECIDE_APPEAL') !== undefined;
    const notifiedOn = dayOf('NOTIFY');
    const row: typeof dualEffectAssessments.$inferSelect = {
      ...statementColumns(id, random),
      version,
      enterpriseId: ids.enterprise(i),
      assessedById,
      supervisedById: agencyOf(place.code, 'GOVERNMENT'),
      regionCode: place.code,
      year,
      ...(isScored ? scoresIn(random, items) : unscored),
      socialWeight: '55',
      stage,
      dueOn,
      reportZh: dayOf('REPORT') === undefined ? null : `本年度社会效益与经济效益自评报告${suffix.zh}`,
      notifiedOn: notifiedOn === undefined ? null : dateOf(notifiedOn),
      appealUntil: notifiedOn === undefined ? null : dateOf(appealEnd(notifiedOn)),
      appealZh: appealedOn === undefined ? null : `对个别指标得分有异议${suffix.zh}`,
      appealedOn: appealedOn === undefined ? null : dateOf(appealedOn),
      appealOutcome: isDecided ? 'REJECTED' : null,
      appealAnswerZh: isDecided ? `经复核,评分无误${suffix.zh}` : null,
    };
    return { row, items, steps: steps.map((step) => ({ ...step, objectId: id })) };
  });
}

function itemsOf(
  random: Random,
  assessmentId: string,
  { isScored, isReported }: { readonly isScored: boolean; readonly isReported: boolean },
) {
  return criteria.map(([kind, nameZh, weight], seq) => {
    const score = Math.round(weight * (0.6 + 0.4 * random.fraction()));
    return {
      assessmentId,
      seq,
      kind,
      nameZh,
      weight: String(weight),
      score: isScored ? String(score) : null,
      selfScore: isReported ? String(Math.min(weight, score + 1)) : null,
    };
  });
}

const unscored = {
  socialScore: null,
  economicScore: null,
  total: null,
  hasContentFault: false,
  resultCap: null,
  gradeZh: null,
};

/** Returns the sums of the scores. One in a hundred has a content fault, which caps its total. */
function scoresIn(random: Random, items: ReturnType<typeof itemsOf>) {
  const hasContentFault = random.chance(0.01);
  const sumOf = (of: string) =>
    items.filter(({ kind }) => kind === of).reduce((sum, { score }) => sum + Number(score), 0);
  const [social, economic] = [sumOf('SOCIAL'), sumOf('ECONOMIC')];
  const total = hasContentFault ? Math.min(60, social + economic) : social + economic;
  return {
    socialScore: String(social),
    economicScore: String(economic),
    total: String(total),
    hasContentFault,
    resultCap: hasContentFault ? '60' : null,
    gradeZh: gradeOf(total),
  };
}
