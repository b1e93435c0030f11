import { execFileSync } from 'node:child_process';
import { open, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { createDataFolder } from './data-folder.ts';

export type SmallDisk = AsyncDisposable & {
  readonly path: string;
  /** Fills the disk. */
  fill(): Promise<void>;
  /** Frees the disk. */
  free(): Promise<void>;
};

/** A disk of 256 KiB; undefined where this account may not mount one. */
export async function mountSmallDisk(): Promise<SmallDisk | undefined> {
  const folder = await createDataFolder();
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=256k', 'tmpfs', folder.path], { stdio: 'ignore' });
  } catch {
    await folder[Symbol.asyncDispose]();
    return undefined;
  }
  const filler = join(folder.path, 'filler');
  return {
    path: folder.path,
    async fill() {
      await using handle = await open(filler, 'a');
      const page = Buffer.alloc(4_096);
      try {
        for (;;) await handle.write(page);
      } catch (error) {
        if (!(error instanceof Error && 'code' in error && error.code === 'ENOSPC')) throw error;
      }
    },
    free: () => rm(filler),
    async [Symbol.asyncDispose]() {
      execFileSync('umount', [folder.path]);
      await folder[Symbol.asyncDispose]();
    },
  };
}
