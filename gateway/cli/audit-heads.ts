import { join } from 'node:path';
import { connect } from '@wenshu/kit/connect.ts';
import { openAuditLog } from '../audit/audit-log.ts';
import type { HeadStore } from '../audit/kept-head.ts';
import { headsIn } from '../control/audit-heads.ts';
import type { Config } from '../process/config.ts';
import { consoleLog } from '../process/console-log.ts';
import { subgraphUrl, withDatabases } from '../process/databases.ts';
import type { Say } from '../process/say.ts';

export type AcceptLoss = { readonly gateway: string; readonly by: string; readonly reason: string };

/**
 * Accepts that a log lacks records that the database knows, so that its gateway can start again. Records who accepted
 * it.
 */
export const acceptLoss = (config: Config, { gateway, by, reason }: AcceptLoss, say: Say): Promise<void> =>
  withHeads(config, say, async (heads) => {
    const { folder, key, checkpointEvery } = config.audit;
    const audit = await openAuditLog({
      folder: join(folder, gateway),
      gateway,
      key,
      checkpointEvery,
      log: consoleLog(config.logLevel),
      heads,
      acceptedLoss: { by, reason },
    });
    await audit.close();
    say(`The audit log of ${gateway} continues as it is, accepted by ${by}. The log records this.`);
  });

/** Opens the store of log heads in the control database, and runs `work` with it. */
export const withHeads = <T>(config: Config, say: Say, work: (heads: HeadStore) => Promise<T>): Promise<T> =>
  withDatabases(config, say, async (databases) => {
    const { db, close } = connect({ url: subgraphUrl(databases, 'hub'), maxConnections: 1 });
    try {
      return await work(headsIn(db));
    } finally {
      await close();
    }
  });
