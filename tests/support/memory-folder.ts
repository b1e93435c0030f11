import { accessSync, constants, statfsSync } from 'node:fs';

/** Room for the databases of a run, with a large reserve. */
const neededBytes = 2 * 1_024 ** 3;

/** Returns a folder whose files are in memory; undefined where there is none with enough room. */
export function findMemoryFolder(folder = '/dev/shm'): string | undefined {
  try {
    accessSync(folder, constants.W_OK);
    const { bavail, bsize } = statfsSync(folder);
    return bavail * bsize >= neededBytes ? folder : undefined;
  } catch {
    return undefined;
  }
}
