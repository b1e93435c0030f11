import {
  coverageStatements,
  coverages,
  meetingRules,
  partyBrands,
  partyMechanisms,
  partyUnits,
} from '@wenshu/party/tables.ts';
import { agencyOf } from './agencies.ts';
import { type City, ids, places } from './city.ts';
import { properName } from './names.ts';
import { recordColumns } from './record.ts';
import { type GeneratedTable, generated, type WrittenRow } from './table.ts';

type PartyUnit = WrittenRow<typeof partyUnits>;

/**
 * Size of a block of neighbouring enterprises: nearly five of ten share a branch, and every second block has one enterprise with its own
 * branch.
 */
const blockSize = 10;
const jointSize = 5;

export function partyTables(city: City): GeneratedTable[] {
  const blocks = Math.ceil(city.counts.enterprises / blockSize);
  const { parks } = city.counts;
  return [
    generated(partyUnits, places.length, (i) => [committeeRow(city, i)]),
    generated(partyUnits, parks, (i) => parkBranchRows(city, i)),
    generated(partyUnits, blocks, (i) => blockOf(city, i).units),
    generated(meetingRules, parks, (i) => parkBranchRows(city, i).flatMap(({ id }) => meetingRows(id))),
    generated(meetingRules, blocks, (i) =>
      blockOf(city, i)
        .units.filter((_, nth) => city.random('meetings', i).chance(nth === 0 ? 0.4 : 0.2))
        .flatMap(({ id }) => meetingRows(id)),
    ),
    generated(coverages, parks, (i) =>
      parkBranchRows(city, i).map(({ id }) => ({ unitId: id, targetType: 'Park', targetId: ids.park(i) })),
    ),
    generated(coverages, blocks, (i) =>
      blockOf(city, i).covered.map(({ unitId, enterprise }) => ({
        unitId,
        targetType: 'Enterprise',
        targetId: ids.enterprise(enterprise),
      })),
    ),
    generated(coverageStatements, blocks, (i) => statementRows(city, i)),
    generated(partyBrands, parks, (i) => brandRows(city, i)),
    generated(partyMechanisms, places.length, (i) => [mechanismRow(city, i)]),
  ];
}

/** True for a park with a Party branch: 97 of a hundred. */
export const hasBranch = (city: City, park: number): boolean => city.random('park branch', park).chance(0.97);

function committeeRow(city: City, i: number): PartyUnit {
  const { code = '', zh = '', en = '' } = places[i] ?? {};
  const random = city.random('committee', i);
  return {
    ...recordColumns(
      ids.partyCommittee(i),
      { zh: `${zh}文化产业行业党委`, en: `${en} Culture-industry Party Committee` },
      random,
    ),
    kind: 'INDUSTRY_PARTY_COMMITTEE',
    regionCode: code,
    parentId: null,
    hostId: agencyOf(code, 'PROPAGANDA'),
    coverageMode: 'INDUSTRY',
    secretaryModelZh: null,
  };
}

function parkBranchRows(city: City, park: number): PartyUnit[] {
  if (!hasBranch(city, park)) return [];
  const name = { zh: '园区党支部', en: 'Park Party Branch' };
  return [branchRow(city, ids.parkBranch(park), park, 'PARK_BRANCH', 'PARK_JOINT', name)];
}

/** Returns a branch below the committee of its place. */
function branchRow(
  city: City,
  id: string,
  quarter: number,
  kind: string,
  coverageMode: string | null,
  { zh, en }: { zh: string; en: string },
): PartyUnit {
  const random = city.random(id, quarter);
  const place = city.placeIn(quarter);
  const name = properName(random);
  return {
    ...recordColumns(id, { zh: `${place.zh}${name.zh}${zh}`, en: `${place.en} ${name.en} ${en}` }, random),
    kind,
    regionCode: place.code,
    parentId: ids.partyCommittee(places.indexOf(place)),
    hostId: null,
    coverageMode,
    secretaryModelZh: kind === 'PARK_BRANCH' && random.chance(0.1) ? '园区负责人担任党支部书记' : null,
  };
}

/**
 * Returns the branches of a block and the enterprises that they cover: a joint branch covers at most five, the usual way with few members.
 */
function blockOf(city: City, block: number) {
  const random = city.random('party block', block);
  const first = block * blockSize;
  const quarter = city.quarterOf(first);
  const exists = (enterprise: number) => enterprise < city.counts.enterprises;
  const joint = ids.jointBranch(block);
  const members = Array.from({ length: jointSize }, (_, i) => first + i).filter(
    (enterprise, i) => exists(enterprise) && (i === 0 || random.chance(0.95)),
  );
  const units = [
    branchRow(city, joint, quarter, 'BRANCH', 'PARK_JOINT', { zh: '联合党支部', en: 'Joint Party Branch' }),
  ];
  const covered = members.map((enterprise) => ({ unitId: joint, enterprise }));
  const alone = first + jointSize;
  if (random.chance(0.44) && exists(alone)) {
    const unitId = ids.enterpriseBranch(block);
    units.push(
      branchRow(city, unitId, quarter, 'ENTERPRISE_PARTY_ORG', 'SINGLE', {
        zh: '公司党支部',
        en: 'Company Party Branch',
      }),
    );
    covered.push({ unitId, enterprise: alone });
  }
  return { units, covered };
}

const meetings = [
  ['MEMBER_ASSEMBLY', 'QUARTERLY', '党员大会每季度召开一次'],
  ['BRANCH_COMMITTEE', 'MONTHLY', '支委会每月召开一次'],
  ['PARTY_GROUP_MEETING', 'MONTHLY', '党小组会每月召开一次'],
  ['PARTY_LECTURE', 'QUARTERLY', '党课每季度一次'],
  ['THEME_PARTY_DAY', 'MONTHLY', '主题党日每月相对固定一天'],
] as const;

const meetingRows = (unitId: string) =>
  meetings.map(([kind, frequency, ruleZh], seq) => ({ unitId, seq, kind, frequency, ruleZh, alsoZh: null }));

/** Returns statements with the reason, for one in ten of the enterprises without an organisation. */
function statementRows(city: City, block: number) {
  const random = city.random('coverage statement', block);
  const enterprise = block * blockSize + jointSize + 1 + random.below(4);
  if (!random.chance(0.4) || enterprise >= city.counts.enterprises) return [];
  const [reasonZh, reasonEn] = random.pick([
    ['没有党员', 'It has no Party members'],
    ['党员不足三名', 'It has fewer than three Party members'],
    ['联合党支部正在组建', 'A joint branch is being set up'],
  ] as const);
  return [
    {
      targetType: 'Enterprise',
      targetId: ids.enterprise(enterprise),
      regionCode: city.placeIn(city.quarterOf(enterprise)).code,
      synthetic: true,
      organisation: 'NOT_COVERED',
      work: random.chance(0.7) ? 'COVERED' : 'NOT_COVERED',
      mode: null,
      reasonZh,
      reasonEn,
    },
  ];
}

function brandRows(city: City, park: number) {
  const random = city.random('brand', park);
  if (!random.chance(0.05) || !hasBranch(city, park)) return [];
  const name = properName(random);
  return [
    {
      ...recordColumns(
        ids.brand(park),
        { zh: `“${name.zh}”党建品牌`, en: `${name.en} (Party-building brand)` },
        random,
      ),
      regionCode: city.placeIn(park).code,
      cultivatedById: ids.parkBranch(park),
      ownerType: 'Park',
      ownerId: ids.park(park),
    },
  ];
}

function mechanismRow(city: City, i: number): WrittenRow<typeof partyMechanisms> {
  const { code = '', zh = '', en = '' } = places[i] ?? {};
  return {
    ...recordColumns(
      ids.mechanism(i),
      { zh: `${zh}链上党建工作模式`, en: `${en} Chain Party Building` },
      city.random('mechanism', i),
    ),
    kind: 'WORK_MODEL',
    regionCode: code,
    proposedById: ids.partyCommittee(i),
  };
}
