import { hostname } from 'node:os';
import { join } from 'node:path';
import type { SubgraphOptions } from '@wenshu/kit/subgraph.ts';
import type { Databases } from '@wenshu/migrations/migrate.ts';
import { type SubgraphName, subgraphNames } from '@wenshu/schema/subgraph-sdl.ts';
import { openDocumentFiles } from '../admission/registered-documents.ts';
import { type AuditLog, openAuditLog } from '../audit/audit-log.ts';
import type { HeadStore } from '../audit/kept-head.ts';
import { createGateway, type GatewayOptions } from '../gateway.ts';
import { readPolicies } from '../governance/policies.ts';
import { serveGraphiql } from '../graphiql/serve-page.ts';
import { createClientAddress, createNetworkCheck } from '../http/client-address.ts';
import { ConfigError } from '../lib/config-error.ts';
import { type Log, logFailuresOf } from '../lib/log.ts';
import { declaresSharing } from '../supergraph/sharing.ts';
import { createHttpSubgraph } from '../upstream/http-subgraph.ts';
import { createLocalSubgraph } from '../upstream/local-subgraph.ts';
import { type Access, graphiqlAddress, openSessions, settleAccess } from './access.ts';
import { type Config, callTimeoutOf } from './config.ts';
import {
  findHubDatabase,
  type HubDatabase,
  openOwnPart,
  ownAddress,
  type Surroundings,
  withoutOwnPart,
} from './control-plane.ts';
import { readMutualTls } from './mutual-tls.ts';
import type { Say } from './say.ts';
import { openSupergraphFile } from './supergraph-file.ts';

// What needs databases is imported when it runs: a gateway apart loads none of it.

/** What runs until it is stopped. */
export interface Running {
  readonly address: string;
  stop(): Promise<void>;
}

export interface RunningGateway extends Running {
  readonly access: Access;
  /** Where a person opens GraphiQL, once where the link says so; undefined where there is none. */
  readonly graphiql: string | undefined;
}

/** Gateway, five subgraphs and, unless another is named, PostgreSQL: all in this process's care. */
export async function startHub(config: Config, log: Log, say: Say): Promise<RunningGateway> {
  // Before anything is started: it may be refused.
  const access = await settleAccess(config, true, log);
  const { openPeppers } = await import('../control/peppers.ts');
  const peppers = await openPeppers(config);
  const { openDatabases, prepare, subgraphUrl } = await import('./databases.ts');
  await using opening = new AsyncDisposableStack();
  const databases = await openDatabases(config, opening, say);
  const rows = await prepare(databases, say);
  if (rows > 0) say(`Loaded the dataset: ${rows} rows.`);
  const subgraphs = await Promise.all(
    subgraphNames.map((name) => openSubgraph(name, databases, config, log)),
  );
  for (const subgraph of subgraphs) opening.defer(() => subgraph.close());

  const { address, ...gateway } = await openGateway(config, opening, {
    hub: { url: subgraphUrl(databases, 'hub'), peppers },
    subgraphs: (name) => {
      const subgraph = subgraphs.find((each) => each.name === name);
      return subgraph && createLocalSubgraph(subgraph);
    },
    readiness: Object.fromEntries(subgraphs.map(({ name, ready }) => [`${name}Database`, ready])),
    accessOf: async () => access,
    mayExplain: () => config.explain ?? true,
    log,
  });
  return { ...running(address, opening), ...gateway };
}

/**
 * A gateway apart, over any federation v2 supergraph; its subgraphs are asked over HTTP. It knows keys and agreements
 * only where it is told their database.
 */
export async function startGateway(config: Config, log: Log): Promise<RunningGateway> {
  await using opening = new AsyncDisposableStack();
  const hub = await findHubDatabase(config);
  const addresses = new Map(Object.entries(config.subgraphAddresses));
  const tls = config.subgraphTls && readMutualTls(config.subgraphTls);
  const { address, ...gateway } = await openGateway(config, opening, {
    hub,
    subgraphs: (name, url) =>
      createHttpSubgraph(name, addresses.get(name) ?? url, {
        ...config.subgraphHttp,
        keys: config.keysOf(name),
        tls,
      }),
    accessOf: (supergraphSdl) => settleAccess(config, declaresSharing(supergraphSdl), log),
    mayExplain: () => config.explain ?? false,
    log,
  });
  return { ...running(address, opening), ...gateway };
}

/** One subgraph apart, over HTTP; it answers only the gateway that has the same keys. */
export async function startSubgraph(name: SubgraphName, config: Config, log: Log): Promise<Running> {
  const keys = config.keysOf(name);
  if (!keys && config.isProduction) throw new ConfigError([keysMissing(name)]);
  const { findDatabases } = await import('./databases.ts');
  await using opening = new AsyncDisposableStack();
  const subgraph = await openSubgraph(name, await findDatabases(config), config, log, {
    keys,
    tls: config.subgraphTls && readMutualTls(config.subgraphTls),
    onRefused: (reason) => log.warn({ subgraph: name, reason }, 'A call was refused.'),
  });
  opening.defer(() => subgraph.close());
  await subgraph.ready();
  const address = await explainListening(config, () => subgraph.listen(config.port, config.host));
  if (!keys) {
    const message = `Without SUBGRAPH_KEYS the subgraph ${name} answers anybody: it listens on 127.0.0.1 only.`;
    log.warn({ subgraph: name }, message);
  }
  return running(address, opening);
}

const keysMissing = (name: SubgraphName) =>
  `SUBGRAPH_KEYS must be set with NODE_ENV=production: without keys the subgraph ${name} would answer anybody.`;

/** Only the embedded PostgreSQL, migrated and loaded, for subgraphs apart. */
export async function startDatabase(config: Config, say: Say): Promise<Running> {
  const { prepare, startPostgres } = await import('./databases.ts');
  await using opening = new AsyncDisposableStack();
  const postgres = await startPostgres({ dataFolder: config.dataFolder, say });
  opening.use(postgres);
  await prepare({ adminUrl: postgres.url }, say);
  return running(new URL(postgres.url).host, opening);
}

const servers = {
  enterprises: async () => (await import('@wenshu/enterprises/server.ts')).enterprisesSubgraph,
  events: async () => (await import('@wenshu/events/server.ts')).eventsSubgraph,
  parks: async () => (await import('@wenshu/parks/server.ts')).parksSubgraph,
  party: async () => (await import('@wenshu/party/server.ts')).partySubgraph,
  policies: async () => (await import('@wenshu/policies/server.ts')).policiesSubgraph,
};

async function openSubgraph(
  name: SubgraphName,
  databases: Databases,
  config: Config,
  log: Log,
  overHttp: Pick<SubgraphOptions, 'keys' | 'tls' | 'onRefused'> = {},
) {
  const { subgraphUrl } = await import('./databases.ts');
  const open = await servers[name]();
  return open({
    ...overHttp,
    isTrial: config.isTrial,
    url: subgraphUrl(databases, name),
    callTimeoutMs: callTimeoutOf(config),
    onError: logFailuresOf(name, log),
  });
}

type OpenOptions = Pick<GatewayOptions, 'subgraphs' | 'readiness' | 'mayExplain'> & {
  readonly accessOf: (supergraphSdl: string) => Promise<Access>;
  /** Where keys and agreements are; undefined for a gateway that knows none. */
  readonly hub: HubDatabase | undefined;
  readonly log: Log;
};

/** A gateway over the configured supergraph that answers. */
async function openGateway(
  config: Config,
  opening: AsyncDisposableStack,
  { accessOf, hub: database, ...options }: OpenOptions,
): Promise<Omit<RunningGateway, 'stop'>> {
  const { port, host, subgraphLimits, requestTimeoutMs, planTimeoutMs, planBudgetMs, maxInFlight, stop } =
    config;
  const { relationLimits, exportLimits } = config;
  const { metrics, operationsNamed, tracing, admission, maxBodyBytes, documentsPath } = config;
  const documents = documentsPath ? await openDocumentFiles(documentsPath, options.log) : undefined;
  if (documents) opening.use(documents);
  const surroundings: Surroundings = {};
  const own = database ? await openOwnPart(database, surroundings, config, options.log) : withoutOwnPart;
  opening.defer(own.close);
  let opened: Promise<AuditLog> | undefined;
  const openAuditOnce = () => (opened ??= openAudit(config, own.heads, opening, options.log));
  const supergraph = openSupergraphFile(config.supergraphFile, config.dataFolder, options.log);
  const policies = await readPolicies(config.policiesFile);
  const isProxy = config.trustedProxies.length > 0 ? createNetworkCheck(config.trustedProxies) : () => false;
  const { gateway, access, isShared } = await supergraph.open(async (supergraphSdl) => {
    const access = await accessOf(supergraphSdl);
    const sessions = openSessions(access);
    const others = [...own.credentials, ...(sessions ? [sessions.verify] : [])];
    const isOnRecord = config.audit.isOn ?? access.kind !== 'open';
    surroundings.audit = isOnRecord ? await openAuditOnce() : undefined;
    const gateway = await createGateway({
      ...options,
      ...own.options,
      readiness: { ...options.readiness, ...own.readiness },
      subgraphs: (name, url) => (url === ownAddress ? own.ask : options.subgraphs?.(name, url)),
      supergraphSdl,
      subgraphLimits,
      requestTimeoutMs,
      planTimeoutMs,
      planBudgetMs,
      relationLimits,
      maxInFlight,
      maxBodyBytes,
      exportLimits,
      admission,
      registeredDocuments: documents && (() => documents.current),
      metrics,
      isTrial: config.isTrial,
      operationsNamed,
      tracing,
      audit: surroundings.audit,
      policies,
      access: access.kind === 'open' ? undefined : { ...access.options, others },
      clientAddressOf: createClientAddress(config.trustedProxies),
      connectionLimits: { perAddress: config.connectionsPerAddress, isProxy },
      writeLimits: { idleMs: config.writeIdleMs },
      graphiql: config.graphiql ? serveGraphiql(access.kind, sessions) : undefined,
    });
    return { gateway, access, isShared: declaresSharing(supergraphSdl) };
  });
  surroundings.gateway = gateway;
  if (!database && gateway.supergraph.subgraphs.some(({ url }) => url === ownAddress)) {
    options.log.info({}, 'Without HUB_DATABASE_URL this gateway knows no API keys and no agreements.');
  }
  opening.defer(() => gateway.stop({ ...stop, graceMs: stop.graceMs * shareOfRequests }));
  const { url } = await explainListening({ port, host }, () => gateway.listen(port, host));
  opening.use(
    supergraph.watch(async (sdl) => {
      // Tokens are read for departments, or for users, as the supergraph was when the gateway started.
      if (config.access !== false && !isShared && declaresSharing(sdl)) {
        throw new Error(
          'It says by @sharing what is for whom, and access control is not by department: start the gateway anew.',
        );
      }
      await gateway.replaceSupergraph(sdl);
    }),
  );
  return { address: url, access, graphiql: await graphiqlAddress(config, access, url) };
}

/** Closed after the gateway, which is opened after it. */
async function openAudit(
  { audit, port }: Config,
  heads: HeadStore | undefined,
  opening: AsyncDisposableStack,
  log: Log,
) {
  if (!heads) {
    const message =
      'Without HUB_DATABASE_URL nothing tells whether the end of the audit log was cut off or replaced while the gateway did not run.';
    log.info({}, message);
  }
  const { key, checkpointEvery, warnBelowBytes, gatewayId: gateway = `${hostname()}-${port}` } = audit;
  const opened = await openAuditLog({
    folder: join(audit.folder, gateway),
    gateway,
    key,
    checkpointEvery,
    warnBelowBytes,
    heads,
    log,
    onCheckpoint: (checkpoint) => log.info({ checkpoint }, 'audit checkpoint'),
  });
  opening.defer(() => opened.close());
  return opened;
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
