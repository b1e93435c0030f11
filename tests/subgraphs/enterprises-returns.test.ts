import { readFile } from 'node:fs/promises';
import { enterprisesSubgraph } from '@wenshu/enterprises/server.ts';
import type { Subgraph } from '@wenshu/kit/subgraph.ts';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createDatabase, type TestDatabase } from '../support/database.ts';
import { refusalOf, ask as sql } from '../support/sql.ts';

let database: TestDatabase;
let subgraph: Subgraph;
const statements: string[] = [];
const ask = async (query: string, variables = {}) => {
  statements.length = 0;
  return JSON.parse(JSON.stringify(await subgraph.execute({ query, variables })));
};

interface Return {
  region: string;
  domain?: string;
  revenue: number | string;
  tax?: number;
  staff?: number;
  month?: string;
  status?: string;
  revision?: number;
  /** The unit, where it is not a new one. */
  unit?: number;
}

let units = 0;

/** Files returns, each of a unit of its own unless it says whose. */
async function file(...returns: Return[]) {
  const statements = returns.map((each) => {
    const {
      region,
      revenue,
      tax = 1,
      staff = 1,
      month = '2024-05',
      status = 'PUBLISHED',
      revision = 1,
    } = each;
    const unit = each.unit ?? ++units;
    return `
      insert into enterprises (id, name_zh, name_en, kind) values ('u${unit}', '单位', 'Unit', 'ENTERPRISE')
        on conflict do nothing;
      insert into statistical_returns (enterprise_id, period, revision, revision_reason_zh, status, region_code,
        culture_domain_code, revenue, tax, staff)
      values ('u${unit}', '${month}-01', ${revision}, ${revision > 1 ? "'更正'" : 'null'}, '${status}', '${region}',
        ${each.domain ? `'${each.domain}'` : 'null'}, ${revenue}, ${tax}, ${staff});`;
  });
  await sql(database.urls.enterprises, statements.join(''));
}

const three = (region: string, more: Partial<Return> = {}): Return[] =>
  [1, 2, 3].map((revenue) => ({ region, revenue, ...more }));

const summary = 'enterpriseCount revenue tax staff isSuppressed reason';
const shown = (enterpriseCount: number, revenue: string, tax: string, staff: number) => ({
  enterpriseCount,
  revenue,
  tax,
  staff,
  isSuppressed: false,
  reason: null,
});
const hidden = (reason: string) => ({
  enterpriseCount: null,
  revenue: null,
  tax: null,
  staff: null,
  isSuppressed: true,
  reason,
});

beforeAll(async () => {
  database = await createDatabase();
  subgraph = enterprisesSubgraph({
    url: database.urls.enterprises,
    onStatement: (statement) => statements.push(statement),
  });
});
afterAll(async () => {
  await subgraph.close();
  await database[Symbol.asyncDispose]();
});

describe('the returns of a month', () => {
  it('are summed exactly, over the region and below it, by division and over all', async () => {
    const month = '2023-02';
    await file(
      { month, region: '370212', domain: '02', revenue: '900719925474099.01', tax: -5, staff: 10 },
      { month, region: '370214', domain: '02', revenue: '900719925474099.02', tax: 10, staff: 20 },
      { month, region: '370200', domain: '02', revenue: '900719925474099.04', tax: 7, staff: 30 },
      ...three('110105', { month, domain: '03' }),
    );
    expect(
      await ask(`{
        all: returnsSummary(region: "370000", period: "2023-02-17") {
          region { nameZh } cultureDomainCode periodStart periodEnd synthetic ${summary}
        }
        division: returnsSummary(region: "370000", period: "2023-02-01", cultureDomainCode: "02") {
          cultureDomainCode ${summary}
        }
        region(code: "370200") { returnsSummary(year: 2023, month: 2) { region { code } ${summary} } }
      }`),
    ).toEqual({
      data: {
        all: {
          region: { nameZh: '山东省' },
          cultureDomainCode: null,
          periodStart: '2023-02-01',
          periodEnd: '2023-02-28',
          synthetic: false,
          ...shown(3, '2702159776422297.07', '12', 60),
        },
        division: { cultureDomainCode: '02', ...shown(3, '2702159776422297.07', '12', 60) },
        region: {
          returnsSummary: { region: { code: '370200' }, ...shown(3, '2702159776422297.07', '12', 60) },
        },
      },
    });
  });

  it('are null where none is published: not for the region, the division, the month or the status', async () => {
    const month = '2023-03';
    await file(...three('370212', { month, domain: '02', status: 'VERIFIED' }));
    await file(...three('370212', { month: '2023-04', domain: '02' }));
    expect(
      await ask(`{
        unpublished: returnsSummary(region: "370212", period: "2023-03-01") { isSuppressed }
        published: returnsSummary(region: "370212", period: "2023-04-01") { revenue }
        elsewhere: returnsSummary(region: "420100", period: "2023-04-01") { isSuppressed }
        nowhere: returnsSummary(region: "999999", period: "2023-04-01") { isSuppressed }
        noDivision: returnsSummary(region: "370212", period: "2023-04-01", cultureDomainCode: "all") { isSuppressed }
        otherDivision: returnsSummary(region: "370212", period: "2023-04-01", cultureDomainCode: "03") { isSuppressed }
        otherMonth: returnsSummary(region: "370212", period: "2001-04-01") { isSuppressed }
      }`),
    ).toEqual({
      data: {
        unpublished: null,
        published: { revenue: '6' },
        elsewhere: null,
        nowhere: null,
        noDivision: null,
        otherDivision: null,
        otherMonth: null,
      },
    });
  });

  it('count the latest published revision of each unit, and keep the old', async () => {
    const month = '2023-05';
    await file(...three('110105', { month }));
    const unit = units;
    await file({ month, region: '110105', revenue: 4, revision: 2, unit });
    await file({ month, region: '110105', revenue: 1000, revision: 3, unit, status: 'SUBMITTED' });
    expect(await ask(`{ returnsSummary(region: "110105", period: "2023-05-01") { ${summary} } }`)).toEqual({
      data: { returnsSummary: shown(3, '7', '3', 3) },
    });
    expect(
      await sql(
        database.urls.enterprises,
        `select revision, revenue from statistical_returns where enterprise_id = 'u${unit}' order by revision`,
      ),
    ).toEqual([
      { revision: 1, revenue: '3.00' },
      { revision: 2, revenue: '4.00' },
      { revision: 3, revenue: '1000.00' },
    ]);
  });

  it('are withheld for fewer than three units, and where one has more than 85 % of a figure', async () => {
    await file(
      { month: '2023-06', region: '110105', revenue: 1 },
      { month: '2023-06', region: '110105', revenue: 1 },
    );
    await file(...[85, 10, 5].map((revenue) => ({ month: '2023-07', region: '110105', revenue })));
    await file(...[86, 10, 4].map((revenue) => ({ month: '2023-08', region: '110105', revenue })));
    await file(...[96, 2, 2].map((staff) => ({ month: '2023-09', region: '110105', revenue: 1, staff })));
    const at = (month: string) =>
      `returnsSummary(region: "110105", period: "2023-${month}-01") { ${summary} }`;
    expect(
      await ask(`{ two: ${at('06')} atMost: ${at('07')} above: ${at('08')} ofStaff: ${at('09')} }`),
    ).toEqual({
      data: {
        two: hidden('TOO_FEW_UNITS'),
        atMost: shown(3, '100', '3', 3),
        above: hidden('DOMINANT_UNIT'),
        ofStaff: hidden('DOMINANT_UNIT'),
      },
    });
  });

  it('do not give a single unit away by subtraction, neither of regions nor of divisions', async () => {
    const month = '2023-10';
    await file(
      ...three('370212', { month, domain: '01' }),
      ...three('370214', { month, domain: '02' }),
      ...three('370214', { month, domain: '02' }),
      { month, region: '370283', domain: '03', revenue: 2 },
    );
    const at = (region: string, domain?: string) =>
      `returnsSummary(region: "${region}", period: "2023-10-01"${domain ? `, cultureDomainCode: "${domain}"` : ''}) { ${summary} }`;
    expect(
      await ask(`{
        city: ${at('370200')} laoshan: ${at('370212')} chengyang: ${at('370214')} pingdu: ${at('370283')}
        news: ${at('370200', '01')} content: ${at('370200', '02')} design: ${at('370200', '03')}
      }`),
    ).toEqual({
      data: {
        city: shown(10, '20', '10', 10),
        laoshan: hidden('COMPLEMENTARY'),
        chengyang: shown(6, '12', '6', 6),
        pingdu: hidden('TOO_FEW_UNITS'),
        news: hidden('COMPLEMENTARY'),
        content: shown(6, '12', '6', 6),
        design: hidden('TOO_FEW_UNITS'),
      },
    });
  });

  it('do not give away the units of a city that lie in none of its districts, nor those of no division', async () => {
    const month = '2023-11';
    await file(...three('370212', { month, domain: '01' }), { month, region: '370200', revenue: 2 });
    expect(
      await ask(`{
        city: returnsSummary(region: "370200", period: "2023-11-01") { ${summary} }
        district: returnsSummary(region: "370212", period: "2023-11-01") { ${summary} }
        division: returnsSummary(region: "370200", period: "2023-11-01", cultureDomainCode: "01") { ${summary} }
      }`),
    ).toEqual({
      data: {
        city: shown(4, '8', '4', 4),
        district: hidden('COMPLEMENTARY'),
        division: hidden('COMPLEMENTARY'),
      },
    });
  });

  it('leave no difference of shown totals that reveals fewer than three units, in a month of all sorts', async () => {
    const month = '2024-01';
    const regions = ['370200', '370212', '370214', '370283', '370000', '110105', '110116', '110000'];
    let seed = 7;
    const next = (below: number) => {
      seed = (seed * 1103515245 + 12345) % 2147483648;
      return Math.floor(seed / 65536) % below;
    };
    await file(
      ...Array.from({ length: 60 }, () => ({
        month,
        region: regions[next(regions.length)] as string,
        revenue: 1 + next(9),
        ...(next(5) > 0 && { domain: `0${1 + next(4)}` }),
      })),
    );
    const domains = [null, '01', '02', '03', '04'] as const;
    type Shown = { enterpriseCount: number | null } | null;
    const counts = new Map<string, number | null>();
    for (const region of ['370200', '370212', '370214', '370283', '370000', '110105', '110116', '110000']) {
      for (const domain of domains) {
        const { data } = (await ask(
          'query ($region: ID!, $domain: ID) { shown: returnsSummary(region: $region, period: "2024-01-01", cultureDomainCode: $domain) { enterpriseCount } }',
          { region, domain },
        )) as { data: { shown: Shown } };
        // None on record adds nothing to a sum.
        counts.set(`${region} ${domain}`, data.shown ? data.shown.enterpriseCount : 0);
      }
    }
    expect([...counts.values()].filter((count) => count !== null && count > 0).length).toBeGreaterThan(8);
    expect([...counts.values()]).toContain(null);

    const districts = {
      '370000': ['370200'],
      '370200': ['370212', '370214', '370283'],
      '110000': ['110105', '110116'],
    };
    const lines = [
      ...Object.entries(districts).flatMap(([total, parts]) =>
        domains.map((domain) => [`${total} ${domain}`, parts.map((part) => `${part} ${domain}`)] as const),
      ),
      ...['370000', '370200', '370212', '370214', '370283', '110000', '110105', '110116'].map(
        (region) => [`${region} null`, domains.slice(1).map((domain) => `${region} ${domain}`)] as const,
      ),
    ];
    for (const [total, parts] of lines) {
      const whole = counts.get(total);
      if (typeof whole !== 'number' || whole === 0) continue;
      const left = parts.reduce((rest, part) => rest - (counts.get(part) ?? 0), whole);
      expect(left === 0 || left >= 3, `${total} leaves ${left}`).toBe(true);
    }
  });

  it('take one statement for any number of regions and divisions', async () => {
    const representations = ['370000', '370200', '370212', '110000'].map((code) => ({
      __typename: 'Region',
      code,
    }));
    await ask(
      `query ($representations: [_Any!]!) { _entities(representations: $representations) { ... on Region {
        may: returnsSummary(year: 2023, month: 4) { revenue }
        june: returnsSummary(year: 2023, month: 6, cultureDomainCode: "02") { revenue }
      } } }`,
      { representations },
    );
    expect(statements).toHaveLength(1);
  });

  it.each([
    ['year: 2024, month: 13', 'month', '"month" must be from 1 to 12, not 13.'],
    ['year: 24, month: 5', 'year', '"year" must be from 1949 to 9999, not 24.'],
  ])('are refused for (%s)', async (args, argument, message) => {
    expect(
      await ask(`{ region(code: "370000") { nameZh returnsSummary(${args}) { revenue } } }`),
    ).toMatchObject({
      data: { region: { nameZh: '山东省', returnsSummary: null } },
      errors: [{ message, extensions: { code: 'BAD_USER_INPUT', argument } }],
    });
  });
});

describe('the return of a unit', () => {
  it('is no part of the graph', async () => {
    const api = await readFile(new URL('../../schema/api.graphql', import.meta.url), 'utf8');
    expect(api).not.toMatch(/StatisticalReturn|statisticalReturn/);
    const enterprise = await ask('{ __type(name: "Enterprise") { fields { name } } }');
    const names = enterprise.data.__type.fields.map(({ name }: { name: string }) => name);
    expect(names).not.toEqual(expect.arrayContaining([expect.stringMatching(/revenue|tax|staff|returns/i)]));
  });

  it.each([
    ['a day that is not the first', "'2024-01-02', 1, null, 'DRAFT', 1, 1, 1", 'period_is_month'],
    ['a revision without a reason', "'2024-01-01', 2, null, 'DRAFT', 1, 1, 1", 'revision'],
    ['a publication with a gap', "'2024-01-01', 1, null, 'PUBLISHED', 1, null, 1", 'published_whole'],
    ['a negative revenue', "'2024-01-01', 1, null, 'DRAFT', -1, 1, 1", 'figures'],
    ['an unknown status', "'2024-01-01', 1, null, 'LOST', 1, 1, 1", 'status_known'],
  ])('is refused with %s', async (_what, values, constraint) => {
    expect(
      await refusalOf(
        database.urls.enterprises,
        `insert into statistical_returns (enterprise_id, region_code, period, revision, revision_reason_zh, status, revenue, tax, staff)
         values ('ent-pico', '370212', ${values})`,
      ),
    ).toMatch(`statistical_returns_${constraint}`);
  });
});
