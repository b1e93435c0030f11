import {
  enterpriseGroups,
  enterpriseHonours,
  enterpriseParks,
  enterprises,
  enterpriseTiers,
} from '@wenshu/enterprises/tables.ts';
import { creditCodeCheckCharacter, organisationCheckCharacter } from '@wenshu/schema/credit-code.ts';
import { type City, ids } from './city.ts';
import { dateOf, today, yearOf } from './days.ts';
import { enterpriseAt } from './enterprise.ts';
import type { Random } from './random.ts';
import { recordColumns, suffix } from './record.ts';
import { type GeneratedTable, generated, type WrittenRow } from './table.ts';

export const enterpriseTables = (city: City): GeneratedTable[] => [
  generated(enterprises, city.counts.enterprises, (i) => [enterpriseRow(city, i)]),
  generated(enterpriseHonours, city.counts.enterprises, (i) => honourRows(city, i)),
  generated(enterpriseTiers, city.counts.enterprises, (i) => tierRows(city, i)),
  generated(enterpriseParks, city.counts.enterprises, (i) => parkRows(city, i)),
  generated(enterpriseGroups, city.counts.enterprises, (i) => groupRows(city, i)),
];

type Enterprise = WrittenRow<typeof enterprises>;

function enterpriseRow(city: City, i: number): Enterprise {
  const { random, ...known } = enterpriseAt(city, i);
  const founded = today - Math.floor(random.fraction() * random.fraction() * 13_000);
  const capital = Math.ceil(random.lognormal(1.6) * 300) * 10_000;
  const row: Enterprise = {
    ...recordColumns(known.id, known.name, random),
    fullNameZh: `${known.fullNameZh}${suffix.zh}`,
    creditCode: creditCode(known.place.code, i, random),
    kind: known.kind,
    ownership: known.ownership,
    regionCode: known.place.code,
    regionBasis: random.chance(0.95) ? 'STATED' : 'CONTEXT',
    sectorZh: known.sector[0],
    cultureDomainCode: known.domain.code,
    isCultureRelated: true,
    isAboveScale: known.isAboveScale,
    registeredCapital: String(capital),
    foundedOn: dateOf(founded),
    status: null,
    tiersCheckedOn: random.chance(0.7) ? dateOf(today - random.below(365)) : null,
  };
  return soiled(row, city, i, random);
}

/** Makes one row in a hundred as faulty as in real registers: a renamed firm, a firm entered twice, 万 mistaken for 亿. */
function soiled(row: Enterprise, city: City, i: number, random: Random): Enterprise {
  const fault = random.fraction();
  if (fault < 0.004) {
    const former = enterpriseAt(city, city.counts.enterprises + i);
    return { ...row, aliases: [`${former.name.zh}${suffix.zh}`] };
  }
  if (fault < 0.007 && i > 0) {
    const { name, fullNameZh } = enterpriseAt(city, i - 1);
    return {
      ...row,
      nameZh: `${name.zh}${suffix.zh}`,
      fullNameZh: `${fullNameZh}${suffix.zh}`,
      creditCode: null,
    };
  }
  return fault < 0.01 ? { ...row, registeredCapital: `${row.registeredCapital}0000` } : row;
}

const characters = '0123456789ABCDEFGHJKLMNPQRTUWXY';

/**
 * Returns a credit code that no real enterprise has, because its organisation code starts with TX. Two in a thousand fail the check, like
 * early pilot codes; two in a thousand are unknown, and five with the firms entered twice.
 */
function creditCode(region: string, i: number, random: Random): string | null {
  let organisation = '';
  for (let rest = i; organisation.length < 6; rest = Math.floor(rest / characters.length))
    organisation = characters.charAt(rest % characters.length) + organisation;
  const eight = `TX${organisation}`;
  const body = `91${region}${eight}${organisationCheckCharacter(eight)}`;
  const check = creditCodeCheckCharacter(body);
  const fate = random.fraction();
  if (fate < 0.002) return null;
  if (fate >= 0.004) return body + check;
  return body + characters.charAt((characters.indexOf(check) + 1) % characters.length);
}

/** Nine in a hundred are high-growth enterprises; of 900 of these, 19 are little giants, 52 provincial, 24 hidden champions. */
const tierShares: readonly { tier: string; level: string | null; share: number }[] = [
  { tier: 'HIGH_GROWTH', level: 'MUNICIPAL', share: 0.09 },
  { tier: 'INNOVATIVE_SME', level: 'PROVINCIAL', share: 0.06 },
  { tier: 'HIGH_TECH', level: 'NATIONAL', share: 0.04 },
  { tier: 'GAZELLE', level: 'PROVINCIAL', share: 0.01 },
  { tier: 'SPECIALIZED_SME', level: 'PROVINCIAL', share: 0.0052 },
  { tier: 'LEADING', level: 'DISTRICT', share: 0.003 },
  { tier: 'HIDDEN_CHAMPION', level: 'MUNICIPAL', share: 0.0024 },
  { tier: 'LITTLE_GIANT', level: 'NATIONAL', share: 0.0019 },
  { tier: 'LISTED', level: null, share: 0.0005 },
  { tier: 'CHAIN_MASTER', level: 'MUNICIPAL', share: 0.0002 },
  { tier: 'UNICORN', level: null, share: 0.0001 },
];

/** Returns the honour that one enterprise in a hundred has. */
function honourRows(city: City, i: number) {
  const random = city.random('honours', i);
  if (!random.chance(0.01)) return [];
  const titleZh = `文化企业三十强${suffix.zh}`;
  return [
    { ownerId: ids.enterprise(i), seq: 0, titleZh, year: random.between(2019, 2025), level: 'MUNICIPAL' },
  ];
}

/** Returns the titles of an enterprise. A title lasts three years. */
function tierRows(city: City, i: number) {
  const random = city.random('tiers', i);
  return tierShares
    .filter(({ share }) => random.chance(share))
    .map(({ tier, level }, seq) => {
      const awarded = today - random.below(1460);
      return {
        enterpriseId: ids.enterprise(i),
        seq,
        tier,
        level,
        titleZh: null,
        year: yearOf(awarded),
        expiresOn: level && dateOf(awarded + 1095),
      };
    });
}

/** Returns tenancies, and the operation of the park for the first enterprise of a quarter, if it operates it. */
function parkRows(city: City, i: number) {
  const quarter = city.quarterOf(i);
  const random = city.random('park roles', i);
  const roles = [
    ...(city.isTenant(i) ? ['TENANT'] : []),
    ...(i === city.operatorOf(quarter) ? ['OPERATOR'] : []),
    ...(random.chance(0.001) ? ['INVESTOR'] : []),
  ];
  return roles.map((role) => ({ enterpriseId: ids.enterprise(i), parkId: ids.park(quarter), role }));
}

/** Returns groups: three in a hundred enterprises belong to the first one of their quarter. */
function groupRows(city: City, i: number) {
  const head = city.firstIn(city.quarterOf(i));
  if (head === i || !city.random('group', i).chance(0.03)) return [];
  return [{ enterpriseId: ids.enterprise(i), groupId: ids.enterprise(head) }];
}
