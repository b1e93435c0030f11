import { connect } from '@wenshu/kit/connect.ts';
import type { Subgraph } from '@wenshu/kit/subgraph.ts';
import type { RateLimits } from '../admission/rate-limit.ts';
import type { AuditLog } from '../audit/audit-log.ts';
import type { Agreements } from '../governance/agreements.ts';
import type { Places } from '../governance/places.ts';
import { type Log, logFailuresOf, withoutValues } from '../lib/log.ts';
import { type AgreementLimits, listGrants } from './agreements.ts';
import { openTrail } from './audit-trail.ts';
import type { Catalogue } from './catalogue.ts';
import { listenForChanges } from './changes.ts';
import { collectKeyUsage, type KeyUsage } from './key-usage.ts';
import { findKey, listIds, rehashKey } from './keys.ts';
import { createPartners, type Partners } from './partners.ts';
import type { Peppers } from './peppers.ts';
import { recordIn } from './record-change.ts';
import { sealWith } from './sealed-cursor.ts';
import { hubSubgraph } from './server.ts';
import { watchAgreements } from './watch-agreements.ts';
import { readCalendar } from './working-days.ts';

/** What a gateway knows from the hub's own database. */
export type Hub = {
  readonly subgraph: Subgraph;
  readonly partners: Partners;
  readonly agreements: Agreements;
  readonly usage: KeyUsage;
  close(): Promise<void>;
};

/** What an operator settles of keys and agreements. */
export type ControlSettings = {
  readonly agreementLimits: AgreementLimits;
  /** What a key may be given at most. */
  readonly keyCeilings: RateLimits;
  /** The calendar of working days; undefined for the one that comes with the hub. */
  readonly calendarFile: string | undefined;
};

export type HubOptions = {
  /** Address of the hub's own database. */
  readonly url: string;
  readonly peppers: Peppers;
  readonly config: ControlSettings;
  /** The catalogue of the graph as it is now. */
  readonly catalogue: () => Catalogue;
  /** Where things are, in that graph. */
  readonly places: () => Places;
  /** Where changes of keys and agreements are put on record; undefined where the gateway keeps no log. */
  readonly audit: () => AuditLog | undefined;
  /** Where the logs of gateways are that can be read over the graph. */
  readonly auditFolder: string;
  /** How long a call to the hub's own part may take there. */
  readonly callTimeoutMs?: number | undefined;
  readonly log: Log;
};

/** For the gateway's own questions; those of callers go through the subgraph's connections. */
const maxConnections = 4;

export async function openHub(options: HubOptions): Promise<Hub> {
  const { url, peppers, config, catalogue, places, audit, auditFolder, callTimeoutMs } = options;
  const log = withoutValues(options.log);
  await using opening = new AsyncDisposableStack();
  const calendar = await readCalendar(config.calendarFile);

  const { db, close } = connect({ url, maxConnections, callTimeoutMs });
  opening.defer(close);
  const changes = listenForChanges(url, log);
  opening.defer(() => changes.close());
  const agreements = await watchAgreements(() => listGrants(db), changes, log);
  opening.defer(() => agreements.close());
  const usage = collectKeyUsage(db, log);
  opening.defer(() => usage.close());
  const subgraph = hubSubgraph({
    url,
    callTimeoutMs,
    peppers,
    catalogue,
    places,
    ceilings: config.keyCeilings,
    settle: async (changed) => {
      for (const each of changed) changes.announce(each);
      if (changed.some(({ table }) => table === 'agreements')) await agreements.reread();
    },
    record: recordIn(audit),
    trail: openTrail(auditFolder, sealWith(peppers.secretFor('cursors of the audit log'))),
    limits: config.agreementLimits,
    calendar,
    onError: logFailuresOf('hub', log),
  });
  opening.defer(() => subgraph.close());

  const opened = opening.move();
  return {
    subgraph,
    partners: createPartners({
      store: {
        find: (id) => findKey(db, id),
        listIds: () => listIds(db),
        rehash: (row, key) => rehashKey(db, peppers, row, key),
      },
      changes,
      peppers,
      ceilings: config.keyCeilings,
      log,
    }),
    agreements,
    usage,
    close: () => opened.disposeAsync(),
  };
}
