import { type City, ids } from './city.ts';
import { properName } from './names.ts';
import { weighted } from './random.ts';

export interface Domain {
  /** Code of the division, two digits, of 文化及相关产业分类(2018). */
  readonly code: string;
  /** Share in the revenue of culture industries in percent (Beijing, 2019-01 to 08). */
  readonly revenueShare: number;
  readonly sectors: readonly [Sector, ...Sector[]];
}

type Sector = readonly [zh: string, en: string];

/** Divisions of culture industries, each with its share of enterprises in percent. */
const domainShares: readonly [readonly [Domain, number], ...(readonly [Domain, number])[]] = [
  [
    {
      code: '01',
      revenueShare: 29.6,
      sectors: [
        ['传媒', 'Media'],
        ['网络科技', 'Network Technology'],
      ],
    },
    6,
  ],
  [
    {
      code: '02',
      revenueShare: 14.7,
      sectors: [
        ['影视', 'Film'],
        ['动漫', 'Animation'],
        ['演艺', 'Performing Arts'],
      ],
    },
    20,
  ],
  [
    {
      code: '03',
      revenueShare: 22.2,
      sectors: [
        ['广告', 'Advertising'],
        ['文化创意', 'Creative Design'],
      ],
    },
    28,
  ],
  [
    {
      code: '04',
      revenueShare: 21.2,
      sectors: [
        ['发行', 'Distribution'],
        ['院线', 'Cinemas'],
        ['图书', 'Books'],
      ],
    },
    16,
  ],
  [{ code: '05', revenueShare: 0.2, sectors: [['文化投资', 'Culture Investment']] }, 1],
  [
    {
      code: '06',
      revenueShare: 1.0,
      sectors: [
        ['文旅', 'Culture and Tourism'],
        ['娱乐', 'Entertainment'],
      ],
    },
    9,
  ],
  [
    {
      code: '07',
      revenueShare: 6.0,
      sectors: [
        ['会展服务', 'Exhibition Services'],
        ['版权代理', 'Copyright Agency'],
      ],
    },
    14,
  ],
  [{ code: '08', revenueShare: 0.9, sectors: [['影院设备', 'Cinema Equipment']] }, 2],
  [
    {
      code: '09',
      revenueShare: 4.2,
      sectors: [
        ['工艺美术', 'Arts and Crafts'],
        ['乐器', 'Instruments'],
      ],
    },
    4,
  ],
];
const domainOf = weighted(...domainShares);

const shareOfAll = new Map(domainShares.map(([domain, share]) => [domain, share]));

/** Returns the revenue of an enterprise in this division relative to the average. */
export const earningPower = (domain: Domain): number => domain.revenueShare / (shareOfAll.get(domain) ?? 1);

const kindOf = weighted(
  ['ENTERPRISE', 957],
  ['SOE', 12],
  ['GROUP', 6],
  ['FUND', 5],
  ['PLATFORM_COMPANY', 6],
  ['FINANCIAL', 2],
  ['FOREIGN_GROUP', 2],
  ['TROUPE', 6],
  ['TEAM', 4],
);
const ownershipOf = weighted<string | null>(['PRIVATE', 88], ['STATE', 4], ['FOREIGN', 3], [null, 5]);

const ownershipByKind: Readonly<Record<string, string>> = {
  SOE: 'STATE',
  PLATFORM_COMPANY: 'STATE',
  FOREIGN_GROUP: 'FOREIGN',
};

/** Returns the facts of an enterprise that several agencies know; computed again for each use. */
export function enterpriseAt(city: City, i: number) {
  const random = city.random('enterprise', i);
  const quarter = city.quarterOf(i);
  const place = city.placeIn(quarter);
  const kind = kindOf(random);
  const domain = domainOf(random);
  const sector = random.pick(domain.sectors);
  const isAboveScale = random.chance(place.aboveScale);
  const name = properName(random);
  return {
    id: ids.enterprise(i),
    quarter,
    place,
    kind,
    ownership: ownershipByKind[kind] ?? ownershipOf(random),
    domain,
    sector,
    isAboveScale,
    name: { zh: `${name.zh}${sector[0]}`, en: `${name.en} ${sector[1]}` },
    fullNameZh: `${place.zh}${name.zh}${sector[0]}有限公司`,
    /** Random numbers that continue after these facts. */
    random,
  };
}
