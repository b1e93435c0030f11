import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { createHttpSubgraph } from '@wenshu/gateway/upstream/http-subgraph.ts';
import type { SubgraphResponse } from '@wenshu/gateway/upstream/subgraph.ts';
import type { SubgraphUrls } from '@wenshu/migrations/migrate.ts';
import { createDataFolder } from '../support/data-folder.ts';
import { bearer, issuer, makeKey, sign } from '../support/identity-provider.ts';
import { keyRing } from '../support/signing.ts';
import { ask as sql } from '../support/sql.ts';
import type { City } from './city.ts';
import { startFaultProxy } from './fault-proxy.ts';
import { post } from './post.ts';
import { keyId } from './questions.ts';
import { type Figure, note } from './scenario.ts';
import type { WenshuProcess } from './wenshu-process.ts';

/** What a scenario can break while clerks work. */
export type Broken = {
  readonly city: City;
  readonly databaseUrls: SubgraphUrls;
  /** Between the gateway and the subgraph `policies`. */
  readonly network: Awaited<ReturnType<typeof startFaultProxy>>;
  /** Resolves when the clerks have carried out so many more changes. */
  progress(changes: number): Promise<void>;
  /** Ends the gateway as a crash does, and starts it again with the same audit log. */
  killGateway(): Promise<void>;
  /** Ends the subgraph `policies` as a crash does, and starts it again. */
  killSubgraph(): Promise<void>;
};

export type ChangesOptions = {
  readonly clerks: number;
  /** Breaks something while the clerks work. They stop when it resolves. */
  readonly breaking: (broken: Broken) => Promise<void>;
};

const timeoutMs = 12_000;
const submit = `mutation ($input: SubmitServiceRequestInput!) {
  submitServiceRequest(input: $input) { step serviceRequest { id version } } }`;
const decline = `mutation ($input: AdvanceServiceRequestInput!) {
  advanceServiceRequest(input: $input) { step serviceRequest { id version } } }`;

/**
 * Lets clerks hand in and decline requests while something breaks. A clerk who gets no answer asks again with the same key
 * until there is one. Returns what the database has in the end: every answered change once, with its event.
 */
export async function changesWhile(
  city: City,
  databaseUrls: SubgraphUrls,
  { clerks, breaking }: ChangesOptions,
): Promise<readonly Figure[]> {
  await using opening = new AsyncDisposableStack();
  const agency = city.agencies.get('policies');
  if (!agency) throw new Error('The city has no policies.');
  const network = opening.use(await startFaultProxy(agency.origin));
  const data = opening.use(await createDataFolder());
  const key = await makeKey('faults');
  const jwks = join(data.path, 'jwks.json');
  await writeFile(jwks, JSON.stringify({ keys: [key.open] }));
  const startGateway = () =>
    city.startGateway({
      env: {
        ACCESS: '1',
        JWKS: jwks,
        JWT_ISSUER: issuer,
        AUDIT: '1',
        AUDIT_FOLDER: join(data.path, 'audit'),
        GATEWAY_ID: 'faults',
        POLICIES_URL: `${network.origin}/graphql`,
      },
    });
  let gateway: WenshuProcess = await startGateway();
  opening.defer(() => gateway[Symbol.asyncDispose]());

  const token = await sign(key, { department: 'PROPAGANDA', role: 'editor', sub: 'clerk' });
  const prefix = `faults-${Date.now()}`;
  const answered = new Map<string, number>();
  const problems: string[] = [];
  let repeats = 0;
  let isOver = false;
  let areDone = false;

  async function insist(query: string, input: { readonly key: string } & Record<string, unknown>) {
    const body = JSON.stringify({ query, variables: { input } });
    for (;;) {
      const reply = await post(gateway.origin, body, { headers: bearer(token), timeoutMs });
      const answer = reply.kind === 'answered' ? parseQuietly(reply.text) : undefined;
      const [payload] = Object.values(answer?.data ?? {});
      if (payload) {
        answered.set(input.key, payload.step);
        return payload.serviceRequest;
      }
      const code = answer?.errors?.[0]?.extensions?.code;
      // Without an answer, or with one that says that it is not known, the clerk asks again with the same key.
      if (code && !unsure.has(code))
        throw new Error(`${input.key}: ${reply.kind === 'answered' ? reply.text : ''}`);
      repeats += 1;
      await wait(20);
    }
  }

  async function work(clerk: number) {
    for (let serial = 0; !isOver; serial++) {
      const own = `${prefix}-${clerk}-${serial}`;
      const { id, version } = await insist(submit, { key: `${own}-s`, ...submission });
      await insist(decline, {
        key: `${own}-d`,
        id,
        version,
        action: 'DECLINE',
        declineReason: 'OUT_OF_SCOPE',
        noteZh: '不属受理范围。',
      });
    }
  }

  const reading = readOutbox(
    () => agency.origin,
    () => areDone,
  );
  const working = Array.from({ length: clerks }, (_, clerk) =>
    work(clerk).catch((error: unknown) => void problems.push(String(error))),
  );
  await breaking({
    city,
    databaseUrls,
    network,
    progress: async (changes) => {
      const target = answered.size + changes;
      while (answered.size < target && problems.length === 0) await wait(5);
    },
    killGateway: async () => {
      await gateway.kill('SIGKILL');
      gateway = await startGateway();
    },
    killSubgraph: async () => {
      await agency.process.kill('SIGKILL');
      await agency.restart();
    },
  });
  isOver = true;
  await Promise.all(working);
  // The clerks finish what they began, so the reader reads on until they are done.
  areDone = true;
  const read = await reading;
  const found = await countEffects(databaseUrls.policies, prefix);
  const lost = found.events.filter((event) => !read.has(event));
  return [
    note(`${answered.size} changes, ${repeats} repeats`, answered.size > 0),
    note(`${problems.length} refused${problems[0] ? ` (${problems[0]})` : ''}`, problems.length === 0),
    note(`${found.doubled} effects doubled`, found.doubled === 0),
    note(
      `${answered.size - found.keys.filter((each) => answered.get(each.key) === each.step).length} answers without effect`,
      found.keys.length === answered.size,
    ),
    note(`${found.gaps} objects whose versions, steps and events differ`, found.gaps === 0),
    note(`${found.events.length} events, ${lost.length} lost to a reader`, lost.length === 0),
  ];
}

const submission = {
  enterpriseId: 'ent-pico',
  regionCode: '370212',
  kind: 'OTHER',
  titleZh: '一项诉求',
  textZh: '诉求的内容。',
};

/** Codes after which the change may have been made. */
const unsure = new Set([
  'SUBGRAPH_UNAVAILABLE',
  'SUBGRAPH_TIMEOUT',
  'INTERNAL_SERVER_ERROR',
  'OVERLOADED',
  'IDENTITY_UNAVAILABLE',
]);

type Payload = {
  readonly step: number;
  readonly serviceRequest: { readonly id: string; readonly version: number };
};

function parseQuietly(text: string) {
  try {
    return JSON.parse(text) as {
      data?: Record<string, Payload | null> | null;
      errors?: { extensions?: { code?: string } }[];
    };
  } catch {
    return undefined;
  }
}

type Page = readonly { readonly cursor: string; readonly id: string; readonly version: number }[];

/** Reads the outbox all the while, as the worker of the hub does, from place to place. */
async function readOutbox(origin: () => string, isOver: () => boolean): Promise<ReadonlySet<string>> {
  const read = new Set<string>();
  let after: string | null = null;
  let wasOver = false;
  for (;;) {
    const call = createHttpSubgraph('policies', `${origin()}/graphql`, { keys: keyRing(keyId) });
    const query = `query ($after: String) { _changes(types: ["ServiceRequest"], after: $after, first: 500) { cursor id version } }`;
    const context = {
      requestId: 'reader',
      headers: new Map<string, string>(),
      caller: { kind: 'system' },
    } as const;
    const answer: SubgraphResponse | undefined = await call(
      { kind: 'query', query, variables: { after } },
      context,
    ).catch(() => undefined);
    await call.close?.();
    const page: Page | undefined = (answer?.data as { _changes?: Page } | null | undefined)?._changes;
    for (const { cursor, id, version } of page ?? []) {
      read.add(`${id} ${version}`);
      after = cursor;
    }
    if (page && page.length === 0 && wasOver) return read;
    wasOver = isOver();
    await wait(25);
  }
}

/** Events of the sweep, which runs beside the clerks: they are of no step, and told once of a request, which has one due day. */
const notices = `'DUE_SOON', 'OVERDUE'`;

async function countEffects(url: string, prefix: string) {
  const keys = await sql(
    url,
    `select key, object_id as id, step from policies.mutation_keys where key like '${prefix}-%'`,
  );
  const ofKeys = `select distinct object_id from policies.mutation_keys where key like '${prefix}-%'`;
  // A request that was handed in twice would be a request without a key.
  const [doubled] = await sql(
    url,
    `select count(*)::int as count from policies.service_requests where title_zh = '${submission.titleZh}'
       and id not in (select object_id from policies.mutation_keys)`,
  );
  const [gaps] = await sql(
    url,
    `select count(*)::int as count from policies.service_requests r where r.id in (${ofKeys}) and not (
       (select array_agg(version order by transaction, seq) from policies.changes c
          where c.object_id = r.id and c.action not in (${notices}))
         = (select array_agg(v) from generate_series(1, r.version) v)
       and not exists (select 1 from policies.changes c where c.object_id = r.id and c.action in (${notices})
         group by c.action having count(*) > 1)
       and (select count(*) from policies.service_request_steps s where s.object_id = r.id) = r.version
       and (select count(*) from policies.mutation_keys k where k.object_id = r.id) = r.version)`,
  );
  const events = await sql(
    url,
    `select object_id || ' ' || version as event from policies.changes where object_id in (${ofKeys})`,
  );
  return {
    keys: keys as { key: string; id: string; step: number }[],
    doubled: Number(doubled?.count),
    gaps: Number(gaps?.count),
    events: events.map(({ event }) => String(event)),
  };
}
