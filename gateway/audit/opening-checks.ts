import type { KeyObject } from 'node:crypto';
import { stat } from 'node:fs/promises';
import { basename } from 'node:path';
import type { Log } from '../lib/log.ts';
import type { Receipt } from './chain.ts';
import { isSigned } from './checkpoint.ts';
import { type HeadStore, refuteLog } from './kept-head.ts';
import type { Entry } from './record.ts';
import type { Recovered } from './recover.ts';
import { type KeyFile, publicKeyText } from './signing-key.ts';

/** What is known of a log before it is opened. */
export type OpeningOptions = {
  /** The folder of the chain of this gateway alone. */
  readonly folder: string;
  readonly gateway: string;
  readonly key: KeyFile;
  readonly log: Log;
  /**
   * The store that keeps the head of the chain, so that a cut or replaced tail is noticed. Undefined: the head is not
   * kept.
   */
  readonly heads?: HeadStore | undefined;
  /** An operator's statement that a log with missing records may be continued. */
  readonly acceptedLoss?: AcceptedLoss | undefined;
};

export type AcceptedLoss = { readonly by: string; readonly reason: string };

/** Whether a log, as it was found, has all that is known to be written. */
export type Compared = {
  /** Why records are missing from the log. */
  readonly refutation?: string | undefined;
  /** Whether the store of heads did not answer. */
  readonly isUnknown?: boolean;
  readonly cause?: unknown;
  readonly kept?: Receipt | undefined;
};

/** Checks that a recovered log may be continued. Rejects if it is foreign, or lacks records without an accepted loss. */
export async function checkRecovered(
  recovered: Recovered,
  key: KeyObject,
  options: OpeningOptions,
): Promise<Compared> {
  const { log, acceptedLoss } = options;
  await warnOfReaders(options.key, log);
  refuseForeign(recovered, key, options);
  if (recovered.torn) {
    log.warn(
      recovered.torn,
      'The audit log ended in the middle of a record, which was moved into a file of its own.',
    );
  }
  const found = await compareHead(options, recovered.head);
  if (found.isUnknown) {
    log.warn(
      { cause: found.cause },
      'The database of the hub does not answer yet where the audit log ended.',
    );
  }
  if (found.refutation && !acceptedLoss) throw new Error(lossOf(found.refutation, options));
  if (acceptedLoss && !found.refutation) {
    throw new Error('The audit log has every record that is known to be written.');
  }
  return found;
}

/** Compares the head of a log, as it was found, with the head that the store keeps. */
export async function compareHead(
  { heads, gateway, folder }: OpeningOptions,
  head: Receipt,
): Promise<Compared> {
  if (!heads) return {};
  let kept: Receipt | undefined;
  try {
    kept = await heads.find(gateway);
  } catch (cause) {
    return { isUnknown: true, cause };
  }
  return { kept, refutation: await refuteLog(folder, head, kept) };
}

const lossOf = (refutation: string, { folder, gateway }: OpeningOptions) =>
  `The audit log in ${folder} lacks what was written: ${refutation}. Find out who could change its files, and keep them as ` +
  `evidence. "wenshu audit accept-loss --gateway ${gateway} --by NAME --reason TEXT" continues it as it is and records this.`;

/** Returns the entries that a chain records when its gateway starts. */
export function openingEntries(
  { last, torn, head, isClosed }: Recovered,
  key: KeyObject,
  { refutation, kept }: Compared,
  acceptedLoss: AcceptedLoss | undefined,
): readonly Entry[] {
  const entries: Entry[] = last ? [] : [{ kind: 'genesis', publicKey: publicKeyText(key) }];
  const since = last?.time ?? new Date().toISOString();
  if (!isClosed || torn) {
    const unsigned = head.unsigned.length;
    const reason = [
      'the gateway was ended without closing the log',
      unsigned > 0
        ? `records ${head.sequence - unsigned + 1} to ${head.sequence} were not signed by then`
        : '',
      kept && unsigned > 0 ? `the database of the hub knew record ${kept.sequence}` : '',
      torn ? `${torn.bytes} bytes of one more are kept in ${basename(torn.keptIn)}` : '',
    ];
    entries.push({
      kind: 'interruption',
      since,
      reason: reason.filter((part) => part !== '').join('; '),
      lost: null,
    });
  }
  if (acceptedLoss) {
    const lost = kept && kept.sequence > head.sequence ? kept.sequence - head.sequence : null;
    const reason = `${acceptedLoss.by} accepts that ${refutation}: ${acceptedLoss.reason}`;
    entries.push({ kind: 'interruption', since, reason, lost });
  }
  return entries;
}

async function warnOfReaders({ file }: KeyFile, log: Log) {
  const { mode } = await stat(file);
  if (mode & 0o077)
    log.warn({ file }, 'Other accounts can read the key of the audit log. Run chmod 600 on its file.');
}

function refuseForeign({ last, witness }: Recovered, key: KeyObject, { gateway, folder }: OpeningOptions) {
  if (last && last.gateway !== gateway) {
    throw new Error(
      `The audit log in ${folder} belongs to the gateway ${last.gateway}, and this gateway is ${gateway}. ` +
        'Set GATEWAY_ID or AUDIT_FOLDER so that each gateway has its own.',
    );
  }
  const isOwn =
    witness === undefined ||
    (witness.kind === 'genesis' ? witness.publicKey === publicKeyText(key) : isSigned(witness, key));
  if (isOwn) return;
  throw new Error(
    `The audit log in ${folder} is signed with another key than that of AUDIT_KEY. Give that key, or move the ` +
      'folder away to begin a new chain.',
  );
}
