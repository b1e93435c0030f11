import { standardCallTimeoutMs } from '@wenshu/kit/connect.ts';
import { executableSchema, type SubgraphParts } from '@wenshu/kit/executable-schema.ts';
import { createSubgraph, type Subgraph, type SubgraphOptions } from '@wenshu/kit/subgraph.ts';
import { HubError } from '@wenshu/schema/errors.ts';
import { isObjectType } from 'graphql';
import type { WakeOn } from '../request/agency-events.ts';
import type { AskForCaller } from '../request/ask-for-caller.ts';
import { createAskAgencies } from './across/ask-agencies.ts';
import { acrossAgencies } from './across/resolvers.ts';
import type { Catalogue } from './catalogue.ts';
import { metricFields } from './indicator-metrics.ts';
import { agenciesWithEvents, createFeed } from './live/feed.ts';
import { liveFields } from './live/resolvers.ts';
import { catalogueQueries, sharedResolvers } from './resolvers.ts';
import { member } from './server.ts';

export type OptionsWithoutDatabase = Pick<SubgraphOptions, 'onError'> & {
  /** Asks the graph for a caller, for the fields over all agencies. */
  readonly askForCaller: AskForCaller;
  /** Wakes subscriptions by the events of agencies. */
  readonly wakeOn: WakeOn;
  readonly catalogue: () => Catalogue;
  readonly callTimeoutMs?: number | undefined;
};

/**
 * Creates the control plane of a gateway without a control database. It answers what needs none: the fields over all agencies, the
 * catalogue and the labels of enums. Every other field is refused.
 */
export function controlWithoutDatabase({
  askForCaller,
  wakeOn,
  catalogue,
  callTimeoutMs = standardCallTimeoutMs,
  ...options
}: OptionsWithoutDatabase): Subgraph {
  const ask = createAskAgencies(askForCaller, callTimeoutMs);
  const across = acrossAgencies(ask, async () => new Map());
  const others = agenciesWithEvents.filter((each) => each !== member.name);
  const own = {
    ...across,
    Query: { ...across.Query, ...catalogueQueries(catalogue), ...noCorrections },
    Subscription: liveFields({ ask, feed: createFeed(others, wakeOn) }),
    IndicatorMetric: metricFields,
  };
  const parts: SubgraphParts = { shared: { resolvers: sharedResolvers }, own };
  refuseOthers(parts);
  return createSubgraph(member, parts, { ...options, callTimeoutMs, url: noDatabase, maxConnections: 1 });
}

const noPage = {
  edges: [],
  nodes: [],
  pageInfo: { hasNextPage: false, hasPreviousPage: false, startCursor: null, endCursor: null },
};

/** Without a database there are no corrections, so the events and tasks over all workflows lack none. */
const noCorrections = { correctionChanges: () => noPage, correctionTasks: () => noPage };

/** Address of the database that no field of this control plane reads: connections are opened by the first statement. */
const noDatabase = 'postgres://control-database.invalid/none';

/** Lets each field that this control plane cannot answer fail with the reason. */
function refuseOthers(parts: SubgraphParts): void {
  const schema = executableSchema(member, parts);
  for (const typeName of ['Query', 'Mutation', 'Enterprise']) {
    const type = schema.getType(typeName);
    for (const field of isObjectType(type) ? Object.values(type.getFields()) : []) {
      if (!field.resolve && field.name !== 'id') field.resolve = refuse;
    }
  }
}

function refuse(): never {
  throw new HubError(
    'SUBGRAPH_UNAVAILABLE',
    'This gateway has no keys and agreements. Set HUB_DATABASE_URL to their database.',
    { messageZh: '本网关没有密钥与协议。请将 HUB_DATABASE_URL 设为其数据库。' },
  );
}
