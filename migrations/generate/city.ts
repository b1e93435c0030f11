import { syntheticPrefix } from '@wenshu/schema/synthetic.ts';
import { Random, weighted } from './random.ts';

/** Size and seed of a city. Equal options give equal cities, row by row. */
export interface CityOptions {
  readonly enterprises: number;
  readonly seed: number;
}

export interface Place {
  /** Region code of the real dataset. */
  readonly code: string;
  /** Code of the region above it, or its own. */
  readonly above: string;
  readonly zh: string;
  readonly en: string;
  /** Share of its enterprises above scale 规上: 43 of 10,596 in 怀柔, more in a metropolis. */
  readonly aboveScale: number;
}

/** Regions of enterprises, each with its share in percent. */
const placeShares = [
  [{ code: '110105', above: '110000', zh: '北京', en: 'Beijing', aboveScale: 0.025 }, 34],
  [{ code: '110116', above: '110000', zh: '怀柔', en: 'Huairou', aboveScale: 0.004 }, 4],
  [{ code: '370212', above: '370200', zh: '崂山', en: 'Laoshan', aboveScale: 0.012 }, 9],
  [{ code: '370214', above: '370200', zh: '城阳', en: 'Chengyang', aboveScale: 0.01 }, 9],
  [{ code: '370283', above: '370200', zh: '平度', en: 'Pingdu', aboveScale: 0.004 }, 5],
  [{ code: '340111', above: '340100', zh: '合肥', en: 'Hefei', aboveScale: 0.012 }, 10],
  [{ code: '350128', above: '350100', zh: '平潭', en: 'Pingtan', aboveScale: 0.004 }, 4],
  [{ code: '420100', above: '420000', zh: '武汉', en: 'Wuhan', aboveScale: 0.015 }, 18],
  [{ code: '130700', above: '130000', zh: '张家口', en: 'Zhangjiakou', aboveScale: 0.004 }, 3],
  [{ code: '330000', above: '330000', zh: '浙江', en: 'Zhejiang', aboveScale: 0.015 }, 4],
] as const satisfies readonly [readonly [Place, number], ...(readonly [Place, number])[]];

export const places: readonly Place[] = placeShares.map(([place]) => place);
const placeOf = weighted<Place>(...placeShares);

const idOf = (kind: string) => (i: number) => `${syntheticPrefix}${kind}-${String(i + 1).padStart(8, '0')}`;

export const ids = {
  agency: idOf('org'),
  assessment: idOf('assessment'),
  blacklistEntry: idOf('blacklist'),
  brand: idOf('brand'),
  campaign: idOf('campaign'),
  enterprise: idOf('ent'),
  event: idOf('evt'),
  guidePrice: idOf('guide-price'),
  inspection: idOf('inspection'),
  openCall: idOf('call'),
  openCallClaim: idOf('claim'),
  park: idOf('park'),
  partyCommittee: idOf('pty-committee'),
  parkBranch: idOf('pty-park'),
  jointBranch: idOf('pty-joint'),
  enterpriseBranch: idOf('pty-ent'),
  mechanism: idOf('mech'),
  payout: idOf('payout'),
  policy: idOf('pol'),
  project: idOf('prj'),
  serviceRequest: idOf('request'),
  starList: idOf('stars'),
  work: idOf('work'),
} as const;

/**
 * Returns the number of records of each kind. 10,000 enterprises come with 60 parks, 500 policies, 2,000 events and 1,500 party units. All
 * grow in proportion to the enterprises, except for policies: a city with a hundred times the enterprises has ten times the policies.
 */
function countsFor(enterprises: number) {
  const share = (part: number) => Math.max(1, Math.round(enterprises * part));
  return {
    enterprises,
    parks: share(0.006),
    projects: Math.max(8, share(0.009)),
    policies: Math.max(10, Math.round(5 * Math.sqrt(enterprises))),
    events: share(0.2),
    works: share(0.02),
    inspections: share(0.15),
    blacklistEntries: share(0.0005),
    serviceRequests: share(0.05),
    payouts: share(0.08),
    openCalls: Math.max(8, share(0.002)),
  };
}

/** The city of a size and a seed: what all five agencies agree on. */
export type City = ReturnType<typeof planCity>;

export function planCity({ enterprises, seed }: CityOptions) {
  const counts = countsFor(enterprises);
  const random = (stream: string, i: number) => new Random(seed, stream, i);

  /** A city consists of quarters. Each has one park, and lies in one region with all of its enterprises. */
  const quarterOf = (enterprise: number) =>
    Math.min(counts.parks - 1, Math.floor((enterprise * counts.parks) / enterprises));
  const firstIn = (quarter: number) => Math.ceil((quarter * enterprises) / counts.parks);
  const placeIn = (quarter: number) => placeOf(random('place', quarter));

  /** Returns the enterprises of a quarter that are tenants of its park: the first 30 to 101. */
  const tenantsOf = (park: number) =>
    Math.min(random('tenants', park).between(30, 101), firstIn(park + 1) - firstIn(park));

  const isTenant = (enterprise: number) => {
    const quarter = quarterOf(enterprise);
    return enterprise - firstIn(quarter) < tenantsOf(quarter);
  };

  /** Returns the enterprise that operates a park; for three of ten parks it is unknown. */
  const operatorOf = (park: number) => (random('operator', park).chance(0.7) ? firstIn(park) : undefined);

  return { seed, counts, random, quarterOf, firstIn, placeIn, tenantsOf, isTenant, operatorOf };
}

/** Returns a random enterprise and its place. */
export function anyEnterprise(city: City, random: Random): { enterpriseId: string; place: Place } {
  const enterprise = random.below(city.counts.enterprises);
  return { enterpriseId: ids.enterprise(enterprise), place: city.placeIn(city.quarterOf(enterprise)) };
}
