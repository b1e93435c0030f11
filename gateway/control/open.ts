import { connect, standardCallTimeoutMs } from '@wenshu/kit/connect.ts';
import type { Subgraph } from '@wenshu/kit/subgraph.ts';
import type { RateLimits } from '../admission/rate-limit.ts';
import type { AuditLog } from '../audit/audit-log.ts';
import type { Agreements } from '../governance/agreements.ts';
import type { Places } from '../governance/places.ts';
import { type Log, logFailuresOf, withoutValues } from '../lib/log.ts';
import type { WakeOn } from '../request/agency-events.ts';
import type { AskForCaller } from '../request/ask-for-caller.ts';
import { createAskAgencies } from './across/ask-agencies.ts';
import { type AgreementLimits, listGrants } from './agreements.ts';
import { openTrail } from './audit-trail.ts';
import type { Catalogue } from './catalogue.ts';
import { listenForChanges } from './changes.ts';
import { type Follower, type FollowOptions, followChanges } from './follow/follow-changes.ts';
import { collectKeyUsage, type KeyUsage } from './key-usage.ts';
import { findKey, listIds, rehashKey } from './keys.ts';
import { agenciesWithEvents, createFeed } from './live/feed.ts';
import { createPartners, type Partners } from './partners.ts';
import type { Peppers } from './peppers.ts';
import { recordIn } from './record-change.ts';
import { sealWith } from './sealed-cursor.ts';
import { controlSubgraph } from './server.ts';
import { bringTrialAgreements, endTrialAgreements } from './trial-agreements.ts';
import { watchAgreements } from './watch-agreements.ts';
import type { Deliverer } from './webhooks/deliver.ts';
import { type DeliveryOptions, openDeliverer, type WebhookSettings } from './webhooks/open-deliverer.ts';
import { createWebhookSecrets } from './webhooks/secrets.ts';
import { readCalendar } from './working-days.ts';

/** The open control database with the subgraph, keys and agreements that rest on it. */
export type ControlDatabase = {
  readonly subgraph: Subgraph;
  readonly partners: Partners;
  readonly agreements: Agreements;
  readonly usage: KeyUsage;
  /** Starts to carry out rules. The returned follower is closed before the database. */
  follow(options: Omit<FollowOptions, 'db' | 'log'>): Follower;
  /** Starts to deliver webhooks. The returned deliverer is closed before the database. */
  deliver(options?: DeliveryOptions): Deliverer;
  close(): Promise<void>;
};

/** Settings of keys, agreements and webhooks. */
export type ControlSettings = {
  readonly webhooks: WebhookSettings;
  /** Days for which events are kept, and the deliveries of webhooks with them. */
  readonly changesKeptDays: number;
  readonly agreementLimits: AgreementLimits;
  /** Maximum limits of a key. */
  readonly keyCeilings: RateLimits;
  /** Calendar file of working days; undefined for the calendar that comes with the hub. */
  readonly calendarFile: string | undefined;
};

export type ControlDatabaseOptions = {
  /** URL of the control database. */
  readonly url: string;
  readonly peppers: Peppers;
  readonly config: ControlSettings;
  /** Returns the catalogue of the current graph. */
  readonly catalogue: () => Catalogue;
  readonly places: Places;
  /** True if the hub is for trial: it brings agreements of its own. Another hub ends those that it finds. */
  readonly isForTrial?: boolean | undefined;
  /** Asks the graph for a caller, for the fields over all agencies. */
  readonly askForCaller: AskForCaller;
  /** Wakes subscriptions by the events of agencies. */
  readonly wakeOn: WakeOn;
  /** The log that records changes of keys and agreements; undefined when the gateway keeps no log. */
  readonly audit: AuditLog | undefined;
  /** Folder of the logs that can be read over the graph. */
  readonly auditFolder: string;
  /** Timeout of a call to the control plane, in milliseconds. */
  readonly callTimeoutMs?: number | undefined;
  /** Time between two writes of the usage of keys, in milliseconds. Default: five seconds. */
  readonly usageEveryMs?: number | undefined;
  /** Current time by which keys expire, in milliseconds since 1970. Default: `Date.now`. */
  readonly now?: (() => number) | undefined;
  readonly log: Log;
};

/** Connections for the gateway's own queries. Callers' queries use the connections of the subgraph. */
const maxConnections = 4;

export async function openControlDatabase(options: ControlDatabaseOptions): Promise<ControlDatabase> {
  const {
    url,
    peppers,
    config,
    catalogue,
    places,
    askForCaller,
    wakeOn,
    audit,
    auditFolder,
    callTimeoutMs,
    isForTrial,
  } = options;
  const log = withoutValues(options.log);
  await using opening = new AsyncDisposableStack();
  const calendar = await readCalendar(config.calendarFile);

  const { db, close } = connect({ url, maxConnections, callTimeoutMs });
  opening.defer(close);
  const record = recordIn(audit);
  await (isForTrial ? bringTrialAgreements(db, catalogue(), record) : endTrialAgreements(db, record));
  const changes = listenForChanges(url, log);
  opening.defer(() => changes.close());
  const agreements = await watchAgreements(() => listGrants(db), changes, log);
  opening.defer(() => agreements.close());
  const ask = createAskAgencies(askForCaller, callTimeoutMs ?? standardCallTimeoutMs);
  const secrets = createWebhookSecrets(peppers);
  const usage = collectKeyUsage(db, log, options.usageEveryMs);
  opening.defer(() => usage.close());
  const subgraph = controlSubgraph({
    url,
    callTimeoutMs,
    peppers,
    catalogue,
    places,
    ask,
    webhooks: { ...config.webhooks, secrets, places, ask },
    feed: createFeed(agenciesWithEvents, wakeOn),
    ceilings: config.keyCeilings,
    settle: async (changed) => {
      for (const each of changed) changes.announce(each);
      if (changed.some(({ table }) => table === 'agreements')) await agreements.reread();
    },
    record,
    trail: openTrail(auditFolder, sealWith(peppers.secretFor('cursors of the audit log'))),
    limits: config.agreementLimits,
    calendar,
    onError: logFailuresOf('control', log),
  });
  opening.defer(() => subgraph.close());

  const partners = createPartners({
    store: {
      find: (id) => findKey(db, id),
      listIds: () => listIds(db),
      rehash: (row, key) => rehashKey(db, peppers, row, key),
    },
    changes,
    peppers,
    ceilings: config.keyCeilings,
    now: options.now,
    log,
  });

  const opened = opening.move();
  return {
    subgraph,
    partners,
    agreements,
    usage,
    follow: (following) => followChanges({ ...following, db, log }),
    deliver: (given = {}) =>
      openDeliverer(
        {
          ...{ db, ask, secrets, audit, changes, wakeOn, log },
          findPartner: partners.callerOf,
          keptDays: config.changesKeptDays,
          settings: config.webhooks,
        },
        given,
      ),
    close: () => opened.disposeAsync(),
  };
}
