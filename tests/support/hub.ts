import { openCatalogue } from '@wenshu/gateway/control/catalogue.ts';
import type { Follower } from '@wenshu/gateway/control/follow/follow-changes.ts';
import { rules } from '@wenshu/gateway/control/follow/rules.ts';
import type { ControlDatabase } from '@wenshu/gateway/control/open.ts';
import { createGateway } from '@wenshu/gateway/gateway.ts';
import { createHubGraph } from '@wenshu/gateway/graph/hub-graph.ts';
import { readSupergraph } from '@wenshu/gateway/graph/open-graph.ts';
import { followEventsIn, readEventsIn } from '@wenshu/gateway/graph/read-events.ts';
import { wakeOnEvents } from '@wenshu/gateway/graph/wake-on-events.ts';
import { logFailuresOf, silent } from '@wenshu/gateway/lib/log.ts';
import type { GatewayOptions } from '@wenshu/gateway/parts.ts';
import type { GatewayContext } from '@wenshu/gateway/request/context.ts';
import { createHttpSubgraph } from '@wenshu/gateway/upstream/http-subgraph.ts';
import { createLocalSubgraph } from '@wenshu/gateway/upstream/local-subgraph.ts';
import type {
  Subgraph as Call,
  SubgraphRequest,
  SubgraphResponse,
} from '@wenshu/gateway/upstream/subgraph.ts';
import type { Subgraph } from '@wenshu/kit/subgraph.ts';
import type { Deadlines } from '@wenshu/kit/workflow/days.ts';
import type { Department } from '@wenshu/schema/caller.ts';
import { type Owners, withOwners } from '@wenshu/schema/owners.ts';
import { type SubgraphName, subgraphNames } from '@wenshu/schema/subgraph-sdl.ts';
import { inBothLanguages } from './both-languages.ts';
import {
  type Agreed,
  type Headers,
  type Issued,
  openAgreements,
  openCallers,
  purpose,
  steward,
  type Who,
} from './callers.ts';
import {
  type ControlPlaneOptions,
  openControlPlane,
  openControlWithoutDatabase,
  supergraphSdl,
} from './control-plane.ts';
import { createDatabase, createHubDatabase, readableDatabase, type TestDatabase } from './database.ts';
import { serve, supergraphOf, type TestSubgraph } from './federation.ts';
import { poll } from './poll.ts';
import { createSubgraphOf, gatewayKeys, shareSubgraph } from './subgraphs.ts';

/** How the gateway calls the subgraphs: every federation test is run both ways. */
export const ways = ['in process', 'over HTTP'] as const;
export type Way = (typeof ways)[number];

/** Options of a hub. Those of a gateway stand beside them. */
export type HubOptions = Omit<
  Partial<GatewayOptions>,
  'graph' | 'supergraphSdl' | 'subgraphs' | 'agreements'
> & {
  /** The agencies over the dataset, by default; or no agency, only the control plane; or small subgraphs of a test's own. */
  readonly graph?: 'agencies' | 'control plane' | Readonly<Record<string, TestSubgraph>>;
  readonly way?: Way;
  /** Database to use instead of its own. */
  readonly database?: TestDatabase;
  /** True if it has its own agencies' rows, to write into; otherwise it reads those that all tests read. */
  readonly ownRows?: boolean;
  /** Changes its own rows before it starts. */
  readonly prepare?: (database: TestDatabase) => Promise<unknown>;
  /** Subgraphs that cannot be reached. */
  readonly down?: readonly SubgraphName[];
  /** A subgraph whose database does not answer. */
  readonly brokenDatabase?: SubgraphName;
  /** Timeout of a call in a subgraph. */
  readonly callTimeoutMs?: number;
  /** Working days of workflows. */
  readonly deadlines?: Deadlines;
  /** Called with each call to a subgraph and its answer. */
  readonly onCall?: OnCall;
  /** True if only known callers are admitted, whom `as` names. Otherwise everybody may ask everything. */
  readonly callers?: boolean;
  /** Agreements in force between known callers, without a control plane. */
  readonly agreements?: Agreed;
  /** Owners of this deployment, where they are not those of the schema. */
  readonly owners?: Owners;
  /** True if known callers make API keys and agreements over the graph; or the options of its control plane. */
  readonly keys?:
    | true
    | Pick<ControlPlaneOptions, 'auditFolder' | 'calendarFile' | 'isForTrial' | 'now' | 'webhooks'>;
};

type OnCall = (
  name: SubgraphName,
  asked: SubgraphRequest,
  answered: SubgraphResponse,
  context: GatewayContext,
) => void;

export interface Answer {
  data?: Record<string, unknown> | null;
  extensions?: Record<string, unknown>;
  errors?: { message: string; path?: (string | number)[]; extensions: Record<string, unknown> }[];
}

type Ask = (query: string, variables?: object, headers?: Headers) => Promise<Answer>;

export interface TestHub extends AsyncDisposable {
  readonly url: string;
  readonly database: TestDatabase;
  /** The control plane of a hub with `keys`. */
  readonly control: ControlDatabase;
  /** Returns a worker of a hub with `keys` that carries out the rules of the hub when it is told to. */
  follower(): Follower;
  /** Asks the gateway over HTTP, with no more than these headers. */
  readonly ask: Ask;
  /** Asks as somebody, and with `agreements` for their purpose. The headers are those of such a request. */
  as(who: Who): { readonly ask: Ask; headers(): Promise<Headers> };
  /** Replaces the agreements in force. */
  agree(agreements: Agreed): void;
  /** Makes an API key over the graph. */
  issue(terms: object): Promise<Issued>;
  /** Lets each department approve a key for an enterprise, as far as it was asked. */
  approve(key: Issued): Promise<void>;
  /** Calls to each subgraph, and SQL statements of each, for the last question. */
  readonly calls: Readonly<Record<SubgraphName, number>>;
  readonly statements: Readonly<Record<SubgraphName, number>>;
  /** The texts of these statements. */
  readonly sql: readonly string[];
}

/** Starts a hub. */
export async function startHub(options: HubOptions = {}): Promise<TestHub> {
  const {
    graph = 'agencies',
    way,
    database: given,
    ownRows,
    prepare,
    down,
    brokenDatabase,
    callTimeoutMs,
    deadlines: _deadlines,
    onCall,
    callers: hasCallers = options.agreements !== undefined || options.keys !== undefined,
    agreements,
    keys,
    owners = new Map(),
    ...gatewayOptions
  } = options;
  await using starting = new AsyncDisposableStack();
  const database = given ?? starting.use(await openDatabase(options));
  await prepare?.(database);

  const counts = new Counts();
  const callOf =
    typeof graph === 'object' ? serve(graph) : await openAgencies(options, database, counts, starting);
  const callers = hasCallers ? starting.use(await openCallers()) : undefined;
  const kept = agreements && openAgreements(agreements);
  const sdl = typeof graph === 'object' ? supergraphOf(graph) : withOwners(supergraphSdl, owners);
  const hubGraph = createHubGraph(readSupergraph(sdl), gatewayOptions.log ?? silent);
  const wakeOn = wakeOnEvents(followEventsIn(hubGraph.graphs));
  const control =
    keys &&
    (await openControlPlane(database.urls.hub, {
      ...(keys !== true && keys),
      audit: gatewayOptions.audit,
      ...(owners.size > 0 && { catalogue: openCatalogue(sdl) }),
      // Without agencies nobody knows the regions.
      ...(graph === 'agencies' && { places: hubGraph.places, askForCaller: hubGraph.askForCaller, wakeOn }),
      log: gatewayOptions.log ?? silent,
    }));
  if (control) starting.defer(control.close);
  const controlSubgraph =
    control?.subgraph ??
    (graph === 'agencies' ? openControlWithoutDatabase(hubGraph.askForCaller, wakeOn) : undefined);
  const gateway = await createGateway({
    ...gatewayOptions,
    graph: hubGraph,
    access: gatewayOptions.access ?? callers?.access,
    agreements: kept?.agreements,
    ...(control && callers && withKeys(control, callers.access)),
    supergraphSdl: sdl,
    subgraphs: (name) => {
      if (name === 'control') {
        return controlSubgraph && createLocalSubgraph({ ...controlSubgraph, openSnapshot: undefined });
      }
      const call = callOf.get(name);
      return call && counts.counted(name as SubgraphName, call, onCall);
    },
  });
  starting.defer(gateway.stop);
  const { port } = await gateway.listen(0, '127.0.0.1');
  const url = `http://127.0.0.1:${port}`;

  const ask: Ask = async (query, variables = {}, headers = {}) => {
    counts.reset();
    const response = await fetch(`${url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', connection: 'close', ...headers },
      body: JSON.stringify({ query, variables }),
    });
    return inBothLanguages((await response.json()) as Answer);
  };
  const stated = agreements ? { 'x-wenshu-purpose': encodeURIComponent(purpose) } : {};
  const as: TestHub['as'] = (who) => {
    const headers = async () => ({ ...(await demand(callers, 'callers').headersOf(who)), ...stated });
    return {
      headers,
      ask: async (query, variables, more) => ask(query, variables, { ...(await headers()), ...more }),
    };
  };
  // The gateway reads the regions when it starts: until then it knows no token's region, and its calls are not a test's.
  if (callers && graph === 'agencies')
    await poll(() => hubGraph.places.isRegion('') !== undefined || undefined);
  const running = starting.move();
  return {
    url,
    database,
    get control() {
      return demand(control, 'keys');
    },
    follower: () =>
      demand(control, 'keys').follow({
        rules,
        readEvents: readEventsIn(hubGraph.graphs),
        ask: hubGraph.ask,
        act: gateway.actAsSystem,
        everyMs: 0,
      }),
    ask,
    as,
    agree: (agreed) => demand(kept, 'agreements').agree(agreed),
    issue: (terms) => issue(as(steward).ask, terms),
    approve: (key) => approve(as, key),
    calls: counts.calls,
    statements: counts.statements,
    sql: counts.sql,
    [Symbol.asyncDispose]: () => running.disposeAsync(),
  };
}

function demand<Part>(part: Part | undefined, option: string): Part {
  if (part === undefined) throw new Error(`This hub was started without "${option}".`);
  return part;
}

const openDatabase = async ({ graph = 'agencies', ownRows, prepare, keys }: HubOptions) => {
  if (graph === 'agencies' && (ownRows || prepare)) return createDatabase();
  return keys ? createHubDatabase() : readableDatabase();
};

/** Returns the options that a gateway takes from the control plane. */
const withKeys = (
  { partners, agreements, usage }: ControlDatabase,
  access: GatewayOptions['access'],
): Pick<GatewayOptions, 'access' | 'agreements' | 'limitsOfCaller' | 'keyUsage'> => ({
  access: { ...access, others: [partners.verify, ...(access?.others ?? [])] },
  agreements,
  limitsOfCaller: partners.limitsOf,
  keyUsage: usage,
});

async function issue(ask: Ask, terms: object): Promise<Issued> {
  const expiresAt = new Date(Date.now() + 30 * 24 * 3_600_000).toISOString();
  const { data, errors } = await ask(
    'mutation ($input: CreateApiKeyInput!) { createApiKey(input: $input) { secret apiKey { id } } }',
    { input: { partner: '文创数据公司', contact: 'zhang@example.com', expiresAt, ...terms } },
  );
  if (!data?.createApiKey) throw new Error(JSON.stringify(errors));
  return data.createApiKey as Issued;
}

async function approve(as: TestHub['as'], { apiKey }: Issued): Promise<void> {
  const { data } = await as(steward).ask('query ($id: ID!) { apiKey(id: $id) { approvals { id owner } } }', {
    id: apiKey.id,
  });
  const key = data?.apiKey as { approvals: { id: string; owner: Department }[] } | undefined;
  for (const { id, owner } of key?.approvals ?? []) {
    const mutation = 'mutation ($id: ID!) { approveAgreement(id: $id) { state } }';
    const { errors } = await as({ department: owner, role: 'steward' }).ask(mutation, { id });
    if (errors) throw new Error(JSON.stringify(errors));
  }
}

const none = () => Object.fromEntries(subgraphNames.map((name) => [name, 0])) as Record<SubgraphName, number>;

/** Counts calls and statements since the last question. */
class Counts {
  readonly calls = none();
  readonly statements = none();
  readonly sql: string[] = [];

  reset() {
    Object.assign(this.calls, none());
    Object.assign(this.statements, none());
    this.sql.length = 0;
  }

  addStatement(name: SubgraphName, text: string) {
    this.statements[name]++;
    this.sql.push(text);
  }

  counted(name: SubgraphName, call: Call, onCall: OnCall | undefined): Call {
    const counted: Call = async (asked, context) => {
      this.calls[name]++;
      const answered = await call(asked, context);
      onCall?.(name, asked, answered, context);
      return answered;
    };
    return Object.assign(
      counted,
      call.openStream && { openStream: call.openStream },
      call.openSnapshot && { openSnapshot: call.openSnapshot },
      call.close && { close: call.close },
    );
  }
}

/** Port 1 is reserved, and nothing listens on it. */
const nowhere = 'postgres://nobody:secret@127.0.0.1:1/none';

/** Opens the subgraphs of the agencies. Hubs that only read share them. */
async function openAgencies(
  {
    graph,
    way = 'in process',
    down = [],
    brokenDatabase,
    callTimeoutMs,
    deadlines = {},
    isTrial = false,
    log = silent,
  }: HubOptions,
  database: TestDatabase,
  counts: Counts,
  starting: AsyncDisposableStack,
): Promise<ReadonlyMap<string, Call>> {
  const callOf = new Map<string, Call>();
  if (graph === 'control plane') return callOf;
  const isReadable = database.urls.parks === readableDatabase().urls.parks;
  const mayShare = isReadable && log === silent && !isTrial && callTimeoutMs === undefined;
  for (const name of subgraphNames) {
    const onStatement = (text: string) => counts.addStatement(name, text);
    if (mayShare && name !== brokenDatabase && !down.includes(name)) {
      const { subgraph, address, release } = shareSubgraph(name, onStatement);
      starting.defer(release);
      callOf.set(name, await callerOf(subgraph, way, address));
      continue;
    }
    const subgraph = createSubgraphOf[name]({
      url: name === brokenDatabase ? nowhere : database.urls[name],
      callTimeoutMs,
      onStatement,
      onError: logFailuresOf(name, log),
      isTrial,
      deadlines,
      keys: gatewayKeys,
    });
    starting.defer(() => subgraph.close());
    const call = down.includes(name)
      ? callerOfNobody(subgraph, way)
      : callerOf(subgraph, way, () => subgraph.listen(0));
    callOf.set(name, await call);
  }
  return callOf;
}

async function callerOf(subgraph: Subgraph, way: Way, address: () => Promise<string>): Promise<Call> {
  if (way === 'in process') return createLocalSubgraph(subgraph);
  return createHttpSubgraph(subgraph.name, await address(), { keys: gatewayKeys });
}

/** Calls a subgraph that is down. */
async function callerOfNobody(subgraph: Subgraph, way: Way): Promise<Call> {
  if (way === 'in process') return () => Promise.reject(new Error('It is down.'));
  const address = await subgraph.listen(0);
  await subgraph.close();
  return createHttpSubgraph(subgraph.name, address, { keys: gatewayKeys });
}
