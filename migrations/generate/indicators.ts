import { hash } from 'node:crypto';
import { shared as enterprisesTables } from '@wenshu/enterprises/tables.ts';
import { shared as eventsTables } from '@wenshu/events/tables.ts';
import type { SharedTables } from '@wenshu/kit/tables.ts';
import { shared as parksTables } from '@wenshu/parks/tables.ts';
import { shared as policiesTables } from '@wenshu/policies/tables.ts';
import { metrics } from '@wenshu/schema/metrics.ts';
import { syntheticPrefix } from '@wenshu/schema/synthetic.ts';
import { type City, type CityOptions, ids } from './city.ts';
import { enterpriseAt } from './enterprise.ts';
import { eventRow } from './events.ts';
import { parkRevenues, parkRow } from './parks.ts';
import { suffix } from './record.ts';
import { type GeneratedTable, generated } from './table.ts';

export const sourceId = `${syntheticPrefix}source`;

/** Returns the command that generates a city. */
export const commandOf = ({ enterprises, seed }: CityOptions) =>
  `wenshu generate --enterprises ${enterprises} --seed ${seed}`;

/** Source of the synthetic figures in each subgraph; it identifies the city. */
export function sourceTables(city: City, { sources }: SharedTables): GeneratedTable[] {
  const command = commandOf({ enterprises: city.counts.enterprises, seed: city.seed });
  return [
    generated(sources, 1, () => [
      {
        id: sourceId,
        titleZh: `合成数据${suffix.zh}`,
        titleEn: `Generated data${suffix.en}`,
        kind: 'SYNTHETIC',
        publisherZh: null,
        date: null,
        regionCode: null,
        caveats: ['Nothing in it is of a real place, firm or body.'],
        caveatsZh: ['其中没有任何真实的地方、企业或机构的内容。'],
        fileName: command,
        sha256: hash('sha256', command),
        issuerIds: [],
      },
    ]),
  ];
}

interface Figure {
  readonly subjectType: string;
  readonly subjectId: string;
  readonly subjectZh: string;
  readonly topic: string;
  readonly metric: string;
  readonly metricZh: string;
  readonly unit: string;
  readonly value: string;
  readonly year: number;
  readonly regionCode: string | null;
  readonly growth?: number;
}

type Indicator = SharedTables['indicators']['$inferSelect'];

const indicatorOf = (figure: Figure): Indicator => ({
  id: `${syntheticPrefix}ind-${figure.subjectId.slice(syntheticPrefix.length)}-${figure.metric.toLowerCase()}-${figure.year}`,
  topic: figure.topic,
  subjectType: figure.subjectType,
  subjectId: figure.subjectId,
  subjectZh: figure.subjectZh,
  metric: figure.metric,
  metricZh: `${figure.metricZh}${suffix.zh}`,
  value: figure.value,
  unit: figure.unit,
  approx: 'EXACT',
  valueAsPrinted: figure.value,
  kind: 'ACTUAL',
  periodLabel: String(figure.year),
  periodZh: `${figure.year}年`,
  periodStart: `${figure.year}-01-01`,
  periodEnd: `${figure.year}-12-31`,
  regionCode: figure.regionCode,
  growth:
    figure.growth === undefined
      ? null
      : { value: String(figure.growth), unit: 'percent', kind: 'YOY', noteZh: null },
  stockOrFlow: metrics[figure.metric]?.stockOrFlow ?? null,
  scope: null,
  tiers: null,
  levels: null,
  domainCodes: null,
  dims: {},
  facts: {},
  alsoAboutType: null,
  alsoAboutId: null,
  partOfId: null,
  notes: null,
  notesZh: null,
  isSidebar: false,
  citations: [{ sourceId, quote: '合成数据', isSidebar: false }],
  synthetic: true,
});

const years = [2024, 2025] as const;

/** Revenue of enterprises, published for one in two hundred. */
export const enterpriseIndicators = (city: City): GeneratedTable[] => [
  generated(enterprisesTables.indicators, city.counts.enterprises, (i) => {
    const random = city.random('enterprise indicators', i);
    if (!random.chance(0.005)) return [];
    const { id, name, place } = enterpriseAt(city, i);
    return years.map((year) =>
      indicatorOf({
        ...{ subjectType: 'Enterprise', subjectId: id, subjectZh: `${name.zh}${suffix.zh}` },
        ...{ topic: 'CULTURE_INDUSTRY', metric: 'OPERATING_REVENUE', metricZh: '营业收入', unit: 'CNY' },
        value: String(Math.ceil(random.lognormal(1.8) * 10_000) * 10_000),
        ...{ year, regionCode: place.code, growth: random.between(-20, 40) },
      }),
    );
  }),
];

export const parkIndicators = (city: City): GeneratedTable[] => [
  generated(parksTables.indicators, city.counts.parks, (i) => {
    const { nameZh, regionCode } = parkRow(city, i);
    return parkRevenues(city, i).map((revenue) =>
      indicatorOf({
        ...{ subjectType: 'Park', subjectId: ids.park(i), subjectZh: nameZh },
        ...{ topic: 'PARK', metric: 'OPERATING_REVENUE', metricZh: '园区企业营业收入', unit: 'CNY' },
        ...{ ...revenue, regionCode },
      }),
    );
  }),
];

export const eventIndicators = (city: City): GeneratedTable[] => [
  generated(eventsTables.indicators, city.counts.events, (i) => {
    if (!city.random('event indicators', i).chance(0.1)) return [];
    const { nameZh, attendanceValue, attendanceUnit, year, regionCode } = eventRow(city, i);
    if (!attendanceValue || !attendanceUnit || !year) return [];
    return [
      indicatorOf({
        ...{ subjectType: 'Event', subjectId: ids.event(i), subjectZh: nameZh, topic: 'EVENT' },
        ...{ metric: 'ATTENDEES', metricZh: '参加人数', unit: attendanceUnit, value: attendanceValue },
        ...{ year, regionCode },
      }),
    ];
  }),
];

export const policyIndicators = (city: City): GeneratedTable[] => [
  generated(policiesTables.indicators, city.counts.policies, (i) => {
    const random = city.random('policy indicators', i);
    if (!random.chance(0.3)) return [];
    return [
      indicatorOf({
        ...{ subjectType: 'Policy', subjectId: ids.policy(i), subjectZh: `扶持政策${suffix.zh}` },
        ...{ topic: 'FINANCE', metric: 'BENEFICIARY_ENTERPRISES', metricZh: '受益企业', unit: 'enterprises' },
        ...{ value: String(random.between(3, 400)), year: 2025, regionCode: null },
      }),
    ];
  }),
];
