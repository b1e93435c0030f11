import { hostname } from 'node:os';
import { join } from 'node:path';
import { type AuditLog, openAuditLog } from '../audit/audit-log.ts';
import type { HeadStore } from '../audit/kept-head.ts';
import type { Log } from '../lib/log.ts';
import type { Config } from './config.ts';

/** Opens the audit log of this gateway. `heads` is undefined when no database keeps the head of the log. */
export async function openAudit(
  { audit, port }: Config,
  heads: HeadStore | undefined,
  opening: AsyncDisposableStack,
  log: Log,
): Promise<AuditLog> {
  if (!heads) {
    const message =
      'Without HUB_DATABASE_URL, the gateway cannot find out if the end of the audit log was cut off or replaced while it did not run.';
    log.info({}, message);
  }
  const { key, checkpointEvery, warnBelowBytes, gatewayId: gateway = `${hostname()}-${port}` } = audit;
  const opened = await openAuditLog({
    folder: join(audit.folder, gateway),
    gateway,
    key,
    checkpointEvery,
    warnBelowBytes,
    heads,
    log,
    onCheckpoint: (checkpoint) => log.info({ checkpoint }, 'audit checkpoint'),
  });
  opening.defer(() => opened.close());
  return opened;
}
