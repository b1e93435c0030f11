import {
  enterpriseCommissioners,
  serviceRequestCoHandlers,
  serviceRequestSteps,
  serviceRequests,
  starListEntries,
  starLists,
} from '@wenshu/policies/tables.ts';
import { agencyOf } from './agencies.ts';
import { type City, ids, type Place, places } from './city.ts';
import { dateOf, dayNumber, today } from './days.ts';
import { openCallTables } from './open-calls.ts';
import { payoutTables } from './payouts.ts';
import { statementColumns, suffix } from './record.ts';
import { requestAt } from './service-requests.ts';
import { type GeneratedTable, generated } from './table.ts';

export function workflowTables(city: City): GeneratedTable[] {
  const { counts } = city;
  return [
    generated(enterpriseCommissioners, counts.enterprises, (i) => commissionerOf(city, i)),
    generated(serviceRequests, counts.serviceRequests, (i) => [requestAt(city, i).row]),
    generated(serviceRequestCoHandlers, counts.serviceRequests, (i) => requestAt(city, i).coHandlers),
    generated(serviceRequestSteps, counts.serviceRequests, (i) => requestAt(city, i).steps),
    ...payoutTables(city),
    generated(starLists, starListCount, (i) => [starListRow(city, i)]),
    generated(starListEntries, starListCount, (i) => starRows(city, i)),
    ...openCallTables(city),
  ];
}

/** One enterprise in twenty has a commissioner, since the last month. */
const commissionerOf = (city: City, i: number): (typeof enterpriseCommissioners.$inferSelect)[] =>
  i % 20 === 0
    ? [
        {
          enterpriseId: ids.enterprise(i),
          agencyId: agencyOf(city.placeIn(city.quarterOf(i)).code, 'CULTURE_PROMOTION'),
          since: '2025-12-01',
        },
      ]
    : [];

/** Half-years; every place has a star list for each. */
const halves = [2023, 2024, 2025].flatMap((year) => [
  { year, half: 'FIRST', zh: '上半年', publishedOn: `${year}-07-20` },
  { year, half: 'SECOND', zh: '下半年', publishedOn: `${year + 1}-01-20` },
]);
const starListCount = halves.length * places.length;
const longestStarList = 50;

function starListAt(i: number) {
  const place = places[i % places.length] as Place;
  const half = halves[Math.floor(i / places.length)] as (typeof halves)[number];
  return { place, ...half, isPublished: dayNumber(half.publishedOn) <= today };
}

function starListRow(city: City, i: number): typeof starLists.$inferSelect {
  const { place, year, half, zh, publishedOn, isPublished } = starListAt(i);
  return {
    ...statementColumns(ids.starList(i), city.random('star list', i)),
    nameZh: `${place.zh}${year}年${zh}明星企业榜单${suffix.zh}`,
    year,
    half,
    status: isPublished ? 'PUBLISHED' : 'OBJECTION_PERIOD',
    objectionUntil: dateOf(dayNumber(publishedOn) - 5),
    publishedOn: isPublished ? publishedOn : null,
    regionCode: place.code,
    policyId: null,
  };
}

/** Returns the nominated enterprises of the place; market regulation vetoes one in thirty. */
function starRows(city: City, i: number): (typeof starListEntries.$inferSelect)[] {
  const { place } = starListAt(i);
  const random = city.random('stars', i);
  const candidates = random
    .several(40 * longestStarList, Math.min(city.counts.enterprises, 100 * longestStarList))
    .filter((nth) => city.placeIn(city.quarterOf(spread(city, nth))) === place)
    .slice(0, longestStarList);
  let rank = 0;
  return candidates.map((nth) => {
    const isVetoed = random.chance(1 / 30);
    if (!isVetoed) rank += 1;
    return {
      listId: ids.starList(i),
      enterpriseId: ids.enterprise(spread(city, nth)),
      rank: isVetoed ? null : rank,
      criteria: random
        .several(random.between(1, 3), starCriteria.length)
        .flatMap((each) => starCriteria[each] ?? []),
      reasonZh: null,
      vetoedById: isVetoed ? agencyOf(place.code, 'MARKET_REGULATION') : null,
      vetoReasonZh: isVetoed ? '列入黑名单' : null,
    };
  });
}

const starCriteria = ['SOCIAL_CONTRIBUTION', 'PERFORMANCE', 'TECHNOLOGY', 'MODEL'] as const;

/** Returns the nth of some thousand candidates, spread over the whole city. */
const spread = ({ counts }: City, nth: number): number =>
  Math.floor((nth * counts.enterprises) / Math.min(counts.enterprises, 100 * longestStarList));
