import type { SubgraphOptions } from '@wenshu/kit/subgraph.ts';
import type { Databases } from '@wenshu/migrations/migrate.ts';
import { type SubgraphName, subgraphNames } from '@wenshu/schema/subgraph-sdl.ts';
import { ConfigError } from '../lib/config-error.ts';
import { type Log, logFailuresOf } from '../lib/log.ts';
import { declaresSharing } from '../supergraph/sharing.ts';
import { createHttpSubgraph } from '../upstream/http-subgraph.ts';
import { createLocalSubgraph } from '../upstream/local-subgraph.ts';
import { settleAccess } from './access.ts';
import { type Config, callTimeoutOf } from './config.ts';
import { findControlDatabase } from './control-plane.ts';
import { explainListening } from './listening.ts';
import { readMutualTls } from './mutual-tls.ts';
import { type OpenedGateway, openGateway } from './open-gateway.ts';
import type { Say } from './say.ts';

// Code that needs databases is imported when it runs: a separate gateway loads none of it.

/** A part that runs until it is stopped. */
export interface Running {
  readonly address: string;
  stop(): Promise<void>;
}

export type RunningGateway = Running & OpenedGateway;

/** Starts the gateway, five subgraphs and, unless another is configured, PostgreSQL in this process. */
export async function startHub(config: Config, log: Log, say: Say): Promise<RunningGateway> {
  // First of all, because it may reject.
  const access = await settleAccess(config, true, log);
  const { openPeppers } = await import('../control/peppers.ts');
  const peppers = await openPeppers(config);
  const { openDatabases, prepareHub, subgraphUrl } = await import('./databases.ts');
  await using opening = new AsyncDisposableStack();
  const databases = await openDatabases(config, opening, say);
  await prepareHub(databases, config, say);
  const subgraphs = await Promise.all(
    subgraphNames.map((name) => openSubgraph(name, databases, config, log)),
  );
  for (const subgraph of subgraphs) opening.defer(() => subgraph.close());

  const { address, ...gateway } = await openGateway(config, opening, {
    database: { url: subgraphUrl(databases, 'hub'), peppers },
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
 * Starts a separate gateway over any Federation v2 supergraph, with its subgraphs over HTTP. It has keys and agreements
 * only with a control database.
 */
export async function startGateway(config: Config, log: Log): Promise<RunningGateway> {
  await using opening = new AsyncDisposableStack();
  const database = await findControlDatabase(config);
  const addresses = new Map(Object.entries(config.subgraphAddresses));
  const tls = config.subgraphTls && readMutualTls(config.subgraphTls);
  const { address, ...gateway } = await openGateway(config, opening, {
    database,
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

/** Starts one separate subgraph over HTTP. It answers only a gateway with the same keys. */
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

/** Starts only the embedded PostgreSQL, migrated and loaded, for separate subgraphs. */
export async function startDatabase(config: Config, say: Say): Promise<Running> {
  const { prepareHub, startPostgres } = await import('./databases.ts');
  await using opening = new AsyncDisposableStack();
  const postgres = await startPostgres({ dataFolder: config.dataFolder, say });
  opening.use(postgres);
  await prepareHub({ adminUrl: postgres.url }, config, say);
  return running(new URL(postgres.url).host, opening);
}

const servers = {
  enterprises: async () => (await import('@wenshu/enterprises/server.ts')).enterprisesSubgraph,
  events: async () => (await import('@wenshu/events/server.ts')).eventsSubgraph,
  parks: async () => (await import('@wenshu/parks/server.ts')).parksSubgraph,
  party: async () => (await import('@wenshu/party/server.ts')).partySubgraph,
  policies: async () => (await import('@wenshu/policies/server.ts')).policiesSubgraph,
};

/** The time between two sweeps of a subgraph's workflows. */
const sweepEveryMs = 60_000;

async function openSubgraph(
  name: SubgraphName,
  databases: Databases,
  config: Config,
  log: Log,
  overHttp: Pick<SubgraphOptions, 'keys' | 'tls' | 'onRefused'> = {},
) {
  const { subgraphUrl } = await import('./databases.ts');
  const { readCalendar } = await import('../control/working-days.ts');
  const { readDeadlines } = await import('../control/deadlines.ts');
  const open = await servers[name]();
  return open({
    ...overHttp,
    isTrial: config.isTrial,
    calendar: await readCalendar(config.calendarFile),
    deadlines: await readDeadlines(config.deadlinesFile),
    changesKeptDays: config.changesKeptDays,
    sweepEveryMs,
    url: subgraphUrl(databases, name),
    callTimeoutMs: callTimeoutOf(config),
    onError: logFailuresOf(name, log),
  });
}

/** Returns the opened parts as one, which is closed in reverse order. */
function running(address: string, opening: AsyncDisposableStack): Running {
  const opened = opening.move();
  return { address, stop: () => opened.disposeAsync() };
}
