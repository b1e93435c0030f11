import { type FileHandle, open, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import type { Column } from '../../export/columns.ts';
import type { FormatName } from '../../export/formats/format.ts';
import type { AsOf } from '../../export/held-snapshots.ts';
import type { Opening, PageMark } from '../../export/marks.ts';
import { type Appended, appendedAs } from './appended.ts';
import { Failure } from './failure.ts';

/** Rows of one snapshot: from `fromRow`, counted from 0, to the start of the next stretch. */
export type Stretch = { readonly fromRow: number; asOf: AsOf };

/** State of the rows received so far. */
export type PartState = {
  /** SHA-256 of the query. */
  readonly queryHash: string;
  readonly hubVersion: string;
  readonly columns: readonly Column[];
  readonly total: number | undefined;
  readonly startedAt: string;
  cursor: string | null;
  rows: number;
  /** Length of the complete rows. */
  bytes: number;
  readonly stretches: Stretch[];
  readonly errors: Record<string, number>;
};

/** File that keeps rows until all have arrived. */
export type PartFile = {
  readonly path: string;
  /** State; undefined until the hub has described the columns. */
  readonly state: PartState | undefined;
  begin(opening: Opening): Promise<void>;
  /** Adds the rows and the state of a page. A crash between both writes is repaired when the file is opened again. */
  add(page: PageMark, rows: Buffer): Promise<void>;
  close(): Promise<void>;
  /** Deletes the file when it is no longer needed. */
  remove(): Promise<void>;
};

export type PartOptions = {
  readonly out: string;
  readonly format: FormatName;
  readonly queryHash: string;
  readonly resumes: boolean;
};

/** Opens a part file. Rows are kept in their final format if that can be appended to, and as NDJSON otherwise. */
export async function openPartFile({ out, format, queryHash, resumes }: PartOptions): Promise<PartFile> {
  const path = `${out}.part`;
  const statePath = `${path}.json`;
  let appended: Appended | undefined;
  let state = resumes ? await readState(path, statePath, queryHash) : undefined;
  let file = state && (await writing(out, () => open(path, 'r+')));
  if (state) await file?.truncate(state.bytes);

  async function append(bytes: Buffer): Promise<void> {
    if (!state || !file) throw new Error('Rows come after the opening.');
    await writeAll(file, bytes, state.bytes);
    state.bytes += bytes.length;
  }
  const save = async () => {
    await writeFile(`${statePath}.new`, JSON.stringify(state));
    await rename(`${statePath}.new`, statePath);
  };

  return {
    path,
    get state() {
      return state;
    },
    begin: ({ columns, total, version }) =>
      writing(out, async () => {
        if (state) {
          if (JSON.stringify(state.columns) !== JSON.stringify(columns)) {
            throw new Failure(
              'misused',
              `${path} has other columns than the hub gives now: begin anew, without --resume.`,
            );
          }
        } else {
          // The old part is deleted only now that the hub sends rows: a refused query must not destroy it.
          await rm(statePath, { force: true });
          file = await open(path, 'w');
          const startedAt = new Date().toISOString();
          state = { queryHash, hubVersion: version, columns, total, startedAt, ...nothingYet() };
          await append(appendedAs(format, columns).head);
        }
        appended = appendedAs(format, columns);
        state.stretches.push({ fromRow: state.rows, asOf: {} });
        await save();
      }),
    add: (page, rows) =>
      writing(out, async () => {
        if (!state || !appended) throw new Error('Rows come after the opening.');
        await append(appended.rows(rows));
        state.rows += page.rows;
        state.cursor = page.cursor;
        const stretch = state.stretches.at(-1);
        if (stretch) stretch.asOf = page.asOf;
        for (const [code, count] of Object.entries(page.errors)) {
          state.errors[code] = (state.errors[code] ?? 0) + count;
        }
        await save();
      }),
    close: async () => await file?.close(),
    async remove() {
      await rm(path, { force: true });
      await rm(statePath, { force: true });
    },
  };
}

const nothingYet = () => ({ cursor: null, rows: 0, bytes: 0, stretches: [], errors: {} });

async function writeAll(file: FileHandle, bytes: Buffer, position: number): Promise<void> {
  for (let at = 0; at < bytes.length; ) {
    const { bytesWritten } = await file.write(bytes, at, bytes.length - at, position + at);
    at += bytesWritten;
  }
}

/** Reads the state; undefined when there is nothing to resume. */
async function readState(path: string, statePath: string, queryHash: string): Promise<PartState | undefined> {
  const text = await readFile(statePath, 'utf8').catch(() => undefined);
  if (text === undefined) return undefined;
  const state: PartState = JSON.parse(text);
  if (state.queryHash !== queryHash) {
    throw new Failure(
      'misused',
      `${path} is of another query, or of other variables: begin anew, without --resume.`,
    );
  }
  const { size } = await stat(path);
  return size < state.bytes ? undefined : state;
}

/** Runs a write, and turns a full disk into a clear message. */
export async function writing<T>(out: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOSPC' || code === 'EDQUOT') {
      throw new Failure(
        'unwritable',
        `The disk is full. The rows so far are in ${out}.part. Free space, then run the command again with --resume.`,
      );
    }
    if (error instanceof Failure || code === undefined) throw error;
    throw new Failure('unwritable', `${out} cannot be written (${code}).`);
  }
}
