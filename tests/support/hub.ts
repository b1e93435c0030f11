import { readFileSync } from 'node:fs';
import { standardRateLimits } from '@wenshu/gateway/admission/rate-limit.ts';
import type { AuditLog } from '@wenshu/gateway/audit/audit-log.ts';
import { openCatalogue } from '@wenshu/gateway/control/catalogue.ts';
import { type ControlDatabase, openControlDatabase } from '@wenshu/gateway/control/open.ts';
import { createPeppers } from '@wenshu/gateway/control/peppers.ts';
import { createGateway, type Gateway, type GatewayOptions } from '@wenshu/gateway/gateway.ts';
import type { Places } from '@wenshu/gateway/governance/places.ts';
import { type Log, logFailuresOf, silent } from '@wenshu/gateway/lib/log.ts';
import { createHttpSubgraph } from '@wenshu/gateway/upstream/http-subgraph.ts';
import { createLocalSubgraph } from '@wenshu/gateway/upstream/local-subgraph.ts';
import type {
  Subgraph as Call,
  SubgraphRequest,
  SubgraphResponse,
} from '@wenshu/gateway/upstream/subgraph.ts';
import type { Subgraph } from '@wenshu/kit/subgraph.ts';
import { type SubgraphName, subgraphNames } from '@wenshu/schema/subgraph-sdl.ts';
import { createDatabase, createHubDatabase, readableDatabase, type TestDatabase } from './database.ts';
import { keyRules } from './key-rules.ts';
import { createSubgraphOf, gatewayKeys as keys, shareSubgraph } from './subgraphs.ts';

const supergraphSdl = readFileSync(new URL('../../schema/supergraph.graphql', import.meta.url), 'utf8');

const catalogue = openCatalogue(supergraphSdl);

/** How the gateway calls the subgraphs: every federation test is run both ways. */
export const ways = ['in process', 'over HTTP'] as const;
export type Way = (typeof ways)[number];

export interface HubOptions {
  way?: Way;
  /** Database to use instead of its own. */
  database?: TestDatabase;
  /** Wraps the calls from the gateway to a subgraph; default: none. */
  around?: (name: SubgraphName, call: Call) => Call;
  /** True if it has its own agencies' rows, to write into; otherwise it reads those that all tests read. */
  ownRows?: boolean;
  /** Changes its own rows before it starts. */
  prepare?: (database: TestDatabase) => Promise<unknown>;
  /** Subgraphs that cannot be reached. */
  down?: readonly SubgraphName[];
  /** Admission of the gateway; default: that of production. */
  admission?: GatewayOptions['admission'];
  /** Limits for conditions on related rows. */
  relationLimits?: GatewayOptions['relationLimits'];
  /** Timeout of a call in a subgraph. */
  callTimeoutMs?: number;
  /** A subgraph whose database does not answer. */
  brokenDatabase?: SubgraphName;
  /** Access control; default: everybody may ask everything. */
  guard?: Pick<
    GatewayOptions,
    | 'access'
    | 'agreements'
    | 'clientAddressOf'
    | 'registeredDocuments'
    | 'mayExplain'
    | 'planBudgetMs'
    | 'planTimeoutMs'
  >;
  /** True if partners have API keys and departments have agreements over the graph; needs `guard.access`. */
  hasKeys?: boolean;
  audit?: AuditLog;
  /** Called with each call to a subgraph and its answer. */
  onCall?: (name: SubgraphName, asked: SubgraphRequest, answered: SubgraphResponse) => void;
  /** Folder of the logs that can be read over the graph; default: none. */
  auditFolder?: string;
  /** True if synthetic rows are the default. */
  isTrial?: boolean;
  /** Log of gateway, control plane and subgraphs; default: none. */
  log?: Log;
}

export interface Answer {
  data?: Record<string, unknown> | null;
  extensions?: Record<string, unknown>;
  errors?: { message: string; path?: (string | number)[]; extensions: Record<string, unknown> }[];
}

export interface TestHub extends AsyncDisposable {
  readonly url: string;
  readonly database: TestDatabase;
  /** Asks the gateway over HTTP. */
  ask(query: string, variables?: object, headers?: Readonly<Record<string, string>>): Promise<Answer>;
  /** Calls to each subgraph, and SQL statements of each, for the last question. */
  readonly calls: Readonly<Record<SubgraphName, number>>;
  readonly statements: Readonly<Record<SubgraphName, number>>;
  /** The texts of these statements. */
  readonly sql: readonly string[];
}

/** Port 1 is reserved, and nothing listens on it. */
const nowhere = 'postgres://nobody:secret@127.0.0.1:1/none';

const none = () => Object.fromEntries(subgraphNames.map((name) => [name, 0])) as Record<SubgraphName, number>;

/** The whole hub over the real dataset. */
export async function startHub({
  way = 'in process',
  database: given,
  around = (_name, call) => call,
  ownRows = false,
  prepare,
  down = [],
  brokenDatabase,
  guard = {},
  admission = {},
  relationLimits = {},
  callTimeoutMs,
  hasKeys = false,
  audit,
  auditFolder,
  onCall,
  isTrial = false,
  log = silent,
}: HubOptions = {}): Promise<TestHub> {
  await using starting = new AsyncDisposableStack();
  const database = given ?? starting.use(await openDatabase(ownRows || prepare !== undefined, hasKeys));
  await prepare?.(database);
  const calls = none();
  const statements = none();
  const texts: string[] = [];
  const isReadable = database.urls.parks === readableDatabase().urls.parks;
  const mayShare = isReadable && log === silent && !isTrial && callTimeoutMs === undefined;
  const callOf = new Map<SubgraphName, Call>();
  for (const name of subgraphNames) {
    const onStatement = (text: string) => {
      statements[name]++;
      texts.push(text);
    };
    if (mayShare && name !== brokenDatabase && !down.includes(name)) {
      const { subgraph, address, release } = shareSubgraph(name, onStatement);
      starting.defer(release);
      callOf.set(name, around(name, await callerOf(subgraph, way, address)));
      continue;
    }
    const subgraph = createSubgraphOf[name]({
      url: name === brokenDatabase ? nowhere : database.urls[name],
      callTimeoutMs,
      onStatement,
      onError: logFailuresOf(name, log),
      isTrial,
      keys,
    });
    starting.defer(() => subgraph.close());
    const call = down.includes(name)
      ? callerOfNobody(subgraph, way)
      : callerOf(subgraph, way, () => subgraph.listen(0));
    callOf.set(name, around(name, await call));
  }
  let gateway: Gateway | undefined;
  const hub = hasKeys
    ? await openControlPlane(database.urls.hub, { audit, auditFolder, places: () => gateway?.places, log })
    : undefined;
  if (hub) starting.defer(hub.close);
  gateway = await createGateway({
    ...guard,
    ...(hub && withKeys(hub, guard.access)),
    audit,
    supergraphSdl,
    log,
    admission,
    relationLimits,
    subgraphs: (name) => {
      if (name === 'hub') return hub?.subgraph.execute;
      const call = callOf.get(name as SubgraphName);
      const count = () => calls[name as SubgraphName]++;
      return call && counted(onCall ? reporting(call, name as SubgraphName, onCall) : call, count);
    },
  });
  starting.defer(gateway.stop);
  const { port } = await gateway.listen(0, '127.0.0.1');
  const url = `http://127.0.0.1:${port}`;
  const running = starting.move();
  return {
    url,
    database,
    calls,
    statements,
    sql: texts,
    ask: async (query, variables = {}, headers = {}) => {
      Object.assign(calls, none());
      Object.assign(statements, none());
      texts.length = 0;
      const response = await fetch(`${url}/graphql`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', connection: 'close', ...headers },
        body: JSON.stringify({ query, variables }),
      });
      return (await response.json()) as Answer;
    },
    [Symbol.asyncDispose]: () => running.disposeAsync(),
  };
}

const openDatabase = async (ownRows: boolean, hasKeys: boolean): Promise<TestDatabase> => {
  if (ownRows) return createDatabase();
  return hasKeys ? createHubDatabase() : readableDatabase();
};

type OwnPartOptions = {
  audit?: AuditLog | undefined;
  auditFolder?: string | undefined;
  calendarFile?: string | undefined;
  places?: () => Places | undefined;
  log?: Log;
};

export const openControlPlane = (
  url: string,
  { audit, auditFolder = '/no/audit/log', calendarFile, places, log = silent }: OwnPartOptions = {},
): Promise<ControlDatabase> =>
  openControlDatabase({
    url,
    peppers: createPeppers(['a pepper for tests of more than 32 characters']),
    config: { agreementLimits: keyRules.limits, calendarFile, keyCeilings: standardRateLimits.partner },
    places: () => places?.() ?? { ...keyRules.places(), regionOfEnterprise: async () => '110105' },
    catalogue: () => catalogue,
    audit: () => audit,
    auditFolder,
    log,
  });

/** Returns the options that a gateway takes from the control plane. */
export const withKeys = (
  { partners, agreements, usage }: ControlDatabase,
  access: GatewayOptions['access'],
) => ({
  access: { ...access, others: [partners.verify, ...(access?.others ?? [])] },
  agreements,
  limitsOfCaller: partners.limitsOf,
  keyUsage: usage,
});

async function callerOf(subgraph: Subgraph, way: Way, address: () => Promise<string>): Promise<Call> {
  if (way === 'in process') return createLocalSubgraph(subgraph);
  return createHttpSubgraph(subgraph.name, await address(), { keys });
}

/** Calls a subgraph that is down. */
async function callerOfNobody(subgraph: Subgraph, way: Way): Promise<Call> {
  if (way === 'in process') return () => Promise.reject(new Error('It is down.'));
  const address = await subgraph.listen(0);
  await subgraph.close();
  return createHttpSubgraph(subgraph.name, address, { keys });
}

const reporting = (call: Call, name: SubgraphName, onCall: NonNullable<HubOptions['onCall']>): Call =>
  Object.assign(async (...[asked, context]: Parameters<Call>) => {
    const answered = await call(asked, context);
    onCall(name, asked, answered);
    return answered;
  }, call);

const counted = (call: Call, count: () => void): Call =>
  Object.assign(
    (...args: Parameters<Call>) => {
      count();
      return call(...args);
    },
    call.openSnapshot && { openSnapshot: call.openSnapshot },
    call.close && { close: call.close },
  );
