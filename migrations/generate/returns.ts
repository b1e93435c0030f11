import { statisticalReturns } from '@wenshu/enterprises/tables.ts';
import type { City } from './city.ts';
import { dateOf, dayNumber } from './days.ts';
import { earningPower, enterpriseAt } from './enterprise.ts';
import { type GeneratedTable, generated } from './table.ts';

const months = Array.from({ length: 12 }, (_, i) => `2025-${String(i + 1).padStart(2, '0')}-01`);

/** Mean monthly revenue of an above-scale unit: 4,500 万元 in five months (朝阳). The minimum is the threshold of 500 万元 a year. */
const meanMonthlyYuan = 9_000_000;
const leastMonthlyYuan = 525_000;
/** Smallest share of the usual revenue that a month can have; the largest is as far above it. */
const leastPart = 0.8;

export const returnTables = (city: City): GeneratedTable[] => [
  generated(statisticalReturns, city.counts.enterprises, (i) => returnRows(city, i)),
];

/** Returns the monthly returns of an above-scale unit in the last year; the last months are not published yet. */
function returnRows(city: City, i: number) {
  const { id, isAboveScale, place, domain } = enterpriseAt(city, i);
  if (!isAboveScale) return [];
  const random = city.random('returns', i);
  const beyondLeast = meanMonthlyYuan * earningPower(domain) - leastMonthlyYuan;
  const usual = leastMonthlyYuan + beyondLeast * random.lognormal(1.8);
  return months.flatMap((period, month) => {
    const yuan = Math.round(usual * (leastPart + 2 * (1 - leastPart) * random.fraction()));
    const first = {
      enterpriseId: id,
      period,
      revision: 1,
      revisionReasonZh: null,
      status: month < 10 ? 'PUBLISHED' : month === 10 ? 'VERIFIED' : 'SUBMITTED',
      regionCode: place.code,
      cultureDomainCode: domain.code,
      revenue: `${yuan}.00`,
      tax: `${Math.round(yuan * (0.03 + 0.05 * random.fraction()))}.00`,
      staff: Math.max(5, Math.round(usual / 70_000)),
      synthetic: true,
      updatedAt: `${dateOf(dayNumber(period) + 40)} 09:00:00+00`,
    } satisfies typeof statisticalReturns.$inferSelect;
    if (!random.chance(0.01)) return [first];
    // A return in units of ten thousand yuan by mistake is corrected by a revision.
    const slip = { ...first, revenue: String(yuan / 10_000) };
    return [slip, { ...first, revision: 2, revisionReasonZh: '更正计量单位' }];
  });
}
