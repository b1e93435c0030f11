import { fileURLToPath } from 'node:url';
import { dayOf, today } from '@wenshu/kit/today.ts';
import { type SubgraphName, subgraphNames } from '@wenshu/schema/subgraph-sdl.ts';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Cli, runCli } from '../support/cli.ts';
import { createDataFolder } from '../support/data-folder.ts';
import { createDatabase, createHubDatabase, type TestDatabase } from '../support/database.ts';
import { subscribe } from '../support/event-stream.ts';
import { makeToken } from '../support/paste.ts';
import { poll } from '../support/poll.ts';
import { keyText } from '../support/signing.ts';
import { ask as sql } from '../support/sql.ts';

const supergraph = fileURLToPath(new URL('../../schema/supergraph.graphql', import.meta.url));
const address = /http:\S+\/graphql/;
const production = { NODE_ENV: 'production', SUBGRAPH_KEYS: keyText('a') };

const agencies = `insert into policies.agencies (id, name_zh, name_en, kind, region_code, department) values
  ('x-mr', '市场监管局', 'MR', 'DEPARTMENT', '370212', 'MARKET_REGULATION'),
  ('x-ct', '文旅局', 'CT', 'DEPARTMENT', '370212', 'CULTURE_TOURISM'),
  ('x-builder', '建设单位', 'Builder', 'DEPARTMENT', '370212', 'PROPAGANDA')`;
const project = `insert into parks.projects (id, name_zh, name_en, kind, region_code) values ('x-1', '项目', 'Project', 'CULTURE_PARK', '370212');
  insert into parks.project_owners (project_id, seq, owner_type, owner_id, role) values ('x-1', 1, 'Enterprise', 'ent-pico', 'OWNER')`;
const unit = `insert into party.party_units (id, name_zh, name_en, kind, region_code) values ('x-branch', '支部', 'Branch', 'PARK_BRANCH', '110105')`;

/** The options of a token. */
type Clerk = {
  readonly department: string;
  readonly role: string;
  readonly agency?: string;
  readonly user?: string;
};

const running = new AsyncDisposableStack();
const databases = new Map<SubgraphName, TestDatabase>();
const processes = new Map<SubgraphName, Cli>();
const addresses = new Map<SubgraphName, string>();
let gateway: Cli;
let graph: string;
let dataFolder: string;

/** Starts five subgraphs, each with a database of its own, and a gateway: six processes. */
beforeAll(async () => {
  for (const name of subgraphNames) databases.set(name, running.use(await createDatabase()));
  const hub = running.use(await createHubDatabase());
  const data = running.use(await createDataFolder());
  dataFolder = data.path;
  await Promise.all([sqlIn('policies', agencies), sqlIn('parks', project), sqlIn('party', unit)]);
  for (const [name, { urls }] of databases) {
    const env = { ...production, [`${name.toUpperCase()}_DATABASE_URL`]: urls[name] };
    processes.set(name, running.use(runCli(['subgraph', name, '--port', '0'], env)));
  }
  for (const [name, process] of processes) addresses.set(name, await process.printed(address));
  gateway = running.use(
    runCli(['gateway', '--supergraph', supergraph, '--port', '0'], {
      ...Object.fromEntries([...addresses].map(([name, url]) => [`${name.toUpperCase()}_URL`, url])),
      SUBGRAPH_KEYS: production.SUBGRAPH_KEYS,
      HUB_DATABASE_URL: hub.urls.hub,
      WENSHU_DATA: data.path,
      ACCESS: '1',
    }),
  );
  graph = new URL('/graphql', await gateway.printed(/http:\/\/localhost:\d+/)).href;
}, 120_000);
afterAll(() => running.disposeAsync());

const sqlIn = (name: SubgraphName, statement: string) => sql(databases.get(name)?.adminUrl ?? '', statement);

async function ask(url: string, token: string, query: string, variables?: object): Promise<unknown> {
  const headers = { 'content-type': 'application/json', authorization: `Bearer ${token}` };
  return (await fetch(url, { method: 'POST', headers, body: JSON.stringify({ query, variables }) })).json();
}

const as = async (clerk: Clerk) => {
  const token = await makeToken(
    { WENSHU_DATA: dataFolder },
    Object.entries(clerk).flatMap(([option, value]) => [`--${option}`, value]),
  );
  return (query: string, variables?: object) => ask(graph, token, query, variables);
};

/** Carries out a change as a clerk. Returns the object of its payload; throws if it is refused. */
async function change(clerk: Clerk, mutation: string, input: object, selection: string) {
  const type = `${mutation.charAt(0).toUpperCase()}${mutation.slice(1)}Input`;
  const query = `mutation ($input: ${type}!) { ${mutation}(input: $input) { ${selection} } }`;
  const { data, errors } = (await (
    await as(clerk)
  )(query, { input })) as {
    data?: Record<string, Record<string, { readonly id: string; readonly version: number }>>;
    errors?: unknown;
  };
  const [changed] = Object.values(data?.[mutation] ?? {});
  if (!changed) throw new Error(JSON.stringify(errors));
  return changed;
}

const publicity: Clerk = { department: 'PROPAGANDA', role: 'editor' };

const question = `{
  park(id: "park-sunhe-52") { nameZh partyUnit { nameZh } policies { totalCount } events { totalCount } }
}`;
const park = {
  nameZh: '孙河52号文化创意园区',
  partyUnit: { nameZh: '孙河52号文化创意园区党支部' },
  policies: { totalCount: 1 },
  events: { totalCount: 0 },
};

it('answers over all subgraphs, each of which hears nobody but the gateway', async () => {
  expect(await (await as(publicity))(question)).toEqual({ data: { park } });
  const token = await makeToken({ WENSHU_DATA: dataFolder });
  expect(await ask(addresses.get('parks') ?? '', token, '{ parks { totalCount } }')).toMatchObject({
    errors: [{ extensions: { code: 'UNAUTHENTICATED' } }],
  });
});

describe('a change is made in the agency that owns the object, and read by its author over all agencies:', () => {
  it('policies, a service request', async () => {
    const submission = `mutation {
      submitServiceRequest(input: {
        key: "k-1", enterpriseId: "ent-pico", regionCode: "370212", kind: FINANCING, titleZh: "申请融资对接", textZh: "希望对接文创贷款。"
      }) { serviceRequest { stage version } isReplay }
    }`;
    const clerk = await as(publicity);
    expect(await clerk(submission)).toEqual({
      data: {
        submitServiceRequest: { serviceRequest: { stage: 'COLLECTED', version: 1 }, isReplay: false },
      },
    });
    expect(await clerk(submission)).toMatchObject({ data: { submitServiceRequest: { isReplay: true } } });
    const feed = `{
      changes(types: [SERVICE_REQUEST]) { nodes { action object { ... on ServiceRequest { titleZh } } } }
      myTasks(type: SERVICE_REQUEST) { nodes { actions } }
    }`;
    expect(await clerk(feed)).toMatchObject({
      data: {
        changes: { nodes: [{ action: 'SUBMIT', object: { titleZh: '申请融资对接' } }] },
        myTasks: { nodes: [{ actions: ['ASSIGN'] }] },
      },
    });
  });

  it('events and enterprises, a campaign and a finding that rests on what the other agency says', async () => {
    const planner: Clerk = { department: 'CULTURE_TOURISM', role: 'editor', agency: 'x-ct', user: 'planner' };
    const lead: Clerk = { ...planner, role: 'leader', user: 'lead' };
    const leader: Clerk = { department: 'MARKET_REGULATION', role: 'leader', agency: 'x-mr', user: 'leader' };
    const inspector: Clerk = { ...leader, role: 'editor', user: 'inspector' };
    const plan = {
      nameZh: '暑期演出市场联合检查',
      nameEn: 'Joint inspection of summer shows',
      purposeZh: '检查营业性演出的审批与安全。',
      regionCode: '370212',
      startsOn: today(),
      endsOn: dayOf(Date.now() + 5 * 86_400_000),
      agencyIds: ['x-mr'],
    };
    const campaign = 'inspectionCampaign { id version stage }';
    const { id } = await change(planner, 'planInspectionCampaign', { ...plan, key: 'c-1' }, campaign);
    const advanced = (who: Clerk, version: number, action: string) =>
      change(who, 'advanceInspectionCampaign', { key: `c-${action}`, id, version, action }, campaign);
    await advanced(leader, 1, 'JOIN');
    expect(await advanced(lead, 2, 'START')).toMatchObject({ stage: 'RUNNING', version: 3 });
    const inspection = {
      key: 'i-1',
      enterpriseId: 'ent-pico',
      campaignId: id,
      method: 'JOINT',
      inspectedOn: today(),
      officers: 2,
      result: 'SUSPECTED',
    };
    const recorded = await change(
      inspector,
      'recordCampaignInspection',
      inspection,
      'inspection { id campaign { nameZh } }',
    );
    expect(recorded).toMatchObject({ campaign: { nameZh: plan.nameZh } });
    const facts = { titleZh: '未按规定公示营业执照', severity: 'MINOR', harmCaused: 'NONE' };
    const finding = { key: 'f-1', inspectionId: recorded.id, ...facts };
    const added = await change(
      inspector,
      'addFinding',
      finding,
      'finding { id stage enterprise { nameZh } }',
    );
    expect(added).toMatchObject({ stage: 'SUSPECTED', enterprise: { nameZh: '小鸟看看' } });
    const read = await (await as(leader))(`{
      changes(types: [FINDING]) { nodes { action object { ... on Finding { titleZh } } } }
      myTasks(type: FINDING) { nodes { actions } }
    }`);
    expect(read).toMatchObject({
      data: {
        changes: { nodes: [{ action: 'ADD', object: { titleZh: facts.titleZh } }] },
        myTasks: { nodes: [{ actions: ['FILE', 'DISMISS'] }] },
      },
    });
  });

  it('parks, a problem of a project, which the hub makes a service request of the policies', async () => {
    const year = Number(today().slice(0, 4)) - 2;
    const owner: Clerk = { department: 'CULTURE_TOURISM', role: 'editor', user: 'owner' };
    const builder: Clerk = { department: 'PROPAGANDA', role: 'editor', agency: 'x-builder', user: 'builder' };
    const plan = {
      projectId: 'x-1',
      responsibleId: 'x-builder',
      milestones: [{ stage: 'STARTED', dueOn: `${year}-03-31` }],
      years: [{ year, plannedInvestment: '1200' }],
    };
    const ledger = 'projectLedger { id version stage }';
    const { id } = await change(owner, 'setProjectPlan', { ...plan, key: 'p-1' }, ledger);
    await sqlIn('parks', `update parks.project_ledgers set reports_from = '${year}-01' where id = '${id}'`);
    const problem = { kind: 'LAND_SPACE', titleZh: '用地未交付', textZh: '二期地块尚未交付。' };
    const report = { key: 'p-2', id, version: 1, month: `${year}-01`, completedInvestment: '50', problem };
    expect(await change(builder, 'reportProgress', report, ledger)).toMatchObject({ version: 2 });
    const clerk = await as(publicity);
    const nodes = await poll(async () => {
      const { data } = (await clerk(`{ project(id: "x-1") { serviceRequests { nodes {
        stage titleZh enterprise { id } submittedBy { nameZh } project { nameZh } } } } }`)) as {
        data: { project: { serviceRequests: { nodes: readonly unknown[] } } };
      };
      const found = data.project.serviceRequests.nodes;
      return found.length > 0 ? found : undefined;
    });
    expect(nodes).toEqual([
      {
        stage: 'COLLECTED',
        titleZh: '用地未交付',
        enterprise: { id: 'ent-pico' },
        submittedBy: { nameZh: '建设单位' },
        project: { nameZh: '项目' },
      },
    ]);
  });

  it('party, the coverage of a park, which the park shows', async () => {
    const cover = (more: object) =>
      change(
        publicity,
        'recordPartyCoverage',
        { parkId: 'park-hengtong', ...more },
        'partyCoverageCase { id version stage }',
      );
    await cover({ key: 'v-1', action: 'RECORD_GAP', gap: 'FEWER_THAN_3', regionCode: '110105' });
    const established = { action: 'ESTABLISH', mode: 'PARK_JOINT', unitId: 'x-branch' };
    expect(await cover({ key: 'v-2', version: 1, ...established })).toMatchObject({ stage: 'COVERED' });
    const clerk = await as(publicity);
    expect(
      await clerk(`{
        park(id: "park-hengtong") { partyCoverage { organisation units { nameZh } } }
        changes(types: [PARTY_COVERAGE_CASE]) { nodes { action } }
      }`),
    ).toEqual({
      data: {
        park: { partyCoverage: { organisation: 'COVERED', units: [{ nameZh: '支部' }] } },
        changes: { nodes: [{ action: 'RECORD_GAP' }, { action: 'ESTABLISH' }] },
      },
    });
  });
});

it('tells subscribers of a change in another process, with what other agencies know of it', async () => {
  const clerk = await as(publicity);
  const { data } = (await clerk('{ changes(first: 500) { pageInfo { endCursor } } }')) as {
    data: { changes: { pageInfo: { endCursor: string } } };
  };
  const token = await makeToken({ WENSHU_DATA: dataFolder }, [
    '--department',
    'PROPAGANDA',
    '--role',
    'editor',
  ]);
  await using events = subscribe(
    new URL(graph).origin,
    `subscription ($after: String) {
      changes(types: [SERVICE_REQUEST], after: $after) { action object { ... on ServiceRequest { enterprise { nameZh } } } }
    }`,
    {
      headers: { authorization: `Bearer ${token}` },
      variables: { after: data.changes.pageInfo.endCursor },
    },
  );
  const submission = { enterpriseId: 'ent-pico', regionCode: '370212', kind: 'FINANCING', titleZh: '诉求' };
  const input = { ...submission, key: 's-1', textZh: '希望对接文创贷款。' };
  await change(publicity, 'submitServiceRequest', input, 'serviceRequest { id version }');
  expect(await events.next()).toEqual({
    data: { changes: { action: 'SUBMIT', object: { enterprise: { nameZh: '小鸟看看' } } } },
    extensions: { cursor: expect.any(String) },
  });
});

it('one that is killed costs only its fields, and all stop when they are told to', async () => {
  await processes.get('party')?.kill('SIGKILL');
  expect(await (await as(publicity))(question)).toEqual({
    data: { park: { ...park, partyUnit: null } },
    errors: [
      {
        message: 'Subgraph "party" cannot be reached.',
        path: ['park', 'partyUnit'],
        extensions: { code: 'SUBGRAPH_UNAVAILABLE', subgraph: 'party' },
      },
    ],
  });
  const readiness = await poll(async () => {
    const response = await fetch(new URL('/readyz', graph));
    return response.status === 503 ? response.json() : undefined;
  });
  expect(readiness).toMatchObject({ checks: { party: 'not ready', parks: 'ready' } });
  // The gateway follows its outbox.
  expect(await processes.get('policies')?.kill('SIGTERM')).toMatchObject({ code: 0 });
  expect(await gateway.kill('SIGTERM')).toMatchObject({ code: 0 });
}, 60_000);
