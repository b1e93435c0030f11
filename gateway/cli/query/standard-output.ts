import { once } from 'node:events';
import type { Writable } from 'node:stream';
import type { FormatName } from '../../export/formats/format.ts';
import type { Opening } from '../../export/marks.ts';
import { exitCodes } from '../run.ts';
import { type Appended, appendedAs } from './appended.ts';
import { Failure } from './failure.ts';
import type { Sink } from './receive.ts';

type Output = Sink & { readonly errors: Readonly<Record<string, number>> };

/** Creates the output that writes rows to standard output as they arrive, and counts their errors by code. */
export function toStandardOutput(format: FormatName, out: Writable): Output {
  const errors: Record<string, number> = {};
  let appended: Appended | undefined;
  let columns: Opening['columns'] = [];
  let cursor: string | null = null;
  let rows = 0;
  const write = async (bytes: Buffer) => {
    if (!out.write(bytes)) await once(out, 'drain');
  };
  // The reader of the pipe has closed it.
  out.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code === 'EPIPE') process.exit(exitCodes.done);
    throw error;
  });
  return {
    errors,
    get cursor() {
      return cursor;
    },
    get rows() {
      return rows;
    },
    async begin(opening) {
      if (!appended) {
        appended = appendedAs(format, opening.columns);
        columns = opening.columns;
        await write(appended.head);
      } else if (JSON.stringify(columns) !== JSON.stringify(opening.columns)) {
        throw new Failure('failed', 'The hub now sends other columns than before the break.');
      }
    },
    async add(page, lines) {
      if (!appended) throw new Error('Rows come after the opening.');
      await write(appended.rows(lines));
      rows += page.rows;
      cursor = page.cursor;
      for (const [code, more] of Object.entries(page.errors)) errors[code] = (errors[code] ?? 0) + more;
    },
  };
}
