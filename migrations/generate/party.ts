import { courseOf } from '@wenshu/kit/workflow/course.ts';
import {
  activitySteps,
  brandPlanSteps,
  brandPlans,
  brandSteps,
  coverageStatements,
  coverageSteps,
  coverages,
  meetingRules,
  partyActivities,
  partyBrands,
  partyMechanisms,
  partyUnits,
} from '@wenshu/party/tables.ts';
import { activityTable } from '@wenshu/party/workflows/activity-table.ts';
import { type BrandAction, brandPlanTable, brandTable } from '@wenshu/party/workflows/brand-tables.ts';
import { type CoverageAction, coverageTable } from '@wenshu/party/workflows/coverage-table.ts';
import { agencyOf } from './agencies.ts';
import { type City, ids, places } from './city.ts';
import { afterWorkingDays, dateOf, dayNumber, today } from './days.ts';
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
    generated(coverageStatements, blocks, (i) => rowIn(statementOf(city, i))),
    generated(coverageSteps, blocks, (i) => statementOf(city, i)?.steps ?? []),
    generated(partyActivities, parks, (i) => parkActivities(city, i).map(({ row }) => row)),
    generated(activitySteps, parks, (i) => parkActivities(city, i).flatMap(({ steps }) => steps)),
    generated(partyBrands, parks, (i) => rowIn(brandOf(city, i))),
    generated(brandSteps, parks, (i) => brandOf(city, i)?.steps ?? []),
    generated(brandPlans, places.length, (i) => brandPlansOf(i).map(({ row }) => row)),
    generated(brandPlanSteps, places.length, (i) => brandPlansOf(i).flatMap(({ steps }) => steps)),
    generated(partyMechanisms, places.length, (i) => [mechanismRow(city, i)]),
  ];
}

const rowIn = <Row>(made: { readonly row: Row } | undefined): readonly Row[] => (made ? [made.row] : []);

const workingDaysAfter = (day: string, count: number) => dateOf(afterWorkingDays(dayNumber(day), count));

/** The branches of parks record their meetings on the hub. */
const parkActivities = (city: City, park: number) =>
  parkBranchRows(city, park).flatMap((unit) => activitiesOf(city, unit, park));

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

const gaps = [
  { gap: 'NO_MEMBERS', reasonZh: '没有党员', reasonEn: 'It has no Party members' },
  {
    gap: 'FEWER_THAN_3',
    reasonZh: '正式党员不足三名',
    reasonEn: 'It has fewer than three full Party members',
  },
  { gap: 'JOINT_PENDING', reasonZh: '联合党支部正在组建', reasonEn: 'A joint branch is being set up' },
] as const;

/** Returns the day half a year later, on which a statement is checked again. */
const nextCheck = (day: number) => dateOf(day + 182);

/** Returns a statement with its steps, for one in ten of the enterprises without an organisation. */
function statementOf(city: City, block: number) {
  const random = city.random('coverage statement', block);
  const enterprise = block * blockSize + jointSize + 1 + random.below(4);
  if (!random.chance(0.4) || enterprise >= city.counts.enterprises) return undefined;
  const { gap, reasonZh, reasonEn } = random.pick(gaps);
  const hasLiaison = random.chance(0.7);
  const regionCode = city.placeIn(city.quarterOf(enterprise)).code;
  const agencyId = agencyOf(regionCode, 'PROPAGANDA');
  const first = today - 30 - random.below(300);
  const days: readonly [CoverageAction, number][] = [
    ['RECORD_GAP', first],
    ...(hasLiaison ? [['APPOINT_LIAISON', first + 20] as [CoverageAction, number]] : []),
    // One in ten checks is overdue.
    ...(first + 202 < today && random.chance(0.9)
      ? [['CHECK', first + 190] as [CoverageAction, number]]
      : []),
  ];
  const { steps, stage, version, dueOn } = courseOf(
    coverageTable,
    days.map(([action, day]) => ({ action, on: dateOf(day), agencyId, dueOn: nextCheck(day) })),
    workingDaysAfter,
  );
  const id = ids.enterprise(enterprise);
  const row: typeof coverageStatements.$inferSelect = {
    id,
    targetType: 'Enterprise',
    regionCode,
    synthetic: true,
    organisation: 'NOT_COVERED',
    work: hasLiaison ? 'COVERED' : 'NOT_COVERED',
    mode: null,
    reasonZh,
    reasonEn,
    gap,
    unitId: null,
    stage,
    dueOn,
    version,
    updatedAt: steps.at(-1)?.at ?? '',
  };
  return { row, steps: steps.map((step) => ({ objectId: id, ...step })) };
}

const monthsKept = 3;
const monthLength = 30;

/** Returns the meetings of the last months that an organisation with rules recorded. One in ten was not held. */
function activitiesOf(city: City, unit: PartyUnit, nth: number) {
  const random = city.random(`meetings of ${unit.id}`, nth);
  return meetings.flatMap(([kind, frequency]) =>
    Array.from({ length: frequency === 'MONTHLY' ? monthsKept : 1 }, (_, month) => month)
      .filter(() => random.chance(0.9))
      .map((month) => activityOf(unit, kind, today - month * monthLength - random.below(monthLength))),
  );
}

const topics: Readonly<Record<string, string>> = {
  MEMBER_ASSEMBLY: '学习党的创新理论',
  BRANCH_COMMITTEE: '研究支部工作',
  PARTY_GROUP_MEETING: '交流学习体会',
  PARTY_LECTURE: '专题党课',
  THEME_PARTY_DAY: '主题党日活动',
};

function activityOf({ id: unitId, regionCode }: PartyUnit, meeting: string, day: number) {
  const on = dateOf(day);
  const id = `${unitId}-${meeting.toLowerCase().replaceAll('_', '-')}-${on}`;
  const { steps, stage, version, dueOn } = courseOf(
    activityTable,
    [{ action: 'RECORD', on }],
    workingDaysAfter,
  );
  const row: typeof partyActivities.$inferSelect = {
    id,
    unitId,
    hostId: null,
    meeting,
    on,
    topicZh: topics[meeting] ?? '',
    regionCode,
    stage,
    dueOn,
    synthetic: true,
    updatedAt: `${on}T04:00:00Z`,
    version,
  };
  return { row, steps: steps.map((step) => ({ objectId: id, ...step })) };
}

/** Returns a brand with its steps, for one in twenty parks with a branch. */
function brandOf(city: City, park: number) {
  const random = city.random('brand', park);
  if (!random.chance(0.05) || !hasBranch(city, park)) return undefined;
  const name = properName(random);
  const id = ids.brand(park);
  const regionCode = city.placeIn(park).code;
  const first = today - random.below(500);
  const acts: readonly BrandAction[] = (['NOMINATE', 'CULTIVATE', 'AWARD'] as const).slice(
    0,
    1 + random.below(3),
  );
  const { steps, stage, version, dueOn } = courseOf(
    brandTable,
    acts.map((action, i) => ({ action, on: dateOf(Math.min(today, first + 90 * i)) })),
    workingDaysAfter,
  );
  const row: WrittenRow<typeof partyBrands> = {
    ...recordColumns(id, { zh: `“${name.zh}”党建品牌`, en: `${name.en} (Party-building brand)` }, random),
    regionCode,
    cultivatedById: ids.parkBranch(park),
    ownerType: 'Park',
    ownerId: ids.park(park),
    stage,
    dueOn,
    version,
  };
  return { row, steps: steps.map((step) => ({ objectId: id, ...step })) };
}

const plannedYears = [2024, 2025, 2026] as const;

/** Every place means to cultivate five brands a year, as 朝阳 does. */
function brandPlansOf(place: number) {
  const { code = '' } = places[place] ?? {};
  return plannedYears.map((year) => {
    const id = `syn-plan-${code}-${year}`;
    const act = { action: 'SET' as const, on: `${year - 1}-12-20`, dueOn: `${year}-12-31` };
    const { steps, stage, version, dueOn } = courseOf(brandPlanTable, [act], workingDaysAfter);
    const row: typeof brandPlans.$inferSelect = {
      id,
      regionCode: code,
      year,
      planned: 5,
      stage,
      dueOn,
      synthetic: true,
      updatedAt: `${act.on}T04:00:00Z`,
      version,
    };
    return { row, steps: steps.map((step) => ({ objectId: id, ...step })) };
  });
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
