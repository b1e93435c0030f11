import { readFileSync } from 'node:fs';
import { sharingByCoordinate } from '@wenshu/schema/sharing.ts';
import { buildASTSchema, getNamedType, isObjectType, parse } from 'graphql';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Answer, startHub, type TestHub } from '../support/hub.ts';
import { type Equation, isDetermined } from '../support/linear.ts';
import { ask as sql } from '../support/sql.ts';

/* Each succeeded on commit 10c1293, but for the fourth and the last. */

type Shared = TestHub;
let hub: Shared;
beforeAll(async () => {
  hub = await startHub({ agreements: {}, ownRows: true });
});
afterAll(() => hub[Symbol.asyncDispose]());

/** The same numbers on every run. */
function numbersFrom(seed: number) {
  let state = seed;
  return (below: number) => {
    state = (state * 1_103_515_245 + 12_345) % 2_147_483_648;
    return Math.floor((state / 2_147_483_648) * below);
  };
}

interface Region {
  code: string;
  parent: string | null;
}

let regions: Region[];
let real: World;
beforeAll(async () => {
  const { urls } = hub.database;
  regions = (await sql(urls.party, 'select code, parent_code as parent from regions')) as unknown as Region[];
  const counted = await sql(
    urls.parks,
    'select region_code as code, count(*)::int as n from parks group by 1',
  );
  const covered = await sql(
    urls.party,
    `select region_code as code, count(distinct target_id)::int as n from coverages join party_units on id = unit_id
     where target_type = 'Park' group by 1`,
  );
  const of = (rows: Record<string, unknown>[]) =>
    new Map(rows.map(({ code, n }) => [String(code), Number(n)]));
  real = { units: of(counted), covered: of(covered) };
});

/** What lies in each region itself, and what of it is covered. */
interface World {
  readonly units: ReadonlyMap<string, number>;
  readonly covered: ReadonlyMap<string, number>;
}

/** Made parks and made organisations that cover them, beside the real ones. */
async function make(random: (below: number) => number, places: readonly string[]): Promise<World> {
  const world = { units: new Map(real.units), covered: new Map(real.covered) };
  const sizes = [0, 1, 2, 3, 4, 6, 8, 12, 27];
  const made = places.map((code) => {
    const units = sizes[random(sizes.length)] ?? 0;
    const covered = [0, units, random(units + 1)][random(3)] ?? 0;
    world.units.set(code, (world.units.get(code) ?? 0) + units);
    world.covered.set(code, (world.covered.get(code) ?? 0) + covered);
    return { code, units, covered };
  });
  const { urls } = hub.database;
  const values = made.map(({ code, units, covered }) => `('${code}', ${units}, ${covered})`).join();
  await sql(
    urls.parks,
    `insert into parks (id, name_zh, name_en, kind, is_virtual, region_code)
     select 'made-' || code || '-' || i, '园', 'Park', 'CULTURE_PARK', false, code
     from (values ${values}) as made(code, units, covered), generate_series(1, units) as i`,
  );
  await sql(
    urls.party,
    `insert into party_units (id, name_zh, name_en, kind, region_code)
     select 'made-' || code, '支部', 'Branch', 'BRANCH', code from (values ${values}) as made(code, units, covered);
     insert into coverages (unit_id, target_type, target_id)
     select 'made-' || code, 'Park', 'made-' || code || '-' || i
     from (values ${values}) as made(code, units, covered), generate_series(1, covered) as i`,
  );
  return world;
}

async function unmake(): Promise<void> {
  const { urls } = hub.database;
  await sql(urls.parks, "delete from parks where id like 'made-%'");
  await sql(
    urls.party,
    "delete from coverages where unit_id like 'made-%'; delete from party_units where id like 'made-%'",
  );
}

const nodesOf = <Node>(data: Answer['data']): Node[] =>
  (data?.regions as { nodes: Node[] } | undefined)?.nodes ?? [];

interface Coverage {
  code: string;
  partyCoverage: { parkCount: number; parksCovered: number | null; parkRate: string | null };
}

const coverage = 'code partyCoverage { parkCount parksCovered parkRate }';

async function allCoverage(): Promise<Coverage[]> {
  const { data } = await hub.as('FINANCE').ask(`{ regions(first: 500) { nodes { ${coverage} } } }`);
  return nodesOf<Coverage>(data);
}

/** A region with all below it, by the parts that each holds itself. */
function partsOf(code: string): string[] {
  const below = regions.filter(({ parent }) => parent === code);
  return [code, ...below.flatMap((region) => partsOf(region.code))];
}

/** What a caller with pencil and paper finds out of numbers that he was not told. */
function findings(told: readonly Coverage[], { units, covered }: World): string[] {
  const sum = (of: ReadonlyMap<string, number>, codes: readonly string[]) =>
    codes.reduce((all, code) => all + (of.get(code) ?? 0), 0);
  const isEmpty = (code: string) => !units.get(code) && !covered.get(code);
  const atoms = (code: string) => partsOf(code).filter((part) => !isEmpty(part));
  const shown = told.filter(({ partyCoverage: { parksCovered } }) => parksCovered !== null);
  const equations: Equation[] = shown.map(({ code, partyCoverage }) => ({
    of: atoms(code),
    sum: partyCoverage.parksCovered ?? 0,
  }));
  const isTelling = (codes: readonly string[]) => {
    const [all, some] = [sum(units, codes), sum(covered, codes)];
    return some < 3 || all - some < 3;
  };
  const candidates = [
    ...told.map(({ code }) => ({ name: code, codes: atoms(code) })),
    ...regions.map(({ code }) => ({ name: `${code} itself`, codes: isEmpty(code) ? [] : [code] })),
    // What remains of a region when all that is told of those below it is taken off.
    ...shown.map(({ code }) => {
      const within = shown.filter((each) => each.code !== code && partsOf(code).includes(each.code));
      const taken = new Set(within.flatMap((each) => atoms(each.code)));
      return { name: `the rest of ${code}`, codes: atoms(code).filter((part) => !taken.has(part)) };
    }),
  ];
  return candidates.flatMap(({ name, codes }) =>
    codes.length > 0 && isTelling(codes) && isDetermined(equations, codes)
      ? [`${name}: ${sum(covered, codes)} of ${sum(units, codes)}`]
      : [],
  );
}

describe('coverage of regions', () => {
  test('does not reveal single parks, by any sums and differences, in the real dataset', async () => {
    expect(findings(await allCoverage(), real)).toEqual([]);
  });

  test('does not reveal single parks, by any sums and differences, over forty made worlds', async () => {
    const random = numbersFrom(12);
    const places = regions.map(({ code }) => code);
    let told = 0;
    for (let world = 0; world < 40; world++) {
      const made = await make(random, places);
      const answered = await allCoverage();
      told += answered.filter(({ partyCoverage }) => partyCoverage.parksCovered !== null).length;
      expect({ world, found: findings(answered, made) }).toEqual({ world, found: [] });
      await unmake();
    }
    // Nothing told at all would hold too.
    expect(told).toBeGreaterThan(40);
  });

  test('says of none of 27 and of all 27 the same as of two parks: nothing', async () => {
    const [full = '', none = '', two = ''] = regions
      .filter(({ parent }) => parent === '370200')
      .map(({ code }) => code);
    const { urls } = hub.database;
    await sql(
      urls.parks,
      `insert into parks (id, name_zh, name_en, kind, is_virtual, region_code)
       select 'made-' || code || '-' || i, '园', 'Park', 'CULTURE_PARK', false, code
       from (values ('${full}', 27), ('${none}', 27), ('${two}', 2)) as made(code, n), generate_series(1, n) as i`,
    );
    await sql(
      urls.party,
      `insert into party_units (id, name_zh, name_en, kind, region_code) values ('made-1', '支部', 'B', 'BRANCH', '${full}');
       insert into coverages (unit_id, target_type, target_id)
       select 'made-1', 'Park', 'made-${full}-' || i from generate_series(1, 27) as i`,
    );
    for (const code of [full, none, two]) {
      const { data } = await hub.as('FINANCE').ask(`{ region(code: "${code}") { ${coverage} } }`);
      expect(data?.region).toMatchObject({ partyCoverage: { parksCovered: null, parkRate: null } });
    }
    await unmake();
  });

  test('is decided by the data: a region has the same answer alone and by a filter', async () => {
    await make(
      numbersFrom(3),
      regions.map(({ code }) => code),
    );
    const together = await allCoverage();
    for (const { code, partyCoverage } of together.slice(0, 25)) {
      const { data } = await hub.as('FINANCE').ask(`{ region(code: "${code}") { ${coverage} } }`);
      expect(data?.region).toEqual({ code, partyCoverage });
    }
    const { data } = await hub
      .as('FINANCE')
      .ask(`{ regions(first: 500, filter: { code: { within: "370000" } }) { nodes { ${coverage} } } }`);
    const nodes = nodesOf<Coverage>(data);
    for (const node of nodes) expect(together).toContainEqual(node);
    await unmake();
  });
});

const steps = ['suspected', 'filed', 'penalised', 'warned', 'exempted', 'dismissed'] as const;
type Step = (typeof steps)[number];
type Funnel = Record<Step | 'inspected', number | null>;

/** An inspection in a made campaign. */
interface Made {
  enterprise: string;
  reached: ReadonlySet<Step>;
}

describe('the funnel of a campaign', () => {
  /** Made inspections of a campaign: what each came to depends on the campaign's own rates, some of which are 0 or 1. */
  function campaign(random: (below: number) => number, enterprises: readonly string[]): Made[] {
    const rate = () => [0, 1, 3, 5, 8, 10][random(6)] ?? 0;
    const [suspect, file, penalise, warn, exempt, dismiss] = [rate(), rate(), rate(), rate(), rate(), rate()];
    const size = [2, 3, 8, 20, 40][random(5)] ?? 3;
    return Array.from({ length: size }, () => {
      const reached = new Set<Step>();
      const happens = (tenths = 0) => random(10) < tenths;
      if (happens(suspect)) {
        reached.add('suspected');
        if (happens(file)) reached.add('filed');
        if (reached.has('filed') && happens(penalise)) reached.add('penalised');
        if (happens(warn)) reached.add('warned');
        if (happens(exempt)) reached.add('exempted');
        if (happens(dismiss)) reached.add('dismissed');
      }
      return { enterprise: enterprises[random(enterprises.length)] ?? '', reached };
    });
  }

  /** Of what is told, each number and each difference of one step to another that holds it, which are of too few enterprises. */
  function tellings(told: Funnel, made: readonly Made[]): string[] {
    const enterprises = (of: readonly Made[]) => new Set(of.map(({ enterprise }) => enterprise)).size;
    const at = (step: Step | 'inspected') =>
      made.filter(({ reached }) => step === 'inspected' || reached.has(step));
    const shown = (['inspected', ...steps] as const).filter((step) => told[step] !== null);
    const few = (name: string, of: readonly Made[]) =>
      enterprises(of) < 3 ? [`${name}: ${enterprises(of)} enterprises`] : [];
    return shown.flatMap((whole, i) => [
      ...(told[whole] === at(whole).length ? [] : [`${whole} is ${told[whole]}`]),
      ...few(whole, at(whole)),
      ...shown.slice(i + 1).flatMap((part) => {
        const isWithin = at(part).every((each) => at(whole).includes(each));
        return isWithin
          ? few(
              `${whole} without ${part}`,
              at(whole).filter((each) => !at(part).includes(each)),
            )
          : [];
      }),
    ]);
  }

  test('does not reveal single enterprises, by numbers or differences, over a hundred made campaigns', async () => {
    const { urls } = hub.database;
    const random = numbersFrom(7);
    const rows = await sql(urls.enterprises, 'select id from enterprises order by id');
    const campaigns = Array.from({ length: 100 }, () =>
      campaign(
        random,
        rows.map(({ id }) => String(id)),
      ),
    );
    const all = campaigns.flatMap((inspections, c) => inspections.map((each, i) => ({ c, i, ...each })));
    const stageOf = {
      filed: 'FILED',
      penalised: 'PENALISED',
      warned: 'WARNED',
      exempted: 'EXEMPTED',
      dismissed: 'DISMISSED',
    };
    await sql(
      urls.events,
      `insert into events (id, name_zh, name_en, kind, status)
       select 'made-' || c, '检查', 'Campaign', 'INSPECTION_CAMPAIGN', 'HELD' from generate_series(0, 99) as c`,
    );
    const suspected = all.filter(({ reached }) => reached.has('suspected'));
    const stages = suspected.flatMap(({ c, i, reached }) =>
      Object.entries(stageOf).flatMap(([step, stage], seq) =>
        reached.has(step as Step) ? [`('f-${c}-${i}', ${seq}, '${stage}')`] : [],
      ),
    );
    await sql(
      urls.enterprises,
      `insert into inspections (id, enterprise_id, campaign_id, method, inspected_on)
       values ${all.map(({ c, i, enterprise }) => `('i-${c}-${i}', '${enterprise}', 'made-${c}', 'SPECIAL', '2024-09-01')`).join()};
       insert into findings (id, inspection_id, enterprise_id, title_zh)
       values ${suspected.map(({ c, i, enterprise }) => `('f-${c}-${i}', 'i-${c}-${i}', '${enterprise}', '机密')`).join()};
       insert into finding_stages (finding_id, seq, stage) values ${stages.join()}`,
    );
    let told = 0;
    for (const [c, made] of campaigns.entries()) {
      const { data } = await hub
        .as('FINANCE')
        .ask(`{ event(id: "made-${c}") { inspectionFunnel { inspected ${steps.join(' ')} } } }`);
      const { inspectionFunnel } = (data?.event ?? {}) as { inspectionFunnel?: Funnel | null };
      if (!inspectionFunnel) continue;
      told += steps.filter((step) => inspectionFunnel[step] !== null).length;
      expect({ c, found: tellings(inspectionFunnel, made) }).toEqual({ c, found: [] });
    }
    expect(told).toBeGreaterThan(30);
  });
});

test('totals of returns do not reveal single enterprises, by any sums and differences', async () => {
  const { urls } = hub.database;
  const random = numbersFrom(5);
  const domains = ['01', '02', '03'];
  const places = regions.filter(({ code }) => /^(1101|3702)/.test(code)).slice(0, 9);
  const made = Array.from({ length: 120 }, (_, i) => ({
    id: `made-${i}`,
    region: places[random(places.length)]?.code ?? '',
    domain: domains[random(6)] ?? '01',
  }));
  await sql(
    urls.enterprises,
    `insert into enterprises (id, name_zh, name_en, kind, region_code)
     values ${made.map(({ id, region }) => `('${id}', '企业', 'Enterprise', 'ENTERPRISE', '${region}')`).join()};
     insert into statistical_returns (enterprise_id, period, region_code, culture_domain_code, revenue, tax, staff, status)
     values ${made.map(({ id, region, domain }) => `('${id}', '2024-03-01', '${region}', '${domain}', ${100 + random(40)}, 10, 5, 'PUBLISHED')`).join()}`,
  );
  const fields = [null, ...domains]
    .map(
      (domain) =>
        `d${domain ?? ''}: returnsSummary(year: 2024, month: 3${domain ? `, cultureDomainCode: "${domain}"` : ''}) { enterpriseCount }`,
    )
    .join(' ');
  const { data } = await hub.as('FINANCE').ask(`{ regions(first: 500) { nodes { code ${fields} } } }`);
  const nodes = nodesOf<Record<string, { enterpriseCount: number | null } | null> & { code: string }>(data);
  const cells = nodes.flatMap(({ code, ...each }) =>
    [null, ...domains].map((domain) => {
      const held = made.filter(
        (unit) => partsOf(code).includes(unit.region) && (domain === null || unit.domain === domain),
      );
      const atoms = [...new Set(held.map((unit) => `${unit.region} ${unit.domain}`))];
      return {
        code,
        domain,
        atoms,
        units: held.length,
        told: each[`d${domain ?? ''}`]?.enterpriseCount ?? null,
      };
    }),
  );
  const equations = cells.flatMap(({ atoms, told }) => (told === null ? [] : [{ of: atoms, sum: told }]));
  const found = cells.filter(({ units, atoms }) => units > 0 && units < 3 && isDetermined(equations, atoms));
  expect(found).toEqual([]);
  expect(equations.length).toBeGreaterThan(3);
});

/** Numbers about rows that are more closed than they are, and the routine that withholds them. */
const withheldByRoutine = new Set([
  ...['parksCovered', 'parkRate', 'enterprisesCovered', 'enterpriseRate'].map(
    (name) => `RegionPartyCoverage.${name}`,
  ),
  ...['inspected', ...steps].map((name) => `InspectionFunnel.${name}`),
  ...['enterpriseCount', 'revenue', 'tax', 'staff'].map((name) => `ReturnsSummary.${name}`),
]);

/** Other numbers of several rows, and the field that a caller must see to see those rows. */
const rowsBehind: Readonly<Record<string, string>> = {
  'Policy.paidTotal': 'Payout.id',
  'PolicyMatch.conditionCount': 'PolicyMatch.conditions',
  'PolicyMatch.likelyCount': 'PolicyMatch.conditions',
  'PolicyMatch.metCount': 'PolicyMatch.conditions',
  'PolicyMatch.notMetCount': 'PolicyMatch.conditions',
  'PolicyMatch.unknownCount': 'PolicyMatch.conditions',
  'Region.agencyCount': 'Agency.id',
  'Region.enterpriseCount': 'Enterprise.id',
  'Region.eventCount': 'Event.id',
  'Region.inspectionCount': 'Inspection.id',
  'Region.parkCount': 'Park.id',
  'Region.partyUnitCount': 'PartyUnit.id',
  'Region.policyCount': 'Policy.id',
  'Region.projectCount': 'Project.id',
  'Region.serviceRequestCount': 'ServiceRequest.id',
  'RegionPartyCoverage.enterpriseCount': 'Enterprise.id',
  'RegionPartyCoverage.parkCount': 'Park.id',
  'ServiceRequestSummary.closed': 'ServiceRequest.id',
  'ServiceRequestSummary.closureRate': 'ServiceRequest.id',
  'ServiceRequestSummary.count': 'ServiceRequest.id',
  'ServiceRequestSummary.medianWorkingDays': 'ServiceRequest.id',
  'ServiceRequestSummary.overdue': 'ServiceRequest.id',
  'ServiceRequestSummary.reopened': 'ServiceRequest.id',
};

test('every number of several rows is as closed as its rows, or withheld by the routine', () => {
  const api = parse(readFileSync(new URL('../../schema/api.graphql', import.meta.url), 'utf8'));
  const schema = buildASTSchema(api);
  const sharing = sharingByCoordinate(api);
  const isOfMany = (typeName: string, field: string) =>
    /^(Region|RegionPartyCoverage|InspectionFunnel|\w+Summary)$/.test(typeName) ||
    /(Total|Rate|Count)$/.test(field);
  const numbers = Object.values(schema.getTypeMap()).flatMap((type) =>
    isObjectType(type) && !/(Connection|Aggregate)$/.test(type.name)
      ? Object.values(type.getFields()).flatMap((field) =>
          ['Int', 'Float', 'Decimal', 'Yuan'].includes(getNamedType(field.type).name) &&
          isOfMany(type.name, field.name)
            ? [`${type.name}.${field.name}`]
            : [],
        )
      : [],
  );
  expect(numbers.filter((each) => !withheldByRoutine.has(each)).sort()).toEqual(Object.keys(rowsBehind));
  const classes = ['UNCONDITIONAL', 'CONDITIONAL', 'WITHHELD'];
  for (const [number, row] of Object.entries(rowsBehind)) {
    const [own, rows] = [sharing.get(number), sharing.get(row)];
    expect([number, classes.indexOf(own?.class ?? '') >= classes.indexOf(rows?.class ?? '')]).toEqual([
      number,
      true,
    ]);
    expect([number, !own?.open || rows?.open]).toEqual([number, true]);
  }
});
