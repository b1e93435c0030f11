import { creditCodeCheckCharacter, organisationCheckCharacter } from '@wenshu/schema/credit-code.ts';
import type { SubgraphName } from '@wenshu/schema/subgraph-sdl.ts';
import { createRandom } from './random.ts';

/** Rows of one table, for COPY. */
export interface TableRows {
  readonly subgraph: SubgraphName;
  readonly table: string;
  readonly columns: readonly string[];
  readonly rows: Iterable<readonly Value[]>;
}

export type Value = string | number | boolean | null;

/** Districts of the real dataset, each with the regions above it. */
const districts = ['110105', '110116', '370212', '370214', '370283', '340111', '350128'] as const;
const territories = [...districts, '110000', '370200', '370000', '340100', '350100'] as const;
const tiers = [
  'INNOVATIVE_SME',
  'SPECIALIZED_SME',
  'LITTLE_GIANT',
  'GAZELLE',
  'UNICORN',
  'HIDDEN_CHAMPION',
  'HIGH_TECH',
  'LISTED',
  'LEADING',
  'CHAIN_MASTER',
  'HIGH_GROWTH',
] as const;
const levels = ['NATIONAL', 'PROVINCIAL', 'MUNICIPAL'] as const;

/** Number of policies, the same for each size of city. */
const policyCount = 100;

export const enterpriseId = (i: number) => `syn-ent-${String(i).padStart(7, '0')}`;
const parkId = (i: number) => `syn-park-${String(i).padStart(5, '0')}`;
const unitId = (i: number) => `syn-unit-${String(i).padStart(6, '0')}`;
const policyId = (i: number) => `syn-policy-${String(i).padStart(4, '0')}`;
const eventId = (i: number) => `syn-event-${String(i).padStart(7, '0')}`;

/**
 * Generates a synthetic city with this many enterprises. All related records grow with their number, so that a page of enterprises is as
 * heavy in a large city as in a small one.
 */
export function* generateCity(enterpriseCount: number): Generator<TableRows> {
  const parkCount = Math.ceil(enterpriseCount / 50);
  const unitCount = Math.ceil(enterpriseCount / 20);
  const eventCount = Math.ceil(enterpriseCount * 0.6);
  const { below, chance, pick, several } = createRandom(20_190_101);
  const numbers = (count: number) => Array.from({ length: count }, (_, i) => i);
  const date = (fromYear: number, years: number) =>
    `${fromYear + below(years)}-${String(1 + below(12)).padStart(2, '0')}-${String(1 + below(28)).padStart(2, '0')}`;

  yield {
    subgraph: 'parks',
    table: 'parks',
    columns: ['id', 'name_zh', 'name_en', 'synthetic', 'kind', 'level', 'region_code', 'is_virtual'],
    rows: numbers(parkCount).map((i) => [
      parkId(i),
      `第${i}园区(合成)`,
      `Park ${i} (synthetic)`,
      true,
      pick(['CULTURE_PARK', 'INDUSTRIAL_PARK', 'AV_BASE', 'MAKER_SPACE']),
      chance(0.5) ? pick(levels) : null,
      pick(districts),
      false,
    ]),
  };

  yield {
    subgraph: 'enterprises',
    table: 'enterprises',
    columns: [
      ...['id', 'name_zh', 'name_en', 'synthetic', 'credit_code', 'kind', 'ownership', 'region_code'],
      ...['region_basis', 'culture_domain_code', 'is_culture_related', 'is_above_scale'],
      ...['registered_capital', 'founded_on', 'tiers_checked_on'],
    ],
    rows: numbers(enterpriseCount).map((i) => {
      const region = pick(districts);
      return [
        enterpriseId(i),
        `第${i}文化公司(合成)`,
        `Culture company ${i} (synthetic)`,
        true,
        chance(0.005) ? null : creditCode(region, i),
        pick(['ENTERPRISE', 'ENTERPRISE', 'ENTERPRISE', 'SOE']),
        pick(['PRIVATE', 'PRIVATE', 'STATE', 'FOREIGN']),
        region,
        chance(0.9) ? 'STATED' : 'CONTEXT',
        `0${1 + below(9)}`,
        true,
        chance(0.05),
        1_000_000 * (1 + below(500)),
        date(1995, 28),
        '2024-12-31',
      ];
    }),
  };
  yield {
    subgraph: 'enterprises',
    table: 'enterprise_tiers',
    columns: ['enterprise_id', 'seq', 'tier', 'level', 'year'],
    rows: numbers(enterpriseCount).flatMap((i) =>
      several(below(4), tiers.length).map((tier, seq) => [
        enterpriseId(i),
        seq,
        tiers[tier] ?? null,
        pick(levels),
        2018 + below(7),
      ]),
    ),
  };
  yield {
    subgraph: 'enterprises',
    table: 'enterprise_parks',
    columns: ['enterprise_id', 'park_id', 'role'],
    rows: numbers(enterpriseCount)
      .filter(() => chance(0.9))
      .map((i) => [enterpriseId(i), parkId(below(parkCount)), 'TENANT']),
  };

  yield {
    subgraph: 'party',
    table: 'party_units',
    columns: ['id', 'name_zh', 'name_en', 'synthetic', 'kind', 'region_code', 'coverage_mode'],
    rows: numbers(unitCount).map((i) => [
      unitId(i),
      `第${i}联合党支部(合成)`,
      `Joint branch ${i} (synthetic)`,
      true,
      pick(['PARK_BRANCH', 'BRANCH', 'ENTERPRISE_PARTY_ORG']),
      pick(districts),
      pick(['SINGLE', 'PARK_JOINT', 'INDUSTRY']),
    ]),
  };
  yield {
    subgraph: 'party',
    table: 'coverages',
    columns: ['unit_id', 'target_type', 'target_id'],
    rows: [
      ...numbers(parkCount)
        .filter(() => chance(0.97))
        .map((i) => [unitId(below(unitCount)), 'Park', parkId(i)]),
      ...numbers(enterpriseCount)
        .filter(() => chance(0.5))
        .flatMap((i) =>
          several(1 + below(2), unitCount).map((unit) => [unitId(unit), 'Enterprise', enterpriseId(i)]),
        ),
    ],
  };

  yield {
    subgraph: 'policies',
    table: 'policies',
    columns: [
      ...['id', 'name_zh', 'name_en', 'synthetic', 'kind', 'domain', 'status', 'issued_year'],
      'region_code',
    ],
    rows: numbers(policyCount).map((i) => [
      policyId(i),
      `第${i}号扶持办法(合成)`,
      `Support measures ${i} (synthetic)`,
      true,
      'MEASURES',
      'INDUSTRY_SUPPORT',
      pick(['ISSUED', 'ISSUED', 'ISSUED', 'TRIAL', 'PLANNED']),
      2016 + below(9),
      territories[i % territories.length] ?? null,
    ]),
  };
  yield {
    subgraph: 'policies',
    table: 'policy_eligibility',
    columns: ['id', 'policy_id', 'seq', 'field', 'op', 'value', 'text_zh'],
    rows: numbers(policyCount).flatMap((i) => {
      const accepted = several(2 + below(4), tiers.length).map((tier) => tiers[tier]);
      const region = territories[i % territories.length];
      const conditions = [
        ['enterprise.tier', 'IN', JSON.stringify(accepted), '持有所列称号之一'],
        ...(chance(0.3)
          ? [['enterprise.regionCode', 'IN_REGION', JSON.stringify(region), '注册地在本地区']]
          : []),
        ...(chance(0.2) ? [['enterprise.onList', 'EQ', 'true', '列入重点企业名单']] : []),
      ];
      return conditions.map(([field, op, value, text], seq) => [
        `${policyId(i)}-${seq}`,
        policyId(i),
        seq,
        field ?? null,
        op ?? null,
        value ?? null,
        text ?? null,
      ]);
    }),
  };

  yield {
    subgraph: 'events',
    table: 'events',
    columns: [
      ...['id', 'name_zh', 'name_en', 'synthetic', 'kind', 'status', 'start_date', 'region_code', 'venue_id'],
    ],
    rows: numbers(eventCount).map((i) => [
      eventId(i),
      `第${i}场活动(合成)`,
      `Event ${i} (synthetic)`,
      true,
      pick(['EXPO', 'FORUM', 'ROADSHOW', 'TRAINING', 'SALON']),
      'HELD',
      date(2018, 7),
      pick(districts),
      chance(0.7) ? parkId(below(parkCount)) : null,
    ]),
  };
  const involved = (role: string, count: () => number) =>
    numbers(eventCount).flatMap((i) =>
      several(count(), enterpriseCount).map((enterprise, seq) => [
        eventId(i),
        seq,
        role,
        'Enterprise',
        enterpriseId(enterprise),
      ]),
    );
  const involvement = ['event_id', 'seq', 'role', 'target_type', 'target_id'];
  yield { subgraph: 'events', table: 'event_hosts', columns: involvement, rows: involved('HOST', () => 1) };
  yield {
    subgraph: 'events',
    table: 'event_participants',
    columns: involvement,
    rows: involved('PARTICIPANT', () => 2 + below(5)),
  };
}

/** Returns a valid credit code that no real enterprise has: its organisation code starts with TX. */
function creditCode(region: string, i: number): string {
  const organisation = `TX${String(i).padStart(6, '0')}`;
  const body = `91${region}${organisation}${organisationCheckCharacter(organisation)}`;
  return body + creditCodeCheckCharacter(body);
}
