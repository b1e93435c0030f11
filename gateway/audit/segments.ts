import { constants, fstatSync } from 'node:fs';
import { chmod, type FileHandle, mkdir, open, readdir } from 'node:fs/promises';
import { basename, join } from 'node:path';

/** A file of a log. Its name starts with its first sequence, so that files sort in the order of the chain. */
export type Segment = { readonly file: string; readonly first: number };

const segmentName = (first: number) => `${String(first).padStart(12, '0')}.jsonl`;

/** Lists the files of a chain in their order; empty if the folder does not exist. */
export async function listSegments(folder: string): Promise<readonly Segment[]> {
  const names = await readdir(folder).catch((error) => {
    if (error.code === 'ENOENT') return [];
    throw error;
  });
  return names
    .filter((name) => /^\d{12}\.jsonl$/.test(name))
    .sort()
    .map((name) => ({ file: join(folder, name), first: Number.parseInt(name, 10) }));
}

/** Creates the folder of a chain, or removes other accounts' permissions on it. */
export async function openFolder(folder: string): Promise<void> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  await chmod(folder, 0o700);
  for (const name of await readdir(folder)) await chmod(join(folder, name), ownerOnly);
}

/** The file mode: records are personal data, so only the account of the gateway reads them. */
export const ownerOnly = 0o600;

export type SegmentWriter = {
  /** Appends lines. Resolves when they are durable; if it rejects, the file is, or will be, as it was before. */
  append(lines: Uint8Array, firstSequence: number): Promise<void>;
  /** Starts a new file for the next lines. */
  rotate(): Promise<void>;
  /** The size in bytes of the current file. */
  readonly size: number;
  close(): Promise<void>;
};

/** Creates a writer that continues the file `last`, of which `size` bytes are valid. */
export function writeSegments(
  folder: string,
  last: { readonly file: string; readonly size: number } | undefined,
): SegmentWriter {
  let current = last;
  let handle: FileHandle | undefined;

  async function openAt(file: string, size: number): Promise<FileHandle> {
    // A file that held records and is gone must not come back empty.
    const creates = size === 0 ? constants.O_CREAT : 0;
    const opened = await open(file, appending | creates, ownerOnly);
    try {
      const stat = await opened.stat();
      if (stat.size < size) throw changedByOthers(file);
      // The rest of a failed write may be incomplete.
      if (stat.size > size) await opened.truncate(size);
      if (size === 0) await syncFolder(folder);
      return opened;
    } catch (cause) {
      await opened.close();
      throw cause;
    }
  }

  async function release() {
    const released = handle;
    handle = undefined;
    await released?.close();
  }

  return {
    async append(lines, firstSequence) {
      current ??= { file: join(folder, segmentName(firstSequence)), size: 0 };
      const { file } = current;
      try {
        handle ??= await openAt(file, current.size);
        await writeDown(handle, lines);
        const size = current.size + lines.length;
        // A synchronous call: right after a write it does not block, and a thread would cost more
        // (`tests/bench/audit.ts`).
        const stat = fstatSync(handle.fd);
        if (stat.nlink === 0 || stat.size !== size) throw changedByOthers(file);
        current = { file, size };
      } catch (cause) {
        // After a failed sync the content of the disk is unknown, so the next attempt starts from the certain size.
        await release().catch(() => {});
        throw cause;
      }
    },
    async rotate() {
      await release();
      current = undefined;
    },
    get size() {
      return current?.size ?? 0;
    },
    close: release,
  };
}

/** On Linux O_DSYNC makes a write durable when it returns, which saves the call of `fdatasync` (`tests/bench/audit.ts`). */
const isWriteDurable = process.platform === 'linux';
const appending = constants.O_WRONLY | constants.O_APPEND | (isWriteDurable ? constants.O_DSYNC : 0);

/** Writes bytes. Resolves when they are durable. */
async function writeDown(handle: FileHandle, bytes: Uint8Array): Promise<void> {
  for (let written = 0; written < bytes.length; ) {
    written += (await handle.write(bytes, written)).bytesWritten;
  }
  if (!isWriteDurable) await handle.datasync();
}

const changedByOthers = (file: string) => new Error(`${basename(file)} was changed by somebody else`);

/** Syncs a folder, without which a new file is not durable. */
async function syncFolder(folder: string): Promise<void> {
  await using handle = await open(folder, 'r');
  await handle.sync();
}
