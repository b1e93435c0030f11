import { dualEffectAssessments, dualEffectItems } from '@wenshu/enterprises/tables.ts';
import { agencyOf } from './agencies.ts';
import { type City, ids } from './city.ts';
import { enforcementTables } from './enforcement.ts';
import { enterpriseAt } from './enterprise.ts';
import { inspectionTables } from './inspections.ts';
import { statementColumns } from './record.ts';
import { type GeneratedTable, generated } from './table.ts';

const assessedYears = [2023, 2024, 2025] as const;

export function supervisionTables(city: City): GeneratedTable[] {
  const { counts } = city;
  return [
    ...inspectionTables(city),
    ...enforcementTables(city),
    generated(dualEffectAssessments, counts.enterprises, (i) => assessmentsOf(city, i).map(({ row }) => row)),
    generated(dualEffectItems, counts.enterprises, (i) =>
      assessmentsOf(city, i).flatMap(({ items }) => items),
    ),
  ];
}

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

/** Returns assessments. State cultural enterprises are assessed every year: 7 social and 3 economic indicators, 55 to 45. */
function assessmentsOf(city: City, i: number) {
  const { kind, place } = enterpriseAt(city, i);
  if (kind !== 'SOE') return [];
  return assessedYears.map((year, nth) => {
    const random = city.random('assessment', i * assessedYears.length + nth);
    const id = ids.assessment(i * assessedYears.length + nth);
    const hasContentFault = random.chance(0.01);
    const items = criteria.map(([of, nameZh, weight], seq) => ({
      assessmentId: id,
      seq,
      kind: of,
      nameZh,
      weight: String(weight),
      score: String(Math.round(weight * (0.6 + 0.4 * random.fraction()))),
    }));
    const sumOf = (of: string) =>
      items.filter((item) => item.kind === of).reduce((sum, { score }) => sum + Number(score), 0);
    const [social, economic] = [sumOf('SOCIAL'), sumOf('ECONOMIC')];
    const total = hasContentFault ? Math.min(60, social + economic) : social + economic;
    const row: typeof dualEffectAssessments.$inferSelect = {
      ...statementColumns(id, random),
      enterpriseId: ids.enterprise(i),
      assessedById: agencyOf(place.code, 'PROPAGANDA'),
      year,
      socialScore: String(social),
      economicScore: String(economic),
      total: String(total),
      socialWeight: '55',
      hasContentFault,
      resultCap: hasContentFault ? '60' : null,
      gradeZh: total >= 85 ? '优秀' : total >= 70 ? '良好' : '合格',
    };
    return { row, items };
  });
}
