import { connect } from '@wenshu/kit/database.ts';
import type { Subgraph } from '@wenshu/kit/subgraph.ts';
import { createPartners, type Partners } from '../admission/partners.ts';
import type { AuditLog } from '../audit/audit-log.ts';
import type { HeadStore } from '../audit/kept-head.ts';
import type { Config } from '../config.ts';
import type { Agreements } from '../governance/agreements.ts';
import { watchAgreements } from '../governance/watch-agreements.ts';
import type { Log } from '../log.ts';
import { listGrants } from './agreements.ts';
import { headsIn } from './audit-heads.ts';
import { openTrail } from './audit-trail.ts';
import type { Catalogue } from './catalogue.ts';
import { listenForChanges } from './changes.ts';
import { collectKeyUsage, type KeyUsage } from './key-usage.ts';
import { findKey, rehashKey } from './keys.ts';
import type { Peppers } from './peppers.ts';
import { recordIn } from './record-change.ts';
import { sealWith } from './sealed-cursor.ts';
import { hubSubgraph } from './server.ts';
import { readCalendar } from './working-days.ts';

/** What a gateway knows from the hub's own database. */
export type Hub = {
  readonly subgraph: Subgraph;
  readonly partners: Partners;
  readonly agreements: Agreements;
  readonly usage: KeyUsage;
  readonly heads: HeadStore;
  close(): Promise<void>;
};

export type HubOptions = {
  /** Address of the hub's own database. */
  readonly url: string;
  readonly peppers: Peppers;
  readonly config: Pick<Config, 'agreementLimits' | 'calendarFile'>;
  /** The catalogue of the graph as it is now. */
  readonly catalogue: () => Catalogue;
  /** Where changes of keys and agreements are put on record; undefined where the gateway keeps no log. */
  readonly audit: () => AuditLog | undefined;
  /** Where the logs of gateways are that can be read over the graph. */
  readonly auditFolder: string;
  readonly log: Log;
};

/** For the gateway's own questions; those of callers go through the subgraph's connections. */
const maxConnections = 4;

export async function openHub(options: HubOptions): Promise<Hub> {
  const { url, peppers, config, catalogue, audit, auditFolder, log } = options;
  await using opening = new AsyncDisposableStack();
  const calendar = await readCalendar(config.calendarFile);

  const { db, close } = connect({ url, maxConnections });
  opening.defer(close);
  const changes = listenForChanges(url, log);
  opening.defer(() => changes.close());
  const agreements = await watchAgreements(() => listGrants(db), changes, log);
  opening.defer(() => agreements.close());
  const usage = collectKeyUsage(db, log);
  opening.defer(() => usage.close());
  const subgraph = hubSubgraph({
    url,
    peppers,
    catalogue,
    record: recordIn(audit),
    trail: openTrail(auditFolder, sealWith(peppers.secretFor('cursors of the audit log'))),
    limits: config.agreementLimits,
    calendar,
    onError: (cause) => log.error({ subgraph: 'hub', cause }, 'A subgraph failed to answer.'),
  });
  opening.defer(() => subgraph.close());

  const opened = opening.move();
  return {
    subgraph,
    partners: createPartners({
      store: {
        find: (id) => findKey(db, id),
        rehash: (row, key) => rehashKey(db, peppers, row, key),
      },
      changes,
      peppers,
      log,
    }),
    agreements,
    usage,
    heads: headsIn(db),
    close: () => opened.disposeAsync(),
  };
}
