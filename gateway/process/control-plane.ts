import { memberAddress } from '@wenshu/schema/addresses.ts';
import type { Verify } from '../admission/authenticate.ts';
import type { AuditLog } from '../audit/audit-log.ts';
import type { HeadStore } from '../audit/kept-head.ts';
import type { Follower } from '../control/follow/follow-changes.ts';
import { rules } from '../control/follow/rules.ts';
import type { Peppers } from '../control/peppers.ts';
import type { Deliverer } from '../control/webhooks/deliver.ts';
import type { HubGraph } from '../graph/hub-graph.ts';
import { followEventsIn, readEventsIn } from '../graph/read-events.ts';
import type { ReadinessCheck } from '../graph/readiness.ts';
import { wakeOnEvents } from '../graph/wake-on-events.ts';
import { type Log, logFailuresOf } from '../lib/log.ts';
import { memoize } from '../lib/memoize.ts';
import type { GatewayOptions } from '../parts.ts';
import type { ActAsSystem } from '../response/act-as-system.ts';
import type { Supergraph } from '../supergraph/supergraph.ts';
import { createLocalSubgraph } from '../upstream/local-subgraph.ts';
import type { Subgraph } from '../upstream/subgraph.ts';
import { isForTrial } from './access.ts';
import { type Config, callTimeoutOf } from './config.ts';

// Code that needs databases is imported when it runs: a gateway without keys and agreements loads none of it.

/** Address of the control plane in the supergraph. It exists only inside the gateway. */
export const controlAddress = memberAddress('control');

/** Database of keys and agreements, and the peppers of keys. */
export type ControlDatabaseSource = { readonly url: string; readonly peppers: Peppers };

/** The subgraph that the gateway answers itself, and what it provides to its gateway. */
export type ControlPlane = {
  readonly ask: Subgraph;
  /** Kinds of credentials that it verifies. */
  readonly credentials: readonly Verify[];
  readonly options: Pick<GatewayOptions, 'agreements' | 'limitsOfCaller' | 'keyUsage'>;
  readonly readiness: Readonly<Record<string, ReadinessCheck>>;
  /** Starts to carry out what follows in one agency from a step in another; undefined without a control database. */
  follow?(graph: HubGraph, actAsSystem: ActAsSystem): Follower;
  /** Starts to deliver webhooks; undefined without a control database. */
  deliver?(): Deliverer;
  close(): Promise<void>;
};

/** Finds the control database in the configuration of a separate gateway; undefined without one. */
export async function findControlDatabase(config: Config): Promise<ControlDatabaseSource | undefined> {
  const { databases } = config;
  if (!databases.adminUrl && !databases.separateUrls.hub) return undefined;
  const [{ subgraphUrl }, { openPeppers }] = await Promise.all([
    import('./databases.ts'),
    import('../control/peppers.ts'),
  ]);
  return { url: subgraphUrl(databases, 'hub'), peppers: await openPeppers(config) };
}

/** Opens the store of audit log heads, on its own connection. */
export async function openHeads(
  { url }: ControlDatabaseSource,
  config: Config,
  opening: AsyncDisposableStack,
): Promise<HeadStore> {
  const [{ connect }, { headsIn }] = await Promise.all([
    import('@wenshu/kit/connect.ts'),
    import('../control/audit-heads.ts'),
  ]);
  const { db, close } = connect({ url, maxConnections: 1, callTimeoutMs: callTimeoutOf(config) });
  opening.defer(close);
  return headsIn(db);
}

/** Opens the control plane of a graph. Its changes are recorded in the audit log, if there is one. */
export async function openControlPlane(
  source: ControlDatabaseSource,
  graph: HubGraph,
  audit: AuditLog | undefined,
  config: Config,
  log: Log,
): Promise<ControlPlane> {
  const [{ openControlDatabase }, { openCatalogue }] = await Promise.all([
    import('../control/open.ts'),
    import('../control/catalogue.ts'),
  ]);
  const catalogueOf = memoize((supergraph: Supergraph) => openCatalogue(supergraph.sdl, () => supergraph));
  const wakeOn = wakeOnEvents(followEventsIn(graph.graphs));
  const database = await openControlDatabase({
    ...source,
    config,
    catalogue: () => catalogueOf(graph.supergraph),
    places: graph.places,
    askForCaller: graph.askForCaller,
    wakeOn,
    audit,
    auditFolder: config.audit.folder,
    isForTrial: isForTrial(config),
    callTimeoutMs: callTimeoutOf(config),
    log,
  });
  const { subgraph, partners, agreements, usage, follow, deliver, close } = database;
  return {
    ask: createLocalSubgraph({ ...subgraph, openSnapshot: undefined }),
    credentials: [partners.verify],
    options: { agreements, limitsOfCaller: partners.limitsOf, keyUsage: usage },
    readiness: { hubDatabase: subgraph.ready },
    follow: ({ graphs, ask }, act) =>
      follow({
        rules,
        readEvents: readEventsIn(graphs),
        wakeOn,
        ask,
        act,
      }),
    deliver: () => deliver(),
    close,
  };
}

/** Creates the control plane of a gateway without a control database. It opens when a caller asks it. */
export function controlPlaneWithoutDatabase(graph: HubGraph, config: Config, log: Log): ControlPlane {
  const open = async () => {
    const [{ controlWithoutDatabase }, { openCatalogue }] = await Promise.all([
      import('../control/without-database.ts'),
      import('../control/catalogue.ts'),
    ]);
    const catalogueOf = memoize((supergraph: Supergraph) => openCatalogue(supergraph.sdl, () => supergraph));
    return controlWithoutDatabase({
      catalogue: () => catalogueOf(graph.supergraph),
      askForCaller: graph.askForCaller,
      wakeOn: wakeOnEvents(followEventsIn(graph.graphs)),
      callTimeoutMs: callTimeoutOf(config),
      onError: logFailuresOf('control', log),
    });
  };
  let opened: ReturnType<typeof open> | undefined;
  const whenOpen = () => {
    opened ??= open();
    return opened;
  };
  return {
    ask: createLocalSubgraph({
      name: 'control',
      execute: async (request, context) => (await whenOpen()).execute(request, context),
      async *openStream(request, context) {
        yield* (await whenOpen()).openStream(request, context);
      },
    }),
    credentials: [],
    options: {},
    readiness: {},
    close: async () => (await opened)?.close(),
  };
}
