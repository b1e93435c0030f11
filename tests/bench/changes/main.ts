import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { loadDataset } from '@wenshu/migrations/load.ts';
import { migrate } from '@wenshu/migrations/migrate.ts';
import { Pool } from 'undici';
import { createDataFolder } from '../../support/data-folder.ts';
import { databaseOn } from '../../support/database.ts';
import { bearer, issuer, makeKey, sign } from '../../support/identity-provider.ts';
import { describeMachine } from '../../support/machine.ts';
import { cpuSecondsOf, cpuSecondsOfTree } from '../../support/process-figures.ts';
import { keyText } from '../../support/signing.ts';
import { ask } from '../../support/sql.ts';
import { startThrowAwayPostgres } from '../../support/throw-away-postgres.ts';
import { type Server, startServer } from '../support/node-process.ts';
import { startWenshu } from '../support/wenshu.ts';

// node tests/bench/changes/main.ts measures a change (ESCALATE of a service request) against a hand-written transaction over
// HTTP: processor time of the server and of Postgres. The contestants take turns.

const clerks = 8;
const rounds = Number(process.argv[2] ?? 6);
const changesInRound = 400;
const mutation = `mutation ($input: AdvanceServiceRequestInput!) { advanceServiceRequest(input: $input) { step } }`;

type Contestant = {
  readonly name: string;
  readonly url: string;
  readonly servers: readonly Server[];
  readonly objects: { readonly id: string; version: number }[];
  changes: number;
  seconds: number;
  cpu: number;
  postgres: number;
};

await using opening = new AsyncDisposableStack();
const postgres = opening.use(await startThrowAwayPostgres({ max_connections: '200' }));
const adminUrl = databaseOn(postgres.url, 'changes');
const urls = await migrate({ adminUrl });
await loadDataset(urls);
const data = opening.use(await createDataFolder());
const key = await makeKey('bench');
const jwks = join(data.path, 'jwks.json');
await writeFile(jwks, JSON.stringify({ keys: [key.open] }));
const token = await sign(key, { department: 'PROPAGANDA', role: 'editor', sub: 'clerk', exp: 4_000_000_000 });
const [{ pid: backend } = {}] = await ask(adminUrl, 'select pg_backend_pid() as pid');
if (backend === undefined) throw new Error('Postgres has no process.');
const { readFileSync } = await import('node:fs');
const postmaster = Number.parseInt(readFileSync(join(postgres.folder, 'data', 'postmaster.pid'), 'utf8'), 10);

const access = {
  NODE_ENV: 'development',
  ACCESS: '1',
  JWKS: jwks,
  JWT_ISSUER: issuer,
  DEPARTMENT_RATE: '0',
  DEPARTMENT_QUOTA: '0',
  PORT: '0',
};
const hub = (name: string, env: Readonly<Record<string, string>>) =>
  startWenshu(['start'], {
    env: { ...access, DATABASE_URL: adminUrl, WENSHU_DATA: join(data.path, name), GATEWAY_ID: name, ...env },
  });

async function apart(): Promise<readonly Server[]> {
  const keys = { SUBGRAPH_KEYS: keyText('bench'), NODE_ENV: 'development' };
  const policies = await startWenshu(['subgraph', 'policies'], {
    env: { ...keys, PORT: '0', POLICIES_DATABASE_URL: urls.policies },
  });
  const enterprises = await startWenshu(['subgraph', 'enterprises'], {
    env: { ...keys, PORT: '0', ENTERPRISES_DATABASE_URL: urls.enterprises },
  });
  const gateway = await startWenshu(['gateway'], {
    env: {
      ...access,
      ...keys,
      AUDIT: '0',
      WENSHU_DATA: join(data.path, 'apart'),
      POLICIES_URL: `${new URL(policies.address).origin}/graphql`,
      ENTERPRISES_URL: `${new URL(enterprises.address).origin}/graphql`,
    },
  });
  return [gateway, policies, enterprises];
}

const fromHere = (path: string) => fileURLToPath(new URL(path, import.meta.url));
const started: readonly (readonly [string, readonly Server[]])[] = [
  ['transaction in SQL', [await startServer(fromHere('sql-server.ts'), [urls.policies])]],
  ['hub', [await hub('plain', { AUDIT: '0' })]],
  ['hub, on record', [await hub('audited', { AUDIT: '1' })]],
  ['hub, apart and signed', await apart()],
];
for (const [, servers] of started) for (const server of servers) opening.use(server);

const contestants: Contestant[] = started.map(([name, servers], number) => ({
  name,
  url: name.startsWith('hub')
    ? `${new URL(servers[0]?.address ?? '').origin}/graphql`
    : (servers[0]?.address ?? ''),
  servers,
  objects: Array.from({ length: clerks }, (_, clerk) => ({ id: `bench-${number}-${clerk}`, version: 1 })),
  changes: 0,
  seconds: 0,
  cpu: 0,
  postgres: 0,
}));
for (const { objects } of contestants) {
  for (const { id } of objects) {
    await ask(
      adminUrl,
      `insert into policies.service_requests (id, enterprise_id, region_code, kind, title_zh, stage, submitted_on)
       values ('${id}', 'ent-pico', '370212', 'OTHER', '诉求', 'COLLECTED', current_date)`,
    );
  }
}

let serial = 0;
async function change(pool: Pool, path: string, object: Contestant['objects'][number]) {
  const input = {
    id: object.id,
    version: object.version,
    key: `bench-${serial++}`,
    action: 'ESCALATE',
    noteZh: '提交例会研究。',
    escalation: 'MEETING',
  };
  const { statusCode, body } = await pool.request({
    method: 'POST',
    path,
    headers: { 'content-type': 'application/json', ...bearer(token) },
    body: JSON.stringify({ query: mutation, variables: { input } }),
  });
  const answer = await body.text();
  if (statusCode !== 200 || answer.includes('"errors"')) throw new Error(answer);
  object.version += 1;
}

async function round(contestant: Contestant, count: number) {
  const { origin, pathname } = new URL(contestant.url);
  const pool = new Pool(origin, { connections: clerks });
  const cpu = () => contestant.servers.reduce((sum, { pid }) => sum + cpuSecondsOf(pid), 0);
  const before = { at: performance.now(), cpu: cpu(), postgres: cpuSecondsOfTree(postmaster) };
  await Promise.all(
    contestant.objects.map(async (object) => {
      for (let i = 0; i < count / clerks; i++) await change(pool, pathname, object);
    }),
  );
  contestant.changes += count;
  contestant.seconds += (performance.now() - before.at) / 1000;
  contestant.cpu += cpu() - before.cpu;
  contestant.postgres += cpuSecondsOfTree(postmaster) - before.postgres;
  await pool.close();
}

for (const contestant of contestants) {
  await round(contestant, changesInRound * 2);
  Object.assign(contestant, { changes: 0, seconds: 0, cpu: 0, postgres: 0 });
}
for (let i = 0; i < rounds; i++)
  for (const contestant of contestants) await round(contestant, changesInRound);

console.log(describeMachine());
const [bound] = contestants;
const msOf = (seconds: number, { changes }: Contestant) => (seconds * 1000) / changes;
for (const each of contestants) {
  const [server, database] = [msOf(each.cpu, each), msOf(each.postgres, each)];
  const whole = bound ? (server + database) / (msOf(bound.cpu, bound) + msOf(bound.postgres, bound)) : 0;
  console.log(
    `${each.name.padEnd(24)} server ${server.toFixed(2)} ms, Postgres ${database.toFixed(2)} ms, together ${whole.toFixed(2)} x; ` +
      `${(each.changes / each.seconds).toFixed(0)} changes/s`,
  );
}
