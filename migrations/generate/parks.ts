import {
  parkRecognitions,
  parks,
  projectOwners,
  projectParks,
  projectPolicies,
  projectStages,
  projects,
  projectTargets,
} from '@wenshu/parks/tables.ts';
import { agencyOf } from './agencies.ts';
import { type City, ids } from './city.ts';
import { dateOf, today } from './days.ts';
import { properName } from './names.ts';
import { weighted } from './random.ts';
import { recordColumns, suffix } from './record.ts';
import { type GeneratedTable, generated, type WrittenRow } from './table.ts';

export function parkTables(city: City): GeneratedTable[] {
  const { counts } = city;
  return [
    generated(parks, counts.parks, (i) => [parkRow(city, i)]),
    generated(parkRecognitions, counts.parks, (i) => recognitionRows(city, i)),
    generated(projects, counts.projects, (i) => [projectAt(city, i).row]),
    generated(projectStages, counts.projects, (i) => projectAt(city, i).stages),
    generated(projectTargets, counts.projects, (i) => [targetRow(i)]),
    generated(projectOwners, counts.projects, (i) => projectOwnerRows(city, i)),
    generated(projectParks, counts.projects, (i) =>
      projectAt(city, i).park === undefined
        ? []
        : [{ projectId: ids.project(i), seq: 0, parkId: ids.park(projectAt(city, i).park ?? 0) }],
    ),
    generated(projectPolicies, counts.projects, (i) => {
      const random = city.random('project policies', i);
      return random
        .several(random.chance(0.4) ? 1 : 0, counts.policies)
        .map((policy, seq) => ({ projectId: ids.project(i), seq, policyId: ids.policy(policy) }));
    }),
  ];
}

const parkKindOf = weighted(
  [{ kind: 'CULTURE_PARK', zh: '文化创意园', en: 'Culture Park' }, 50],
  [{ kind: 'INDUSTRIAL_PARK', zh: '产业园', en: 'Industrial Park' }, 20],
  [{ kind: 'AV_BASE', zh: '视听产业基地', en: 'Audio-visual Base' }, 10],
  [{ kind: 'MAKER_SPACE', zh: '众创空间', en: 'Maker Space' }, 8],
  [{ kind: 'ART_DISTRICT', zh: '艺术区', en: 'Art District' }, 6],
  [{ kind: 'INNOVATION_CENTRE', zh: '创新中心', en: 'Innovation Centre' }, 4],
  [{ kind: 'DEMO_ZONE', zh: '示范区', en: 'Demonstration Zone' }, 2],
);
const parkLevelOf = weighted<string | null>(
  [null, 45],
  ['MUNICIPAL', 30],
  ['DISTRICT', 15],
  ['PROVINCIAL', 7],
  ['NATIONAL', 3],
);

/** Returns the yearly revenue of a park's enterprises, as published. */
export function parkRevenues(city: City, i: number) {
  const random = city.random('park indicators', i);
  const revenueOf = (year: number) => ({
    year,
    value: String(Math.ceil(city.tenantsOf(i) * random.lognormal(1) * 800) * 10_000),
    growth: random.between(-15, 30),
  });
  return [revenueOf(2024), revenueOf(2025)] as const;
}

/** Returns a park with about 1,000 square metres per tenant. */
export function parkRow(city: City, i: number): WrittenRow<typeof parks> {
  const random = city.random('park', i);
  const place = city.placeIn(i);
  const { kind, zh, en } = parkKindOf(random);
  const name = properName(random);
  const level = parkLevelOf(random);
  const tenants = city.tenantsOf(i);
  const operator = city.operatorOf(i);
  const [, revenue] = parkRevenues(city, i);
  return {
    ...recordColumns(
      ids.park(i),
      { zh: `${place.zh}${name.zh}${zh}`, en: `${place.en} ${name.en} ${en}` },
      random,
    ),
    kind,
    level,
    regionCode: place.code,
    addressZh: `${place.zh}${name.zh}路${random.between(1, 300)}号${suffix.zh}`,
    floorAreaSqm: String(Math.round((tenants * (700 + 600 * random.fraction())) / 100) * 100),
    floorAreaApprox: 'ABOUT',
    statedTenantCount: random.chance(0.8) ? tenants : null,
    statedTenantApprox: null,
    statedTenantScope: null,
    revenue: revenue.value,
    revenueApprox: 'EXACT',
    revenuePeriodStart: `${revenue.year}-01-01`,
    revenuePeriodEnd: `${revenue.year}-12-31`,
    operatorType: operator === undefined ? null : 'Enterprise',
    operatorId: operator === undefined ? null : ids.enterprise(operator),
    parentId: null,
    isVirtual: false,
  };
}

/** Returns the recognition of a park that has a level. */
function recognitionRows(city: City, i: number) {
  const { level } = parkRow(city, i);
  if (!level) return [];
  const year = city.random('recognitions', i).between(2018, 2025);
  return [{ ownerId: ids.park(i), seq: 0, titleZh: `文化产业园区${suffix.zh}`, year, level }];
}

const targetRow = (i: number) => ({
  projectId: ids.project(i),
  seq: 0,
  period: '2026',
  periodZh: '2026年',
  periodStart: '2026-01-01',
  periodEnd: '2026-12-31',
  textZh: '按计划推进',
});

const projectKindOf = weighted(
  [{ kind: 'CULTURE_PARK', zh: '文化园区建设项目', en: 'Culture Park Project' }, 25],
  [{ kind: 'CULTURE_TOURISM', zh: '文旅综合体项目', en: 'Culture-tourism Complex' }, 30],
  [{ kind: 'DIGITAL', zh: '数字文化平台项目', en: 'Digital Culture Platform' }, 15],
  [{ kind: 'URBAN_RENEWAL', zh: '老旧厂房更新项目', en: 'Factory Renewal Project' }, 15],
  [{ kind: 'HERITAGE', zh: '文化遗产保护项目', en: 'Heritage Project' }, 10],
  [{ kind: 'RND', zh: '视听技术研发项目', en: 'Audio-visual R&D Project' }, 5],
);
const course = [
  'LISTED',
  'SIGNED',
  'LAND',
  'APPROVED',
  'STARTED',
  'TOPPED_OUT',
  'COMPLETED',
  'IN_USE',
] as const;

/** Returns a project at a random stage, with about five months per stage. */
export function projectAt(city: City, i: number) {
  const random = city.random('project', i);
  const park = random.chance(0.6) ? random.below(city.counts.parks) : undefined;
  const place = city.placeIn(park ?? random.below(city.counts.parks));
  const { kind, zh, en } = projectKindOf(random);
  const name = properName(random);
  const reached = random.below(course.length);
  const planned = Math.ceil(random.lognormal(1.5) * 300) * 1_000_000;
  const done = Math.round((planned / 1_000_000) * (reached / (course.length - 1))) * 1_000_000;
  let day = today - random.between(1, 150);
  const stages = course
    .slice(0, reached + 1)
    .toReversed()
    .map((stage, back) => {
      if (back > 0) day -= random.between(60, 240);
      return {
        projectId: ids.project(i),
        seq: reached + 1 - back,
        stage,
        status: 'DONE',
        partZh: null,
        textZh: null,
        asOf: dateOf(day),
      };
    })
    .toReversed();
  const row: WrittenRow<typeof projects> = {
    ...recordColumns(
      ids.project(i),
      { zh: `${place.zh}${name.zh}${zh}`, en: `${place.en} ${name.en} ${en}` },
      random,
    ),
    kind,
    regionCode: place.code,
    currentStage: course[reached] ?? null,
    currentStageZh: null,
    bundleSize: null,
    plannedInvestment: String(planned),
    completedInvestment: random.chance(0.8) ? String(done) : null,
    investmentApprox: random.chance(0.5) ? 'ABOUT' : 'EXACT',
  };
  return { row, stages, park, place };
}

function projectOwnerRows(city: City, i: number) {
  const { place, park } = projectAt(city, i);
  const random = city.random('project owners', i);
  const firm = (role: string) => ({
    ownerType: 'Enterprise',
    ownerId: ids.enterprise(random.below(city.counts.enterprises)),
    role,
  });
  const operator = park === undefined ? undefined : city.operatorOf(park);
  const owners = [
    random.chance(0.7)
      ? firm('OWNER')
      : { ownerType: 'Agency', ownerId: agencyOf(place.code, 'CULTURE_TOURISM'), role: 'OWNER' },
    ...(random.chance(0.3) ? [firm('PARTNER')] : []),
    ...(operator === undefined
      ? []
      : [{ ownerType: 'Enterprise', ownerId: ids.enterprise(operator), role: 'OPERATOR' }]),
  ];
  return owners.map((owner, seq) => ({ projectId: ids.project(i), seq, ...owner }));
}
