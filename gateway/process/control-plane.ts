import { memberAddress } from '@wenshu/schema/addresses.ts';
import type { Verify } from '../admission/authenticate.ts';
import type { AuditLog } from '../audit/audit-log.ts';
import type { HeadStore } from '../audit/kept-head.ts';
import type { Catalogue } from '../control/catalogue.ts';
import type { Peppers } from '../control/peppers.ts';
import type { Gateway, GatewayOptions } from '../gateway.ts';
import type { Places } from '../governance/places.ts';
import type { ReadinessCheck } from '../graph/readiness.ts';
import type { Log } from '../lib/log.ts';
import type { Subgraph } from '../upstream/subgraph.ts';
import { type Config, callTimeoutOf } from './config.ts';

// What needs databases is imported when it runs: a gateway without keys and agreements loads none of it.

/** Where the supergraph says that the hub's own part is: nowhere but in the gateway. */
export const ownAddress = memberAddress('hub');

/** Where keys and agreements are, and what keys are hashed with. */
export type HubDatabase = { readonly url: string; readonly peppers: Peppers };

/** The hub's own part of the graph, and what it gives to its gateway. */
export type OwnPart = {
  readonly ask: Subgraph;
  /** Kinds of credentials that it knows. */
  readonly credentials: readonly Verify[];
  readonly options: Pick<GatewayOptions, 'agreements' | 'limitsOfCaller' | 'keyUsage'>;
  readonly readiness: Readonly<Record<string, ReadinessCheck>>;
  /** Where the end of the audit log is kept; undefined without a database. */
  readonly heads: HeadStore | undefined;
  close(): Promise<void>;
};

/** What it is told of its gateway, which is opened after it. */
export type Surroundings = { gateway?: Gateway; audit?: AuditLog | undefined };

/** As configured, for a gateway apart; undefined where nothing is. */
export async function findHubDatabase(config: Config): Promise<HubDatabase | undefined> {
  const { databases } = config;
  if (!databases.adminUrl && !databases.separateUrls?.hub) return undefined;
  const [{ subgraphUrl }, { openPeppers }] = await Promise.all([
    import('./databases.ts'),
    import('../control/peppers.ts'),
  ]);
  return { url: subgraphUrl(databases, 'hub'), peppers: await openPeppers(config) };
}

export async function openOwnPart(
  database: HubDatabase,
  surroundings: Surroundings,
  config: Config,
  log: Log,
): Promise<OwnPart> {
  const [{ openHub }, { openCatalogue }] = await Promise.all([
    import('../control/open.ts'),
    import('../control/catalogue.ts'),
  ]);
  let known: { readonly sdl: string; readonly catalogue: Catalogue } | undefined;
  const catalogue = () => {
    const supergraph = surroundings.gateway?.supergraph;
    const sdl = supergraph?.sdl ?? '';
    if (known?.sdl !== sdl) known = { sdl, catalogue: openCatalogue(sdl, supergraph && (() => supergraph)) };
    return known.catalogue;
  };
  const hub = await openHub({
    ...database,
    config,
    catalogue,
    places: () => surroundings.gateway?.places ?? nowhere,
    audit: () => surroundings.audit,
    auditFolder: config.audit.folder,
    callTimeoutMs: callTimeoutOf(config),
    log,
  });
  const { subgraph, partners, agreements, usage, heads, close } = hub;
  return {
    ask: subgraph.execute,
    credentials: [partners.verify],
    options: { agreements, limitsOfCaller: partners.limitsOf, keyUsage: usage },
    readiness: { hubDatabase: subgraph.ready },
    heads,
    close,
  };
}

/** Before the gateway is there. */
const nowhere: Places = {
  isRegion: () => undefined,
  isWithin: () => false,
  regionOfEnterprise: async () => undefined,
};

/** Of a gateway that is told no database of the hub. */
export const withoutOwnPart: OwnPart = {
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
  heads: undefined,
  close: async () => {},
};
