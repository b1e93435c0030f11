import {
  measureResponsible,
  measures,
  policies,
  policyBases,
  policyEligibility,
  policyIssuers,
  policySubjects,
} from '@wenshu/policies/tables.ts';
import { agencyOf } from './agencies.ts';
import { type City, ids, type Place, places } from './city.ts';
import { dateOf, today, yearOf } from './days.ts';
import { properName } from './names.ts';
import { type Random, weighted } from './random.ts';
import { recordColumns, suffix } from './record.ts';
import { type GeneratedTable, generated, type WrittenRow } from './table.ts';

export function policyTables(city: City): GeneratedTable[] {
  const count = city.counts.policies;
  return [
    generated(policies, count, (i) => [policyRow(city, i)]),
    generated(policyIssuers, count, (i) => issuerRows(city, i)),
    generated(policyBases, count, (i) => basisRows(city, i)),
    generated(policySubjects, count, (i) => subjectRows(city, i)),
    generated(measures, count, (i) => measureRows(city, i)),
    generated(measureResponsible, count, (i) =>
      measureRows(city, i).map(({ id }) => ({
        measureId: id,
        seq: 0,
        targetType: 'Agency',
        targetId: agencyOf(placeOfPolicy(i).code, 'CULTURE_TOURISM'),
      })),
    ),
    generated(policyEligibility, count, (i) => eligibilityRows(city, i)),
  ];
}

/** Returns the place that issues a policy; places take turns. */
export const placeOfPolicy = (i: number): Place => places[i % places.length] as Place;

/** Returns a random policy of a place. */
export function policyIn(city: City, place: Place, random: Random): number {
  const nth = places.indexOf(place);
  return nth + places.length * random.below(Math.ceil((city.counts.policies - nth) / places.length));
}

const kindOf = weighted(
  ['MEASURES', 50],
  ['NOTICE', 15],
  ['OPINIONS', 12],
  ['PLAN', 12],
  ['FUND', 6],
  ['PROGRAMME', 5],
);
const statusOf = weighted(
  ['ISSUED', 75],
  ['TRIAL', 8],
  ['PLANNED', 4],
  ['DRAFTING', 3],
  ['DRAFT_FOR_COMMENT', 4],
  ['REPEALED', 6],
);
const topicOf = weighted(
  [{ domain: 'CULTURE_INDUSTRY', zh: '文化产业发展', en: 'Culture Industry' }, 30],
  [{ domain: 'DIGITAL_CREATIVE', zh: '数字创意产业', en: 'Digital Creative Industry' }, 15],
  [{ domain: 'FILM_TV', zh: '影视产业', en: 'Film and Television' }, 12],
  [{ domain: 'SME', zh: '中小企业梯度培育', en: 'Small and Medium Enterprises' }, 12],
  [{ domain: 'PARK', zh: '文化产业园区', en: 'Culture Parks' }, 10],
  [{ domain: 'TOURISM', zh: '文旅融合', en: 'Culture and Tourism' }, 10],
  [{ domain: 'FINANCE', zh: '文化金融', en: 'Culture Finance' }, 6],
  [{ domain: 'TALENT', zh: '文化人才', en: 'Culture Talent' }, 5],
);

/** Returns a policy. Every second one applies in its place only, the others in the city or province around it. */
export function policyRow(city: City, i: number): WrittenRow<typeof policies> {
  const random = city.random('policy', i);
  const place = placeOfPolicy(i);
  const topic = topicOf(random);
  const name = properName(random);
  const status = statusOf(random);
  const issued = ['ISSUED', 'TRIAL', 'REPEALED'].includes(status) ? today - random.below(2_900) : undefined;
  const hasDay = random.chance(0.8);
  return {
    ...recordColumns(
      ids.policy(i),
      {
        zh: `${place.zh}支持${topic.zh}“${name.zh}”若干措施`,
        en: `${place.en} ${name.en} measures: ${topic.en}`,
      },
      random,
    ),
    kind: kindOf(random),
    domain: topic.domain,
    status,
    docNo: issued === undefined ? null : `合成发〔${yearOf(issued)}〕${i + 1}号`,
    issuedOn: issued === undefined || !hasDay ? null : dateOf(issued),
    issuedYear: issued === undefined ? null : yearOf(issued),
    regionCode: random.chance(0.5) ? place.code : place.above,
  };
}

function issuerRows(city: City, i: number) {
  const { code } = placeOfPolicy(i);
  const random = city.random('issuers', i);
  const departments = random.pick([
    ['PROPAGANDA'],
    ['CULTURE_TOURISM'],
    ['GOVERNMENT'],
    ['PROPAGANDA', 'CULTURE_TOURISM'],
  ] as const);
  return departments.map((department, seq) => ({
    policyId: ids.policy(i),
    seq,
    targetType: 'Agency',
    targetId: agencyOf(code, department),
  }));
}

/** Returns the policy's basis: three in ten rest on an earlier policy. */
function basisRows(city: City, i: number) {
  const random = city.random('basis', i);
  if (i === 0 || !random.chance(0.3)) return [];
  return [{ policyId: ids.policy(i), seq: 0, basisId: ids.policy(random.below(i)) }];
}

function subjectRows(city: City, i: number) {
  const random = city.random('subjects', i);
  if (!random.chance(0.2)) return [];
  const [targetType, targetId] = random.chance(0.5)
    ? ['Park', ids.park(random.below(city.counts.parks))]
    : ['Enterprise', ids.enterprise(random.below(city.counts.enterprises))];
  return [{ policyId: ids.policy(i), seq: 0, role: 'BENEFICIARY', targetType, targetId }];
}

const themes = [
  { kind: 'SUBSIDY', zh: '给予资金补助', en: 'Subsidy', ceiling: 2_000_000 },
  { kind: 'AWARD', zh: '给予一次性奖励', en: 'Award', ceiling: 1_000_000 },
  { kind: 'LOAN_INTEREST_SUBSIDY', zh: '给予贷款贴息', en: 'Loan interest subsidy', ceiling: 500_000 },
  { kind: 'LEASE_SUBSIDY', zh: '给予房租补贴', en: 'Rent subsidy', ceiling: 300_000 },
  { kind: 'EQUITY', zh: '以股权方式支持', en: 'Equity support', ceiling: 5_000_000 },
  { kind: 'TALENT', zh: '支持引进文化人才', en: 'Talent', ceiling: 600_000 },
  { kind: 'SERVICE', zh: '提供专员服务', en: 'Commissioner service', ceiling: null },
  { kind: 'PLATFORM', zh: '建设公共服务平台', en: 'Public platform', ceiling: null },
] as const;

export const measureIdOf = (policy: number, nth: number): string =>
  `${ids.policy(policy)}-m${String(nth + 1).padStart(2, '0')}`;

/** Returns the number of clauses, one to eight. */
export const measureCountOf = (city: City, policy: number): number =>
  city.random('measures', policy).between(1, themes.length);

function measureRows(city: City, i: number): (typeof measures.$inferSelect)[] {
  const random = city.random('measure texts', i);
  return Array.from({ length: measureCountOf(city, i) }, (_, nth) => {
    const { kind, zh, en, ceiling } = random.pick(themes);
    return {
      id: measureIdOf(i, nth),
      policyId: ids.policy(i),
      seq: nth + 1,
      titleZh: `${zh}${suffix.zh}`,
      titleEn: `${en}${suffix.en}`,
      kind,
      textZh: ceiling ? `对符合条件的企业${zh},最高${ceiling / 10_000}万元。` : `为符合条件的企业${zh}。`,
      isParaphrase: false,
      frequency: null,
      frequencyZh: null,
      deadline: null,
      deadlineZh: null,
      targetGroupZh: null,
      quantities: ceiling ? { maxYuan: ceiling } : {},
    };
  });
}

const tierNames = {
  HIGH_GROWTH: '高成长企业',
  INNOVATIVE_SME: '创新型中小企业',
  HIGH_TECH: '高新技术企业',
  GAZELLE: '瞪羚企业',
  SPECIALIZED_SME: '专精特新中小企业',
  LITTLE_GIANT: '专精特新“小巨人”企业',
  HIDDEN_CHAMPION: '隐形冠军企业',
} as const;
const tiers = Object.keys(tierNames) as (keyof typeof tierNames)[];

/** Returns the conditions, which every second policy has. Some concern facts that no agency keeps, such as a list in an annex. */
function eligibilityRows(city: City, i: number): (typeof policyEligibility.$inferSelect)[] {
  const random = city.random('eligibility', i);
  if (!random.chance(0.5)) return [];
  const place = placeOfPolicy(i);
  const accepted = random.several(random.between(1, 4), tiers.length).flatMap((nth) => tiers[nth] ?? []);
  const conditions = random.chance(0.12)
    ? [{ field: 'park.kind', op: 'EQ', value: 'CULTURE_PARK', textZh: '文化产业园区' }]
    : [
        {
          field: 'enterprise.tier',
          op: 'IN',
          value: accepted,
          textZh: accepted.map((tier) => tierNames[tier]).join('、'),
        },
        ...(random.chance(0.4)
          ? [
              {
                field: 'enterprise.regionCode',
                op: 'IN_REGION',
                value: place.code,
                textZh: `在${place.zh}注册`,
              },
            ]
          : []),
        ...(random.chance(0.15)
          ? [
              {
                field: 'enterprise.onList',
                op: 'EQ',
                value: '重点文化企业名单',
                textZh: '列入重点文化企业名单',
              },
            ]
          : []),
      ];
  return conditions.map((condition, nth) => ({
    id: `${ids.policy(i)}-e${String(nth + 1).padStart(2, '0')}`,
    policyId: ids.policy(i),
    seq: nth + 1,
    measureId: null,
    ...condition,
  }));
}
