import { openAuditLog } from '@wenshu/gateway/audit/audit-log.ts';
import { silent } from '@wenshu/gateway/lib/log.ts';
import { anAnswer } from './audit.ts';

// A process that puts records on record as fast as it can, from 50 callers, until it is killed. Each line that it
// prints is a receipt that somebody may have relied on.
const [folder = '', file = ''] = process.argv.slice(2);
const log = await openAuditLog({
  folder,
  gateway: 'g1',
  key: { file, isMade: true },
  log: silent,
  segmentBytes: 65_536,
});

async function appendForEver(caller: number) {
  for (let bytes = caller; ; bytes += 50) {
    const { sequence, hash } = await log.append(anAnswer({ bytes }));
    process.stdout.write(`${sequence} ${hash} ${bytes}\n`);
  }
}
await Promise.all(Array.from({ length: 50 }, (_, caller) => appendForEver(caller)));
