import { statfs } from 'node:fs/promises';
import type { Log } from '../lib/log.ts';

/** The free space on the disk of a folder. */
export type FreeSpace = {
  /** The free bytes; undefined until the disk has answered, or if it does not. */
  readonly bytes: number | undefined;
  /** Whether there is too little space, so that minor records are no longer written. */
  readonly isLow: boolean;
  /** Reads the free space now. */
  look(): Promise<void>;
  close(): void;
};

export type FreeSpaceOptions = {
  readonly folder: string;
  readonly warnBelowBytes: number;
  readonly everyMs: number;
  readonly log: Log;
};

/** Reads the free space at intervals, and warns before the disk is full. */
export function watchFreeSpace({ folder, warnBelowBytes, everyMs, log }: FreeSpaceOptions): FreeSpace {
  let bytes: number | undefined;
  let isLow = false;

  async function look() {
    const found = await statfs(folder).catch(() => undefined);
    bytes = found && found.bavail * found.bsize;
    const wasLow = isLow;
    isLow = bytes !== undefined && bytes < warnBelowBytes;
    if (isLow && !wasLow) log.warn({ bytes, warnBelowBytes }, 'The disk of the audit log is nearly full.');
    if (wasLow && !isLow) log.info({ bytes }, 'The disk of the audit log has enough free space again.');
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
