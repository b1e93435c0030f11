import { statfs } from 'node:fs/promises';
import type { Log } from '../lib/log.ts';

/** How much room the disk of a folder has. */
export type FreeSpace = {
  /** Undefined until the disk has said so, or where it does not. */
  readonly bytes: number | undefined;
  /** Whether there is less than there should be: what can be done without is not written any more. */
  readonly isLow: boolean;
  /** Asks the disk. */
  look(): Promise<void>;
  close(): void;
};

export type FreeSpaceOptions = {
  readonly folder: string;
  readonly warnBelowBytes: number;
  readonly everyMs: number;
  readonly log: Log;
};

/** Looks at the disk now and then, and warns before it is full. */
export function watchFreeSpace({ folder, warnBelowBytes, everyMs, log }: FreeSpaceOptions): FreeSpace {
  let bytes: number | undefined;
  let isLow = false;

  async function look() {
    const found = await statfs(folder).catch(() => undefined);
    bytes = found && found.bavail * found.bsize;
    const wasLow = isLow;
    isLow = bytes !== undefined && bytes < warnBelowBytes;
    if (isLow && !wasLow) log.warn({ bytes, warnBelowBytes }, 'The disk of the audit log is nearly full.');
    if (wasLow && !isLow) log.info({ bytes }, 'The disk of the audit log has room again.');
  }
  const timer = setInterval(look, everyMs).unref();
  return {
    get bytes() {
      return bytes;
    },
    get isLow() {
      return isLow;
    },
    look,
    close: () => clearInterval(timer),
  };
}
