import type { Databases } from '@wenshu/migrations/migrate.ts';
import { memberAddress } from '@wenshu/schema/addresses.ts';
import { type SubgraphName, subgraphNames } from '@wenshu/schema/subgraph-sdl.ts';
import { createClientAddress } from './admission/client-address.ts';
import type { Config } from './config.ts';
import { createHttpSubgraph } from './execution/http-subgraph.ts';
import type { Subgraph } from './execution/subgraph.ts';
import { createGateway, type GatewayOptions } from './gateway.ts';
import { createGraphiql } from './graphiql.ts';
import type { Log } from './log.ts';
import { openSupergraphFile } from './supergraph-file.ts';

// What needs databases is imported when it runs: a gateway apart loads none of it.

/** What runs until it is stopped. */
export interface Running {
  readonly address: string;
  stop(): Promise<void>;
}

/** Tells a person at the terminal what goes on. */
export type Say = (line: string) => void;

/** Gateway, five subgraphs and, unless another is named, PostgreSQL: all in this process's care. */
export async function startHub(config: Config, log: Log, say: Say): Promise<Running> {
  const { openDatabases, prepare } = await import('./databases.ts');
  await using opening = new AsyncDisposableStack();
  const databases = await openDatabases(config, opening, say);
  const rows = await prepare(databases);
  if (rows > 0) say(`Loaded the dataset: ${rows} rows.`);
  const subgraphs = await Promise.all(subgraphNames.map((name) => openSubgraph(name, databases, log)));
  for (const subgraph of subgraphs) opening.defer(() => subgraph.close());

  const { subgraphUrl } = await import('./databases.ts');
  const hub = await openOwnPart(subgraphUrl(databases, 'hub'), config, opening, log);
  const gateway = await openGateway(config, opening, {
    ...hub.options,
    subgraphs: (name, url) =>
      url === ownAddress ? hub.ask : subgraphs.find((subgraph) => subgraph.name === name)?.execute,
    readiness: {
      ...Object.fromEntries(subgraphs.map(({ name, ready }) => [`${name}Database`, ready])),
      ...hub.readiness,
    },
    mayExplain: () => config.explain ?? true,
    log,
  });
  return running(gateway, opening);
}

/**
 * A gateway apart, over any federation v2 supergraph; its subgraphs are asked over HTTP. Keys and agreements it knows
 * only where it is told their database.
 */
export async function startGateway(config: Config, log: Log): Promise<Running> {
  await using opening = new AsyncDisposableStack();
  const addresses = new Map(Object.entries(config.subgraphAddresses));
  const url = await findOwnDatabase(config.databases);
  const hub = url === undefined ? undefined : await openOwnPart(url, config, opening, log);
  const gateway = await openGateway(config, opening, {
    ...hub?.options,
    readiness: hub?.readiness,
    subgraphs: (name, url) =>
      url === ownAddress
        ? (hub?.ask ?? askNobody)
        : createHttpSubgraph(name, addresses.get(name) ?? url, config.subgraphHttp),
    mayExplain: () => config.explain ?? false,
    log,
  });
  return running(gateway, opening);
}

/** One subgraph apart, over HTTP. */
export async function startSubgraph(name: SubgraphName, config: Config, log: Log): Promise<Running> {
  const { findDatabases } = await import('./databases.ts');
  await using opening = new AsyncDisposableStack();
  const subgraph = await openSubgraph(name, await findDatabases(config), log);
  opening.defer(() => subgraph.close());
  await subgraph.ready();
  const address = await explainListening(config, () => subgraph.listen(config.port, config.host));
  return running(address, opening);
}

/** Only the embedded PostgreSQL, migrated and loaded, for subgraphs apart. */
export async function startDatabase(config: Config, say: Say): Promise<Running> {
  const { prepare, startPostgres } = await import('./databases.ts');
  await using opening = new AsyncDisposableStack();
  const postgres = await startPostgres({ dataFolder: config.dataFolder, say });
  opening.use(postgres);
  await prepare({ adminUrl: postgres.url });
  return running(new URL(postgres.url).host, opening);
}

const servers = {
  enterprises: async () => (await import('@wenshu/enterprises/server.ts')).enterprisesSubgraph,
  events: async () => (await import('@wenshu/events/server.ts')).eventsSubgraph,
  parks: async () => (await import('@wenshu/parks/server.ts')).parksSubgraph,
  party: async () => (await import('@wenshu/party/server.ts')).partySubgraph,
  policies: async () => (await import('@wenshu/policies/server.ts')).policiesSubgraph,
};

async function openSubgraph(name: SubgraphName, databases: Databases, log: Log) {
  const { subgraphUrl } = await import('./databases.ts');
  const open = await servers[name]();
  return open({
    url: subgraphUrl(databases, name),
    onError: (cause) => log.error({ subgraph: name, cause }, 'A subgraph failed to answer.'),
  });
}

/** Where the supergraph says that the hub's own part is: nowhere but in the gateway. */
const ownAddress = memberAddress('hub');

async function findOwnDatabase(databases: Databases): Promise<string | undefined> {
  if (!databases.adminUrl && !databases.separateUrls?.hub) return undefined;
  const { subgraphUrl } = await import('./databases.ts');
  return subgraphUrl(databases, 'hub');
}

/** The hub's own part of the graph, and what a gateway takes from it. */
async function openOwnPart(url: string, config: Config, opening: AsyncDisposableStack, log: Log) {
  const [{ openHub }, { apiKeyOf }] = await Promise.all([
    import('./hub/open.ts'),
    import('./admission/partners.ts'),
  ]);
  const { subgraph, partners, usage, close } = await openHub({ url, config, ownerOf, log });
  opening.defer(close);
  const clientAddressOf = createClientAddress(config.trustedProxies);
  const options = {
    authenticate: async (request) => {
      const key = apiKeyOf(request.headers);
      return key === undefined ? undefined : await partners.authenticate(key, clientAddressOf(request));
    },
    keyUsage: usage,
  } satisfies Partial<GatewayOptions>;
  return { ask: subgraph.execute, readiness: { hubDatabase: subgraph.ready }, options };
}

/** As long as fields do not say who owns them, there is nobody to ask for them. */
const ownerOf = () => undefined;

/** Answers for the hub's own part where the gateway has no database of it. */
const askNobody: Subgraph = async () => ({
  errors: [
    {
      message: 'This gateway has no keys and agreements: HUB_DATABASE_URL says where they are.',
      extensions: { code: 'SUBGRAPH_UNAVAILABLE' },
    },
  ],
});

/** A gateway over the configured supergraph that answers; resolves to its address. */
async function openGateway(
  config: Config,
  opening: AsyncDisposableStack,
  options: Pick<GatewayOptions, 'subgraphs' | 'readiness' | 'mayExplain' | 'authenticate' | 'keyUsage'> & {
    readonly log: Log;
  },
): Promise<string> {
  const { port, host, subgraphLimits, requestTimeoutMs, planTimeoutMs, maxInFlight, stop } = config;
  const { metrics, operationsNamed, tracing } = config;
  const supergraph = openSupergraphFile(config.supergraphFile, config.dataFolder, options.log);
  const gateway = await supergraph.open((supergraphSdl) =>
    createGateway({
      ...options,
      supergraphSdl,
      subgraphLimits,
      requestTimeoutMs,
      planTimeoutMs,
      maxInFlight,
      metrics,
      operationsNamed,
      tracing,
      graphiql: createGraphiql(),
    }),
  );
  opening.defer(() => gateway.stop({ ...stop, graceMs: stop.graceMs * shareOfRequests }));
  const { url } = await explainListening({ port, host }, () => gateway.listen(port, host));
  opening.use(supergraph.watch((sdl) => gateway.replaceSupergraph(sdl)));
  return url;
}

/** Of the time to stop in; the rest is for subgraphs and PostgreSQL. */
const shareOfRequests = 0.8;

async function explainListening<T>(
  { port, host }: Pick<Config, 'port' | 'host'>,
  listen: () => Promise<T>,
): Promise<T> {
  const reasons: Record<string, string> = {
    EADDRINUSE: `Port ${port} is in use by another program. Choose another with --port.`,
    EACCES: `Port ${port} may not be used by this account. Choose one above 1023.`,
    EADDRNOTAVAIL: `HOST ${host} is not an address of this machine.`,
    ENOTFOUND: `HOST ${host} is not an address of this machine.`,
  };
  return listen().catch((error) => {
    throw reasons[error.code] ? new Error(reasons[error.code], { cause: error }) : error;
  });
}

/** Hands what was opened to whoever stops it; undone in reverse order. */
function running(address: string, opening: AsyncDisposableStack): Running {
  const opened = opening.move();
  return { address, stop: () => opened.disposeAsync() };
}
