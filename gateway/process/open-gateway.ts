import { type DocumentFiles, openDocumentFiles } from '../admission/registered-documents.ts';
import type { Follower } from '../control/follow/follow-changes.ts';
import type { Deliverer } from '../control/webhooks/deliver.ts';
import { createGateway } from '../gateway.ts';
import { type Policies, readPolicies } from '../governance/policies.ts';
import { createHubGraph } from '../graph/hub-graph.ts';
import { assignOwners, readSupergraph } from '../graph/open-graph.ts';
import { serveGraphiql } from '../graphiql/serve-page.ts';
import { type Log, withoutValues } from '../lib/log.ts';
import { pickValues } from '../lib/setting.ts';
import { type GatewayOptions, gatewaySettings } from '../parts.ts';
import { declaresSharing } from '../supergraph/sharing.ts';
import { type AccessMode, graphiqlAddress, openSessions } from './access.ts';
import type { Config } from './config.ts';
import {
  type ControlDatabaseSource,
  type ControlPlane,
  controlAddress,
  controlPlaneWithoutDatabase,
  openControlPlane,
  openHeads,
} from './control-plane.ts';
import { explainListening } from './listening.ts';
import { openAudit } from './open-audit.ts';
import { openSupergraphFile } from './supergraph-file.ts';

/** A gateway that listens. */
export type OpenedGateway = {
  readonly address: string;
  readonly access: AccessMode;
  /** Address of GraphiQL; a one-time link works once; undefined without the page. */
  readonly graphiql: string | undefined;
};

export type OpenOptions = Pick<GatewayOptions, 'subgraphs' | 'readiness' | 'mayExplain'> & {
  readonly accessOf: (supergraphSdl: string) => Promise<AccessMode>;
  /** Control database; undefined for a gateway without one. */
  readonly database: ControlDatabaseSource | undefined;
  readonly log: Log;
};

/** Contents of files that a gateway reads before its supergraph. */
type Files = { readonly documents: DocumentFiles | undefined; readonly policies: Policies };

/** Part of the stop time that is for requests. The rest is for subgraphs and PostgreSQL. */
const shareOfRequests = 0.8;

/** Opens a gateway over the configured supergraph, follows its changes, and listens. */
export async function openGateway(
  config: Config,
  opening: AsyncDisposableStack,
  options: OpenOptions,
): Promise<OpenedGateway> {
  const { log } = options;
  const documents = config.documentsPath ? await openDocumentFiles(config.documentsPath, log) : undefined;
  if (documents) opening.use(documents);
  const files: Files = { documents, policies: await readPolicies(config.policiesFile) };
  const supergraph = openSupergraphFile(config.supergraphFile, config.dataFolder, log);
  const ownedHere = (sdl: string) => assignOwners(sdl, config.owners);
  const { gateway, access, isShared, opened } = await supergraph.open(async (sdl) =>
    openOver(ownedHere(sdl), config, files, options),
  );
  opening.use(opened);
  if (!options.database && gateway.supergraph.subgraphs.some(({ url }) => url === controlAddress)) {
    log.info({}, 'Without HUB_DATABASE_URL this gateway knows no API keys and no agreements.');
  }
  const { port, host } = config;
  const { url } = await explainListening(config, () => gateway.listen(port, host));
  opening.use(
    supergraph.watch(async (sdl) => {
      // The supergraph at the start decides whether tokens name departments or users.
      if (config.access !== false && !isShared && declaresSharing(sdl)) {
        throw new Error('It uses @sharing, and access control is not by department. Restart the gateway.');
      }
      await gateway.replaceSupergraph(ownedHere(sdl));
    }),
  );
  return { address: url, access, graphiql: await graphiqlAddress(config, access, url) };
}

/**
 * Opens the supergraph, the audit log, the control plane and the gateway, each for those after it. Closes all of them
 * when one cannot be opened.
 */
async function openOver(
  supergraphSdl: string,
  config: Config,
  { documents, policies }: Files,
  { accessOf, database, ...options }: OpenOptions,
) {
  const { log } = options;
  await using opening = new AsyncDisposableStack();
  const graph = createHubGraph(readSupergraph(supergraphSdl), withoutValues(log));
  const access = await accessOf(supergraphSdl);

  const isOnRecord = config.audit.isOn ?? access.kind !== 'open';
  const heads = isOnRecord && database ? await openHeads(database, config, opening) : undefined;
  const audit = isOnRecord ? await openAudit(config, heads, opening, log) : undefined;

  const control = database
    ? await openControlPlane(database, graph, audit, config, log)
    : controlPlaneWithoutDatabase(graph, config, log);
  opening.defer(control.close);

  let follower: Follower | undefined;
  let deliverer: Deliverer | undefined;
  const gateway = await createGateway({
    ...options,
    ...pickValues(gatewaySettings, config),
    isTrial: config.isTrial,
    tracing: config.tracing,
    ...optionsOfAccess(config, access, control),
    ...control.options,
    readiness: { ...options.readiness, ...control.readiness },
    subgraphs: (name, url) => (url === controlAddress ? control.ask : options.subgraphs?.(name, url)),
    supergraphSdl,
    graph,
    audit,
    ruleStatus: () => follower?.status() ?? [],
    webhookFigures: () => deliverer?.figures(),
    policies,
    registeredDocuments: documents && (() => documents.current),
  });
  const { noticeMs, graceMs } = config.stop;
  opening.defer(() => gateway.stop({ noticeMs, graceMs: graceMs * shareOfRequests }));
  follower = control.follow?.(graph, gateway.actAsSystem);
  if (follower) opening.defer(follower.close);
  deliverer = control.deliver?.();
  if (deliverer) opening.defer(deliverer.close);
  return { gateway, access, isShared: declaresSharing(supergraphSdl), opened: opening.move() };
}

function optionsOfAccess(config: Config, access: AccessMode, control: ControlPlane) {
  const sessions = openSessions(access);
  const others = [...control.credentials, ...(sessions ? [sessions.verify] : [])];
  return {
    access: access.kind === 'open' ? undefined : { ...access.options, others },
    graphiql: config.graphiql ? serveGraphiql(access.kind, sessions) : undefined,
  };
}
