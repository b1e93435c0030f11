import { memberAddress } from '@wenshu/schema/addresses.ts';
import type { Verify } from '../admission/authenticate.ts';
import type { AuditLog } from '../audit/audit-log.ts';
import type { HeadStore } from '../audit/kept-head.ts';
import type { Peppers } from '../control/peppers.ts';
import type { Gateway, GatewayOptions } from '../gateway.ts';
import type { ReadinessCheck } from '../graph/readiness.ts';
import type { Log } from '../lib/log.ts';
import { memoize } from '../lib/memoize.ts';
import type { Supergraph } from '../supergraph/supergraph.ts';
import type { Subgraph } from '../upstream/subgraph.ts';
import { type Config, callTimeoutOf } from './config.ts';

// What needs databases is imported when it runs: a gateway without keys and agreements loads none of it.

/** The address that the supergraph names for the control plane; it is nowhere but in the gateway. */
export const controlAddress = memberAddress('hub');

/** The database of keys and agreements, and what keys are hashed with. */
export type HubDatabase = { readonly url: string; readonly peppers: Peppers };

/** The part of the graph that the gateway answers itself, and what it gives to its gateway. */
export type ControlPlane = {
  readonly ask: Subgraph;
  /** The kinds of credentials that it knows. */
  readonly credentials: readonly Verify[];
  readonly options: Pick<GatewayOptions, 'agreements' | 'limitsOfCaller' | 'keyUsage'>;
  readonly readiness: Readonly<Record<string, ReadinessCheck>>;
  /** Tells it of the gateway that it is a part of. Nobody asks it before. */
  start(gateway: Pick<Gateway, 'supergraph' | 'places'>): void;
  close(): Promise<void>;
};

/** Finds the database that the configuration of a gateway apart names; undefined where it names none. */
export async function findHubDatabase(config: Config): Promise<HubDatabase | undefined> {
  const { databases } = config;
  if (!databases.adminUrl && !databases.separateUrls.hub) return undefined;
  const [{ subgraphUrl }, { openPeppers }] = await Promise.all([
    import('./databases.ts'),
    import('../control/peppers.ts'),
  ]);
  return { url: subgraphUrl(databases, 'hub'), peppers: await openPeppers(config) };
}

/** Opens what the database keeps of the ends of audit logs, on a connection of its own. */
export async function openHeads(
  { url }: HubDatabase,
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

/** Opens the control plane, whose changes go into the audit log, if there is one. */
export async function openControlPlane(
  database: HubDatabase,
  audit: AuditLog | undefined,
  config: Config,
  log: Log,
): Promise<ControlPlane> {
  const [{ openHub }, { openCatalogue }] = await Promise.all([
    import('../control/open.ts'),
    import('../control/catalogue.ts'),
  ]);
  let gateway: Pick<Gateway, 'supergraph' | 'places'> | undefined;
  const graph = () => {
    if (!gateway) throw new Error('The control plane is asked before its gateway is there.');
    return gateway;
  };
  const catalogueOf = memoize((supergraph: Supergraph) => openCatalogue(supergraph.sdl, () => supergraph));
  const hub = await openHub({
    ...database,
    config,
    catalogue: () => catalogueOf(graph().supergraph),
    places: () => graph().places,
    audit: () => audit,
    auditFolder: config.audit.folder,
    callTimeoutMs: callTimeoutOf(config),
    log,
  });
  const { subgraph, partners, agreements, usage, close } = hub;
  return {
    ask: subgraph.execute,
    credentials: [partners.verify],
    options: { agreements, limitsOfCaller: partners.limitsOf, keyUsage: usage },
    readiness: { hubDatabase: subgraph.ready },
    start: (opened) => {
      gateway = opened;
    },
    close,
  };
}

/** The control plane of a gateway that is told no database of the hub. */
export const withoutControlPlane: ControlPlane = {
  ask: async () => ({
    errors: [
      {
        message: 'This gateway has no keys and agreements: HUB_DATABASE_URL says where they are.',
        extensions: { code: 'SUBGRAPH_UNAVAILABLE' },
      },
    ],
  }),
  credentials: [],
  options: {},
  readiness: {},
  start: () => {},
  close: async () => {},
};
