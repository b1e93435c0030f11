import { openDocumentFiles } from '@wenshu/gateway/admission/registered-documents.ts';
import { silent } from '@wenshu/gateway/lib/log.ts';
import { today } from '@wenshu/kit/today.ts';
import type { Department, Role } from '@wenshu/schema/caller.ts';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Issued, steward } from '../support/callers.ts';
import { exportFrom } from '../support/export.ts';
import { type Answer, startHub, type TestHub } from '../support/hub.ts';
import { poll } from '../support/poll.ts';
import { ask as askDatabase } from '../support/sql.ts';

const running = new AsyncDisposableStack();
let hub: TestHub;
/** Time that has passed for the keys of the hub, in milliseconds. */
let elapsedMs = 0;

beforeAll(async () => {
  const examples = new URL('../../gateway/examples', import.meta.url).pathname;
  const documents = running.use(await openDocumentFiles(examples, silent));
  hub = running.use(
    await startHub({
      keys: { now: () => Date.now() + elapsedMs },
      ownRows: true,
      trustedProxies: ['127.0.0.0/8'],
      registeredDocuments: () => documents.current,
    }),
  );
});
afterAll(() => running.disposeAsync());

const token = (department: Department, role: Role) => hub.as({ department, role }).headers();
const issue = (terms: object) => hub.issue(terms);
const inDays = (days: number) => new Date(Date.now() + days * 24 * 3_600_000).toISOString();

const manage = async (mutation: string) => {
  const { data, errors } = await hub.as(steward).ask(mutation);
  expect(errors).toBeUndefined();
  return data;
};

const askWith = (
  { secret }: Pick<Issued, 'secret'>,
  query: string,
  headers: Readonly<Record<string, string>> = {},
): Promise<Answer> => hub.ask(query, {}, { 'x-api-key': secret, ...headers });

const sunhe = (selection: string) => `{ park(id: "park-sunhe-52") { ${selection} } }`;
const shown = { data: { park: { nameZh: '孙河52号文化创意园区' } } };
const hidden = (path: (string | number)[], coordinate: string, message: string, sharing: object = {}) => ({
  message,
  path,
  extensions: {
    code: 'NOT_SHARED',
    coordinate,
    owner: 'CULTURE_TOURISM',
    class: 'UNCONDITIONAL',
    ...sharing,
  },
});
const refusedWith = (code: string, message: string) => ({ errors: [{ message, extensions: { code } }] });

describe('a key', () => {
  it('reads what is open and in its scopes, and nothing else', async () => {
    const key = await issue({ scopes: ['Park.nameZh', 'Park.enterprises'] });
    expect(await askWith(key, sunhe('nameZh statedTenants { count } enterprises { totalCount }'))).toEqual({
      data: { park: { nameZh: '孙河52号文化创意园区', statedTenants: null, enterprises: null } },
      errors: [
        hidden(
          ['park', 'statedTenants'],
          'Park.statedTenants',
          'Park.statedTenants is not in the scopes of your key.',
        ),
        hidden(['park', 'enterprises'], 'Park.enterprises', 'Park.enterprises is not open to partners.', {
          class: 'CONDITIONAL',
        }),
      ],
    });
  });

  it('does not learn which rows exist outside its scopes, nor how many', async () => {
    const key = await issue({ scopes: ['Policy.nameZh', 'Region', 'ParkConnection', 'Park.enterprises'] });
    for (const asked of [
      'totalCount',
      'nodes { __typename }',
      'edges { cursor }',
      'pageInfo { endCursor }',
    ]) {
      const [field = ''] = asked.split(' ');
      const denied = hidden(
        ['parks', field],
        `ParkConnection.${field}`,
        `ParkConnection.${field} is not in the scopes of your key.`,
      );
      // A count may be null by itself; rows and pages may not, so that the list is.
      const parks = field === 'totalCount' ? { totalCount: null } : null;
      expect(await askWith(key, `{ parks { ${asked} } }`)).toEqual({ data: { parks }, errors: [denied] });
      const ofRegion = await askWith(key, `{ region(code: "110105") { parks { ${asked} } } }`);
      expect(ofRegion.data).toEqual({ region: { parks } });
    }
    expect((await askWith(key, '{ policies(first: 1) { nodes { nameZh } } }')).errors).toBeUndefined();
  });

  it('for tests sees synthetic rows only', async () => {
    await askDatabase(
      hub.database.urls.parks,
      "update parks set synthetic = true where id = 'park-huairou-film-zone'",
    );
    const key = await issue({ scopes: ['Park'], environment: 'TEST' });
    const query =
      '{ real: park(id: "park-sunhe-52") { nameZh } synthetic: park(id: "park-huairou-film-zone") { nameZh } }';
    expect(await askWith(key, query)).toEqual({
      data: { real: null, synthetic: { nameZh: '中国(怀柔)影视产业示范区' } },
    });
  });

  it('for tests sees synthetic figures only, and no records that do not say whether they are', async () => {
    await askDatabase(
      hub.database.urls.parks,
      `update indicators set synthetic = true, is_sidebar = false
       where id = (select min(id) from indicators where subject_type = 'Park')`,
    );
    const scopes = [
      'Indicator',
      'Source',
      'Measure',
      'Region',
      'RegionPartyCoverage',
      'RegionCoverageCounts',
      'RegionCoverageCount',
      'Park',
    ];
    const key = await issue({ scopes, environment: 'TEST' });
    const query =
      '{ parkIndicators { totalCount nodes { synthetic } } policyIndicators { totalCount } sources { id } measure(id: "pol-bj-invest-loan-award-m01") { id } }';
    expect(await askWith(key, query)).toEqual({
      data: {
        parkIndicators: { totalCount: 1, nodes: [{ synthetic: true }] },
        policyIndicators: { totalCount: 0 },
        sources: null,
        measure: null,
      },
    });
    const counts =
      '{ region(code: "110105") { nameZh parks { totalCount } parkCount partyCoverage { parks { organisation { rate } } } } }';
    // Numbers of a region are of synthetic rows too, of which none lies there.
    expect(await askWith(key, counts)).toEqual({
      data: {
        region: {
          nameZh: '朝阳区',
          parks: { totalCount: 0 },
          parkCount: 0,
          partyCoverage: { parks: { organisation: { rate: null } } },
        },
      },
    });
  });

  it('reads of its regions alone, with all below them', async () => {
    const key = await issue({ scopes: ['Park'], regions: ['110000'] });
    const query =
      '{ here: park(id: "park-sunhe-52") { nameZh } elsewhere: park(id: "park-qd-5g-av") { nameZh } }';
    // Until the gateway has read the regions nothing lies in any.
    const answer = await poll(async () => {
      const asked = await askWith(key, query);
      return asked.data?.here ? asked : undefined;
    });
    expect(answer).toEqual({
      data: { here: shown.data.park, elsewhere: null },
    });
  });

  it('sees its own enterprise beyond its scopes, with consent', async () => {
    const key = await issue({
      scopes: ['Park'],
      enterpriseId: 'ent-bona-film',
      consent: { by: '李某', on: '2026-01-05', document: '授权书 1 号' },
    });
    await hub.approve(key);
    const query =
      '{ own: enterprise(id: "ent-bona-film") { id } other: enterprise(id: "ent-china-film-co") { id } }';
    expect(await askWith(key, query)).toEqual({
      data: { own: { id: 'ent-bona-film' }, other: null },
    });
  });

  it('is used from its networks, and the proxy before the hub is believed', async () => {
    const key = await issue({ scopes: ['Park'], addresses: ['203.0.113.0/24'] });
    const from = (address: string) => askWith(key, sunhe('nameZh'), { 'x-forwarded-for': address });
    expect(await from('203.0.113.9')).toEqual(shown);
    expect(await from('198.51.100.9')).toEqual(
      refusedWith(
        'FORBIDDEN',
        `API key "${key.apiKey.id}" may not be used from 198.51.100.9. Ask 宣传部, which made it.`,
      ),
    );
  });

  it('has a rate and documents of its own', async () => {
    const poor = await issue({ scopes: ['Park'], costPerMinute: 1 });
    expect(await askWith(poor, '{ parks(first: 50) { nodes { nameZh } } }')).toMatchObject({
      errors: [{ extensions: { code: 'RATE_LIMITED', limit: 1 } }],
    });
    const narrow = await issue({ scopes: ['Park'], documents: 'IDS_ONLY' });
    expect(await askWith(narrow, sunhe('nameZh'))).toEqual(
      refusedWith(
        'DOCUMENT_REFUSED',
        'The hub answers only registered documents. Send the id of a registered document and no document text.',
      ),
    );
  });

  it('has its exports in its usage', async () => {
    const { secret, apiKey } = await issue({ scopes: ['Park'] });
    const query = 'query Names { parks { nodes { nameZh } } }';
    const { status } = await exportFrom(hub.url, { query }, { 'x-api-key': secret });
    expect(status).toBe(200);
    const usage = await poll(async () => {
      const data = await manage(
        `{ keyUsage(key: "${apiKey.id}", from: "${today()}", to: "${today()}") { requests operations { name count } fields { name count } } }`,
      );
      const days = data?.keyUsage as unknown[] | undefined;
      return days?.length ? days : undefined;
    });
    const once = (...names: string[]) => names.map((name) => ({ name, count: 1 }));
    expect(usage).toEqual([
      {
        requests: 1,
        operations: once('Names'),
        fields: once('Park.nameZh', 'ParkConnection.nodes', 'Query.parks'),
      },
    ]);
  });

  it('is refused once it has expired', async () => {
    const expiresAt = inDays(1);
    const key = await issue({ scopes: ['Park'], expiresAt });
    expect(await askWith(key, sunhe('nameZh'))).toEqual(shown);
    elapsedMs = 24 * 3_600_000;
    const answer = await askWith(key, sunhe('nameZh'));
    elapsedMs = 0;
    expect(answer).toEqual(
      refusedWith(
        'UNAUTHENTICATED',
        `API key "${key.apiKey.id}" expired at ${expiresAt}. Ask 宣传部, which made it.`,
      ),
    );
  });

  it('works beside the one that replaces it, and not once it is revoked', async () => {
    const old = await issue({ scopes: ['Park'] });
    const { rotateApiKey } = (await manage(
      `mutation { rotateApiKey(id: "${old.apiKey.id}", overlapHours: 1) { secret apiKey { id } } }`,
    )) as { rotateApiKey: Issued };
    expect([await askWith(old, sunhe('nameZh')), await askWith(rotateApiKey, sunhe('nameZh'))]).toEqual([
      shown,
      shown,
    ]);
    await manage(`mutation { revokeApiKey(id: "${old.apiKey.id}", reason: "遗失") { id } }`);
    const told = await poll(async () => {
      const answer = await askWith(old, sunhe('nameZh'));
      return answer.errors ? answer : undefined;
    });
    expect(told).toEqual(
      refusedWith(
        'UNAUTHENTICATED',
        `API key "${old.apiKey.id}" was revoked (遗失). Ask 宣传部, which made it.`,
      ),
    );
    expect(await askWith(rotateApiKey, sunhe('nameZh'))).toEqual(shown);
  });
});

describe('an agreement made over the graph', () => {
  const purpose = '联合执法';
  const query = '{ enterprises(first: 1) { nodes { inspections { totalCount } } } }';
  const fields = ['Enterprise.inspections'];
  const use = async () =>
    hub.ask(
      query,
      {},
      {
        ...(await token('CULTURE_TOURISM', 'viewer')),
        'x-wenshu-purpose': encodeURIComponent(purpose),
      },
    );
  const denied = {
    data: { enterprises: { nodes: [{ inspections: null }] } },
    errors: [
      expect.objectContaining({
        extensions: expect.objectContaining({ coordinate: 'Enterprise.inspections' }),
      }),
    ],
  };
  const allowed = { data: { enterprises: { nodes: [{ inspections: { totalCount: expect.any(Number) } }] } } };

  it('opens its fields when it is approved, and closes them when it is revoked', async () => {
    expect(await use()).toEqual(denied);
    const { data } = await hub.ask(
      'mutation ($input: RequestAgreementInput!) { requestAgreement(input: $input) { id owner } }',
      { input: { fields, purpose, basis: '政务数据共享条例', endsOn: inDays(30).slice(0, 10) } },
      await token('CULTURE_TOURISM', 'editor'),
    );
    expect(data).toEqual({ requestAgreement: [{ id: expect.any(String), owner: 'MARKET_REGULATION' }] });
    const [agreement] = (data?.requestAgreement ?? []) as { id: string }[];
    expect(await use()).toEqual(denied);

    const owner = await token('MARKET_REGULATION', 'steward');
    const decide = (mutation: string) => hub.ask(`mutation { ${mutation} { state } }`, {}, owner);
    expect(await decide(`approveAgreement(id: "${agreement?.id}")`)).toEqual({
      data: { approveAgreement: { state: 'ACTIVE' } },
    });
    expect(await poll(async () => ((await use()).errors ? undefined : use()))).toEqual(allowed);

    await decide(`revokeAgreement(id: "${agreement?.id}", reason: "用途已尽")`);
    expect(await poll(async () => ((await use()).errors ? use() : undefined))).toEqual(denied);
  });
});

describe('the catalogue', () => {
  const query = (args: string) =>
    `{ catalogue(${args}) { totalCount pageInfo { hasNextPage hasPreviousPage endCursor } nodes { coordinate owner class open type } } }`;
  type Page = {
    totalCount: number;
    nodes: { open: boolean; class: string }[];
    pageInfo: { endCursor: string };
  };
  const pageFor = async (headers: Readonly<Record<string, string>>, args: string) =>
    (await hub.ask(query(args), {}, headers)).data?.catalogue as Page;

  it('is read page by page', async () => {
    const viewer = await token('FINANCE', 'viewer');
    const args = 'owner: MARKET_REGULATION, class: CONDITIONAL, typeName: "Inspection"';
    const all = await pageFor(viewer, `${args}, first: 500`);
    const first = await pageFor(viewer, `${args}, first: 1`);
    const rest = await pageFor(viewer, `${args}, first: 500, after: "${first.pageInfo.endCursor}"`);
    expect(all.totalCount).toBeGreaterThan(1);
    expect([...first.nodes, ...rest.nodes]).toEqual(all.nodes);
    expect(first).toEqual({
      totalCount: all.totalCount,
      pageInfo: { hasNextPage: true, hasPreviousPage: false, endCursor: first.pageInfo.endCursor },
      nodes: [
        {
          coordinate: 'Inspection.agencies',
          owner: 'MARKET_REGULATION',
          class: 'CONDITIONAL',
          open: false,
          type: '[Agency!]',
        },
      ],
    });
    expect(await pageFor(viewer, `${args}, last: 500`)).toMatchObject({ nodes: all.nodes });
  });

  it('shows partners what is open, and departments all', async () => {
    const { secret } = await issue({ scopes: ['Park'] });
    const open = await pageFor({ 'x-api-key': secret }, 'first: 500');
    const all = await pageFor(await token('FINANCE', 'auditor'), 'first: 500');
    expect(open.nodes.every((item) => item.open)).toBe(true);
    expect(open.totalCount).toBeLessThan(all.totalCount);
  });
});
