import { createHash } from 'node:crypto';
import { createReadStream, createWriteStream } from 'node:fs';
import { rename, rm, stat, writeFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { FormatName } from '../../export/formats/format.ts';
import { openFormat } from '../../export/formats/open-format.ts';
import type { PartFile, PartState, Stretch } from './part-file.ts';
import { writing } from './part-file.ts';

export type Manifest = {
  readonly file: string;
  readonly format: FormatName;
  readonly rows: number;
  readonly bytes: number;
  readonly sha256: string;
  /** Time of the data of each agency; several entries after an interruption. */
  readonly asOf: readonly Stretch[];
  readonly queryHash: string;
  readonly columns: PartState['columns'];
  readonly hubVersion: string;
  /** Number of fields that failed, by error code. */
  readonly errors: Readonly<Record<string, number>>;
  readonly startedAt: string;
  readonly endedAt: string;
};

/** Makes the final file of its part file. Writes the manifest first. */
export const finish = (out: string, format: FormatName, part: PartFile): Promise<Manifest> =>
  writing(out, async () => {
    const { state } = part;
    if (!state) throw new Error('There is nothing to finish.');
    const made =
      format === 'ndjson' || format === 'csv' ? part.path : await convert(out, format, part.path, state);
    const manifest: Manifest = {
      file: basename(out),
      format,
      rows: state.rows,
      bytes: (await stat(made)).size,
      sha256: await sha256Of(made),
      asOf: state.stretches,
      queryHash: state.queryHash,
      columns: state.columns,
      hubVersion: state.hubVersion,
      errors: state.errors,
      startedAt: state.startedAt,
      endedAt: new Date().toISOString(),
    };
    await writeFile(`${out}.manifest.json`, `${JSON.stringify(manifest, null, 2)}\n`);
    await rename(made, out);
    await part.remove();
    return manifest;
  });

async function convert(out: string, name: FormatName, part: string, { columns }: PartState): Promise<string> {
  const path = `${out}.part.${name}`;
  const format = await openFormat(name);
  try {
    await pipeline(
      Readable.from(format.write(columns, linesOf(part)), { highWaterMark: 1 }),
      createWriteStream(path),
    );
  } catch (error) {
    await rm(path, { force: true });
    throw error;
  }
  return path;
}

/** Yields the lines of a file in chunks of some thousand lines. */
async function* linesOf(path: string): AsyncGenerator<Buffer> {
  let rest = Buffer.alloc(0);
  for await (const chunk of createReadStream(path, { highWaterMark: 1024 * 1024 })) {
    const bytes = Buffer.concat([rest, chunk]);
    const end = bytes.lastIndexOf(10) + 1;
    if (end > 0) yield bytes.subarray(0, end);
    rest = bytes.subarray(end);
  }
}

async function sha256Of(path: string): Promise<string> {
  const hash = createHash('sha256');
  await pipeline(createReadStream(path, { highWaterMark: 1024 * 1024 }), hash);
  return hash.digest('hex');
}
