import { readFileSync } from 'node:fs';
import { sharingByCoordinate } from '@wenshu/schema/sharing.ts';
import { buildASTSchema, getNamedType, isObjectType, parse } from 'graphql';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Answer, startHub, type TestHub } from '../support/hub.ts';
import { determinedBy, type Equation } from '../support/linear.ts';
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
    `select id, region_code as code, level from parks p
     where region_code is not null and not is_virtual and kind not in ('DEMO_ZONE', 'VIRTUAL_PARK', 'VENUE_NETWORK', 'PARK_CLASS')
     and not exists (select from parks where parent_id = p.id)`,
  );
  const states = await sql(urls.party, 'select target_id as id, organisation from coverage_states');
  const stateOf = new Map(states.map(({ id, organisation }) => [id, String(organisation)]));
  real = counted.map(({ id, code, level }) => ({
    code: String(code),
    level: level === null ? null : String(level),
    state: stateOf.get(id) ?? 'UNKNOWN',
  }));
});

/** The parks of all regions: where they lie, their level, and what is on record of them. */
type World = readonly { readonly code: string; readonly level: string | null; readonly state: string }[];

const states = ['COVERED', 'NOT_COVERED', 'UNKNOWN'];

/** Made parks, made organisations that cover them and made statements, beside the real ones. */
async function make(random: (below: number) => number, places: readonly string[]): Promise<World> {
  const sizes = [0, 1, 2, 3, 4, 6, 8, 12, 27];
  const made = places.flatMap((code) => {
    const own = states.filter(() => random(2) === 0);
    const levels = [null, 'MUNICIPAL', 'DISTRICT'].filter(() => random(2) === 0);
    return Array.from({ length: sizes[random(sizes.length)] ?? 0 }, (_, i) => ({
      id: `made-${code}-${i}`,
      code,
      level: levels[random(levels.length)] ?? null,
      state: own[random(own.length)] ?? 'UNKNOWN',
    }));
  });
  const { urls } = hub.database;
  const rowsOf = (state: string) => made.filter((park) => park.state === state).map(({ id }) => id);
  await sql(
    urls.parks,
    `insert into parks (id, name_zh, name_en, kind, is_virtual, region_code, level)
     select id, '园', 'Park', 'CULTURE_PARK', false, code, level from json_to_recordset('${JSON.stringify(made)}') as made(id text, code text, level text)`,
  );
  await sql(
    urls.party,
    `insert into party_units (id, name_zh, name_en, kind, region_code) values ('made-unit', '支部', 'Branch', 'BRANCH', '110105');
     insert into coverages (unit_id, target_type, target_id)
     select 'made-unit', 'Park', id from json_array_elements_text('${JSON.stringify(rowsOf('COVERED'))}') as id;
     insert into coverage_statements (target_type, target_id, organisation)
     select 'Park', id, 'NOT_COVERED' from json_array_elements_text('${JSON.stringify(rowsOf('NOT_COVERED'))}') as id`,
  );
  return [...real, ...made];
}

async function unmake(): Promise<void> {
  const { urls } = hub.database;
  await sql(urls.parks, "delete from parks where id like 'made-%'");
  await sql(
    urls.party,
    `delete from coverages where unit_id like 'made-%'; delete from party_units where id like 'made-%';
     delete from coverage_statements where target_id like 'made-%'`,
  );
}

const nodesOf = <Node>(data: Answer['data']): Node[] =>
  (data?.regions as { nodes: Node[] } | undefined)?.nodes ?? [];

interface Count {
  total: number;
  covered: number | null;
}

interface Coverage {
  code: string;
  all: { parks: { organisation: Count } };
  municipal: { parks: { organisation: Count } };
  district: { parks: { organisation: Count } };
}

const count =
  '{ parks { organisation { total covered notCovered unknown rate rateAtLeast rateAtMost isSuppressed } } }';
const coverage = `code all: partyCoverage ${count} municipal: partyCoverage(level: MUNICIPAL) ${count} district: partyCoverage(level: DISTRICT) ${count}`;

async function allCoverage(): Promise<Coverage[]> {
  const { data } = await hub.as('FINANCE').ask(`{ regions(first: 500) { nodes { ${coverage} } } }`);
  return nodesOf<Coverage>(data);
}

/** A region with all below it, by the parts that each holds itself. */
function partsOf(code: string): string[] {
  const below = regions.filter(({ parent }) => parent === code);
  return [code, ...below.flatMap((region) => partsOf(region.code))];
}

/** The numbers that a caller may be told: each of a region with all below it, of all levels or of one. */
const toldBy = ({ code, all, municipal, district }: Coverage) => [
  { code, level: undefined, ...all.parks.organisation },
  { code, level: 'MUNICIPAL', ...municipal.parks.organisation },
  { code, level: 'DISTRICT', ...district.parks.organisation },
];

/** What a caller with pencil and paper finds out of numbers that he was not told. */
function findings(told: readonly Coverage[], world: World): string[] {
  const atomOf = ({ code, level }: { code: string; level: string | null }) => `${code} ${level}`;
  const byAtom = Map.groupBy(world, atomOf);
  const levels = [null, 'MUNICIPAL', 'DISTRICT', 'NATIONAL', 'PROVINCIAL'];
  const atoms = (codes: readonly string[], level?: string) =>
    codes.flatMap((code) =>
      (level === undefined ? levels : [level])
        .map((each) => atomOf({ code, level: each }))
        .filter((atom) => byAtom.has(atom)),
    );
  const cells = told
    .flatMap(toldBy)
    .map((cell) => ({ ...cell, atoms: atoms(partsOf(cell.code), cell.level) }));
  const shown = cells.filter(({ covered, atoms }) => covered !== null && atoms.length > 0);
  const equations: Equation[] = shown.map(({ atoms, covered }) => ({ of: atoms, sum: covered ?? 0 }));
  const follows = determinedBy(equations);
  /** Whether the parks are all covered or all not, or one or two of them in a state. That all are unknown tells nothing of any. */
  const isTelling = (of: readonly string[]) => {
    const parks = of.flatMap((atom) => byAtom.get(atom) ?? []);
    if (parks.every(({ state }) => state === 'UNKNOWN')) return false;
    const parts = states
      .map((state) => parks.filter((park) => park.state === state).length)
      .filter((size) => size > 0);
    return parts.length < 2 || parts.some((size) => size < 3);
  };
  const candidates = [
    ...cells.map(({ code, level, atoms }) => ({ name: `${code} ${level}`, atoms })),
    ...regions.map(({ code }) => ({ name: `${code} itself`, atoms: atoms([code]) })),
    ...[...byAtom.keys()].map((atom) => ({ name: `${atom} itself`, atoms: [atom] })),
    // What remains of a region when all that is told of those below it is taken off.
    ...shown.map(({ code, level, atoms }) => {
      const within = shown.filter(
        (each) => each.code !== code && each.level === level && partsOf(code).includes(each.code),
      );
      const taken = new Set(within.flatMap((each) => each.atoms));
      return { name: `the rest of ${code} ${level}`, atoms: atoms.filter((atom) => !taken.has(atom)) };
    }),
  ];
  return candidates.flatMap(({ name, atoms }) =>
    atoms.length > 0 && isTelling(atoms) && follows(atoms) ? [name] : [],
  );
}

describe('coverage of regions', () => {
  test('does not reveal single parks, by any sums and differences, in the real dataset', async () => {
    expect(findings(await allCoverage(), real)).toEqual([]);
  });

  test('does not reveal single parks, by any sums and differences, over a dozen made worlds', async () => {
    const random = numbersFrom(12);
    const places = regions.map(({ code }) => code);
    let told = 0;
    for (let world = 0; world < 12; world++) {
      const made = await make(random, places);
      const answered = await allCoverage();
      told += answered.flatMap(toldBy).filter(({ total, covered }) => total > 0 && covered !== null).length;
      expect({ world, found: findings(answered, made) }).toEqual({ world, found: [] });
      await unmake();
    }
    // Nothing told at all would hold too.
    expect(told).toBeGreaterThan(40);
  });

  test('says nothing of 27 parks that are all covered or all not, and of 27 that nothing is on record', async () => {
    const [full = '', none = ''] = regions
      .filter(({ parent }) => parent === '370200')
      .map(({ code }) => code);
    // A region apart: numbers beside hidden ones are hidden with them.
    const unknown = '420100';
    const { urls } = hub.database;
    await sql(
      urls.parks,
      `insert into parks (id, name_zh, name_en, kind, is_virtual, region_code)
       select 'made-' || code || '-' || i, '园', 'Park', 'CULTURE_PARK', false, code
       from unnest(array['${full}', '${none}', '${unknown}']) as code, generate_series(1, 27) as i`,
    );
    await sql(
      urls.party,
      `insert into party_units (id, name_zh, name_en, kind, region_code) values ('made-1', '支部', 'B', 'BRANCH', '${full}');
       insert into coverages (unit_id, target_type, target_id)
       select 'made-1', 'Park', 'made-${full}-' || i from generate_series(1, 27) as i;
       insert into coverage_statements (target_type, target_id, organisation)
       select 'Park', 'made-${none}-' || i, 'NOT_COVERED' from generate_series(1, 27) as i`,
    );
    try {
      const shown = (organisation: object) => ({ partyCoverage: { parks: { organisation } } });
      const coverageOf = async (code: string) => {
        const { data } = await hub
          .as('FINANCE')
          .ask(`{ region(code: "${code}") { partyCoverage(kind: CULTURE_PARK) ${count} } }`);
        return data?.region;
      };
      const hidden = shown({ covered: null, notCovered: null, unknown: null, isSuppressed: true });
      expect(await coverageOf(full)).toMatchObject(hidden);
      expect(await coverageOf(none)).toMatchObject(hidden);
      expect(await coverageOf(unknown)).toMatchObject(shown({ covered: 0, notCovered: 0, unknown: 27 }));
    } finally {
      await unmake();
    }
  });

  test('is decided by the data: a region has the same answer alone and by a filter', async () => {
    await make(
      numbersFrom(3),
      regions.map(({ code }) => code),
    );
    const together = await allCoverage();
    for (const { code, ...numbers } of together.slice(0, 25)) {
      const { data } = await hub.as('FINANCE').ask(`{ region(code: "${code}") { ${coverage} } }`);
      expect(data?.region).toEqual({ code, ...numbers });
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
        reached.has(step as Step) ? [`('f-${c}-${i}', ${seq}, '${stage}', '2024-09-02')`] : [],
      ),
    );
    await sql(
      urls.enterprises,
      `insert into inspections (id, enterprise_id, campaign_id, method, inspected_on)
       values ${all.map(({ c, i, enterprise }) => `('i-${c}-${i}', '${enterprise}', 'made-${c}', 'SPECIAL', '2024-09-01')`).join()};
       insert into findings (id, inspection_id, enterprise_id, title_zh)
       values ${suspected.map(({ c, i, enterprise }) => `('f-${c}-${i}', 'i-${c}-${i}', '${enterprise}', '机密')`).join()};
       insert into finding_steps (object_id, seq, stage, step_on) values ${stages.join()}`,
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
  const follows = determinedBy(equations);
  const found = cells.filter(({ units, atoms }) => units > 0 && units < 3 && follows(atoms));
  expect(found).toEqual([]);
  expect(equations.length).toBeGreaterThan(3);
});

/** Numbers about rows that are more closed than they are, and the routine that withholds them. */
const withheldByRoutine = new Set([
  ...['covered', 'notCovered', 'unknown', 'rate', 'rateAtLeast', 'rateAtMost'].map(
    (name) => `RegionCoverageCount.${name}`,
  ),
  ...['inspected', ...steps].map((name) => `InspectionFunnel.${name}`),
  ...['enterpriseCount', 'revenue', 'tax', 'staff'].map((name) => `ReturnsSummary.${name}`),
  ...['matched', 'confirmed', 'payable', 'paid', 'vetoed', 'declined', 'clawedBack'].map(
    (name) => `PayoutFigures.${name}`,
  ),
  ...['paidAmount', 'payableAmount', 'medianWorkingDays', 'budget', 'budgetCommitted', 'budgetUsed'].map(
    (name) => `PayoutFigures.${name}`,
  ),
  // They say which groups there are, not how many payouts are in them.
  'PayoutSummary.groupCount',
  'PayoutSummary.year',
]);

/** Other numbers of several rows, and the field that a caller must see to see those rows. */
const rowsBehind: Readonly<Record<string, string>> = {
  // Corrections are the control plane's own: its resolvers decide who counts which of them.
  'CorrectionFigures.answered': 'Correction.id',
  'CorrectionFigures.count': 'Correction.id',
  'CorrectionFigures.medianWorkingDays': 'Correction.id',
  'CorrectionFigures.overdue': 'Correction.id',
  'DualEffectFigures.count': 'DualEffectAssessment.id',
  'DualEffectFigures.late': 'DualEffectAssessment.id',
  'DualEffectFigures.medianTotal': 'DualEffectAssessment.id',
  'DualEffectFigures.medianWorkingDays': 'DualEffectAssessment.id',
  'DualEffectFigures.onTime': 'DualEffectAssessment.id',
  'DualEffectFigures.onTimeRate': 'DualEffectAssessment.id',
  'DualEffectFigures.undated': 'DualEffectAssessment.id',
  'DualEffectSummary.groupCount': 'DualEffectAssessment.id',
  'EnforcementFigures.decided': 'Finding.id',
  'EnforcementFigures.decidedOnTime': 'Finding.id',
  'EnforcementFigures.exemptions': 'Finding.id',
  'EnforcementFigures.filed': 'Finding.id',
  'EnforcementFigures.findings': 'Finding.id',
  'EnforcementFigures.firstOffenceShare': 'Finding.id',
  'EnforcementFigures.firstOffences': 'Finding.id',
  'EnforcementFigures.inspections': 'Inspection.id',
  'EnforcementFigures.late': 'Finding.id',
  'EnforcementFigures.medianDays': 'Finding.id',
  'EnforcementFigures.onTimeRate': 'Finding.id',
  'EnforcementFigures.penalties': 'Finding.id',
  'EnforcementFigures.penaltySum': 'Finding.id',
  'EnforcementFigures.recordedLate': 'Inspection.id',
  'EnforcementFigures.recordedOnTime': 'Inspection.id',
  'OpenCallFigures.acceptanceRate': 'OpenCall.id',
  'OpenCallFigures.accepted': 'OpenCall.id',
  'OpenCallFigures.claims': 'OpenCallClaim.id',
  'OpenCallFigures.claimsPerCall': 'OpenCallClaim.id',
  'OpenCallFigures.count': 'OpenCall.id',
  'OpenCallFigures.failed': 'OpenCall.id',
  'OpenCallFigures.inProgress': 'OpenCall.id',
  'OpenCallFigures.lapsed': 'OpenCall.id',
  'OpenCallFigures.medianDays': 'OpenCall.id',
  'OpenCallFigures.published': 'OpenCall.id',
  'OpenCallFigures.rewarded': 'OpenCall.id',
  'OpenCallFigures.selected': 'OpenCall.id',
  'OpenCallSummary.groupCount': 'OpenCall.id',
  'PartyBrandFigures.awarded': 'PartyBrand.id',
  'PartyBrandFigures.cultivated': 'PartyBrand.id',
  'PartyBrandFigures.nominated': 'PartyBrand.id',
  'PartyBrandFigures.planned': 'PartyBrandPlan.id',
  'PartyCoverageFigures.checks': 'PartyCoverageCase.id',
  'PartyCoverageFigures.checksOnTime': 'PartyCoverageCase.id',
  'PartyCoverageFigures.dissolved': 'PartyCoverageCase.id',
  'PartyCoverageFigures.established': 'PartyCoverageCase.id',
  'PartyCoverageFigures.overdue': 'PartyCoverageCase.id',
  'PartyMeetingFigures.due': 'PartyActivity.id',
  'PartyMeetingFigures.held': 'PartyActivity.id',
  'PartyMeetingFigures.heldRate': 'PartyActivity.id',
  'PartyMeetingFigures.overdue': 'PartyActivity.id',
  'PartyMeetingFigures.unknown': 'PartyActivity.id',
  'Policy.paidTotal': 'Payout.id',
  'PolicyMatch.conditionCount': 'PolicyMatch.conditions',
  'PolicyMatch.likelyCount': 'PolicyMatch.conditions',
  'PolicyMatch.metCount': 'PolicyMatch.conditions',
  'PolicyMatch.notMetCount': 'PolicyMatch.conditions',
  'PolicyMatch.unknownCount': 'PolicyMatch.conditions',
  'ProjectFigures.behind': 'ProjectLedger.isBehind',
  'ProjectFigures.behindRate': 'ProjectLedger.isBehind',
  'ProjectFigures.completedInvestment': 'ProjectLedger.reports',
  'ProjectFigures.completedPercent': 'ProjectLedger.reports',
  'ProjectFigures.count': 'ProjectLedger.id',
  'ProjectFigures.disciplineProposals': 'ProjectLedger.history',
  'ProjectFigures.notices': 'ProjectLedger.history',
  'ProjectFigures.onTimeRate': 'ProjectLedger.reports',
  'ProjectFigures.plannedInvestment': 'ProjectLedger.years',
  'ProjectFigures.plannedPercent': 'ProjectLedger.years',
  'ProjectFigures.reminders': 'ProjectLedger.history',
  'ProjectFigures.reportsDue': 'ProjectLedger.reports',
  'ProjectFigures.reportsLate': 'ProjectLedger.reports',
  'ProjectFigures.reportsMissing': 'ProjectLedger.reports',
  'ProjectFigures.reportsOnTime': 'ProjectLedger.reports',
  'ProjectLedgerSummary.groupCount': 'ProjectLedger.id',
  'Region.agencyCount': 'Agency.id',
  'Region.enterpriseCount': 'Enterprise.id',
  'Region.eventCount': 'Event.id',
  'Region.inspectionCount': 'Inspection.id',
  'Region.parkCount': 'Park.id',
  'Region.partyUnitCount': 'PartyUnit.id',
  'Region.policyCount': 'Policy.id',
  'Region.projectCount': 'Project.id',
  'Region.serviceRequestCount': 'ServiceRequest.id',
  'RegionCoverageCount.levelUnknown': 'Park.id',
  'RegionCoverageCount.total': 'Park.id',
  'ServiceRequestFigures.closed': 'ServiceRequest.id',
  'ServiceRequestFigures.closureRate': 'ServiceRequest.id',
  'ServiceRequestFigures.count': 'ServiceRequest.id',
  'ServiceRequestFigures.late': 'ServiceRequest.id',
  'ServiceRequestFigures.medianWorkingDays': 'ServiceRequest.id',
  'ServiceRequestFigures.onTime': 'ServiceRequest.id',
  'ServiceRequestFigures.onTimeRate': 'ServiceRequest.id',
  'ServiceRequestFigures.overdue': 'ServiceRequest.id',
  'ServiceRequestFigures.pending': 'ServiceRequest.id',
  'ServiceRequestFigures.rated': 'ServiceRequest.id',
  'ServiceRequestFigures.reopened': 'ServiceRequest.id',
  'ServiceRequestFigures.satisfactionRate': 'ServiceRequest.id',
  'ServiceRequestFigures.satisfied': 'ServiceRequest.id',
  'ServiceRequestFigures.undated': 'ServiceRequest.id',
  'ServiceRequestSummary.groupCount': 'ServiceRequest.id',
  'StarListFigures.count': 'StarList.id',
  'StarListFigures.dropped': 'StarListEntry.droppedOn',
  'StarListFigures.late': 'StarList.id',
  'StarListFigures.medianWorkingDays': 'StarList.id',
  'StarListFigures.nominated': 'StarList.id',
  'StarListFigures.objections': 'StarListObjection.seq',
  'StarListFigures.onTime': 'StarList.id',
  'StarListFigures.onTimeRate': 'StarList.id',
  'StarListFigures.published': 'StarList.id',
  'StarListFigures.rejected': 'StarListObjection.seq',
  'StarListFigures.removed': 'StarListEntry.removedOn',
  'StarListFigures.standing': 'StarList.id',
  'StarListFigures.upheld': 'StarListObjection.seq',
  'StarListFigures.vetoed': 'StarListEntry.vetoedBy',
  'StarListSummary.groupCount': 'StarList.id',
};

test('every number of several rows is as closed as its rows, or withheld by the routine', () => {
  const api = parse(readFileSync(new URL('../../schema/api.graphql', import.meta.url), 'utf8'));
  const schema = buildASTSchema(api);
  const sharing = sharingByCoordinate(api);
  const isOfMany = (typeName: string, field: string) =>
    /^(Region|RegionCoverageCount|InspectionFunnel|\w+Figures|\w+Summary)$/.test(typeName) ||
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
