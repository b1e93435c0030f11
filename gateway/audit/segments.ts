import { constants, fstatSync } from 'node:fs';
import { chmod, type FileHandle, mkdir, open, readdir } from 'node:fs/promises';
import { basename, join } from 'node:path';

/** A file of a log. Their names say where each begins, so that they sort as the chain goes. */
export type Segment = { readonly file: string; readonly first: number };

const segmentName = (first: number) => `${String(first).padStart(12, '0')}.jsonl`;

/** The files of a chain in their order; none where there is no such folder. */
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

/** Makes the folder of a chain, or takes from others what they could do with it. */
export async function openFolder(folder: string): Promise<void> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  await chmod(folder, 0o700);
  for (const name of await readdir(folder)) await chmod(join(folder, name), ownerOnly);
}

/** Records say who did what: only the account of the gateway reads them. */
export const ownerOnly = 0o600;

export type SegmentWriter = {
  /** Resolves when the lines are on the disk for good; where it rejects, the file is as it was before, or will be. */
  append(lines: Uint8Array, firstSequence: number): Promise<void>;
  /** What comes next goes into a file of its own. */
  rotate(): Promise<void>;
  /** Bytes in the file that is written. */
  readonly size: number;
  close(): Promise<void>;
};

/** Writes on in the file `last`, of which `size` bytes are good. */
export function writeSegments(
  folder: string,
  last: { readonly file: string; readonly size: number } | undefined,
): SegmentWriter {
  let current = last;
  let handle: FileHandle | undefined;

  async function openAt(file: string, size: number): Promise<FileHandle> {
    // One that holds records and is gone must not come back empty.
    const creates = size === 0 ? constants.O_CREAT : 0;
    const opened = await open(file, appending | creates, ownerOnly);
    try {
      const stat = await opened.stat();
      if (stat.size < size) throw changedByOthers(file);
      // What a write that failed has left is not known to be whole.
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
        // At once: a disk that has just written does not keep anybody waiting, and a thread would.
        const stat = fstatSync(handle.fd);
        if (stat.nlink === 0 || stat.size !== size) throw changedByOthers(file);
        current = { file, size };
      } catch (cause) {
        // After a failed sync nobody knows what the disk holds: the next attempt begins with what is certain.
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

/** On Linux what is written so is durable when the write has ended: one call where `fdatasync` would be another. */
const isWriteDurable = process.platform === 'linux';
const appending = constants.O_WRONLY | constants.O_APPEND | (isWriteDurable ? constants.O_DSYNC : 0);

/** Resolves when it is on the disk for good. */
async function writeDown(handle: FileHandle, bytes: Uint8Array): Promise<void> {
  for (let written = 0; written < bytes.length; ) {
    written += (await handle.write(bytes, written)).bytesWritten;
  }
  if (!isWriteDurable) await handle.datasync();
}

const changedByOthers = (file: string) => new Error(`${basename(file)} was changed by somebody else`);

/** A new file is there for good only when its folder is written. */
async function syncFolder(folder: string): Promise<void> {
  await using handle = await open(folder, 'r');
  await handle.sync();
}
