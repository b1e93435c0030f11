import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import postgres from 'postgres';
import { medianOf } from '../../support/median.ts';
import { forgetPeakRss, peakRssBytesOf, rssBytesOf } from '../../support/process-figures.ts';
import type { Server } from '../support/node-process.ts';
import type { Question } from './questions.ts';

const formats = ['ndjson', 'csv', 'parquet', 'xlsx'] as const;
type Format = (typeof formats)[number];

export interface Exported {
  readonly format: Format;
  readonly rowsPerSecond: number;
  /** Rows per second of `\copy` with the same columns. */
  readonly copyRowsPerSecond: number;
  /** Memory of the hub's process before the export, and its maximum during the export. */
  readonly idleRssBytes: number;
  readonly rssBytes: number;
}

const hasPsql = spawnSync('psql', ['--version']).error === undefined;

/** Name of the program that writes the same table as CSV without the hub. */
export const copier = hasPsql ? 'psql \\copy' : 'COPY over postgres.js';

/**
 * Exports whole tables in turn with `\copy`, and discards the output, because only reading is measured. Each export has its own hub, so
 * that its memory is its own. Returns medians of the rounds.
 */
export async function exportAll(
  startHub: () => Promise<Server>,
  databaseUrl: string,
  table: Question,
  rounds: number,
): Promise<Exported[]> {
  const taken = formats.map((format) => ({
    format,
    seconds: [] as number[],
    idle: [] as number[],
    rss: [] as number[],
  }));
  const copied: number[] = [];
  let rows = 0;
  for (let round = 0; round < rounds; round++) {
    const { seconds, lines } = await timed((sink) => copy(databaseUrl, table.sql, sink));
    copied.push(seconds);
    rows = lines;
    for (const { format, ...figures } of taken) {
      await using hub = await startHub();
      figures.idle.push(rssBytesOf(hub.pid));
      forgetPeakRss(hub.pid);
      const read = await timed((sink) => exported(hub.address, table.query, format, sink));
      figures.rss.push(peakRssBytesOf(hub.pid));
      figures.seconds.push(read.seconds);
      const head = headLines[format];
      if (head !== undefined && read.lines !== head + rows)
        throw new Error(`Hub and SQL give "${table.name}" different numbers of rows.`);
    }
  }
  return taken.map(({ format, seconds, idle, rss }) => ({
    format,
    rowsPerSecond: rows / medianOf(seconds),
    copyRowsPerSecond: rows / medianOf(copied),
    idleRssBytes: medianOf(idle),
    rssBytes: Math.max(...rss),
  }));
}

/** Number of lines before the first row, for formats with lines. */
const headLines: Partial<Record<Format, number>> = { ndjson: 0, csv: 1 };

type Sink = (source: AsyncIterable<Uint8Array>) => Promise<void>;

/** Counts lines as rows, because our values contain no line break. */
async function timed(write: (sink: Sink) => Promise<void>): Promise<{ seconds: number; lines: number }> {
  let lines = 0;
  const startedAt = performance.now();
  await write(async (source) => {
    for await (const chunk of source) lines += lineEndsIn(chunk);
  });
  return { seconds: (performance.now() - startedAt) / 1000, lines };
}

function lineEndsIn(chunk: Uint8Array): number {
  let count = 0;
  for (let at = chunk.indexOf(10); at >= 0; at = chunk.indexOf(10, at + 1)) count++;
  return count;
}

async function exported(hub: string, query: string, format: Format, sink: Sink): Promise<void> {
  const response = await fetch(new URL('/export', hub), {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ query, format }),
  });
  if (!response.ok || !response.body) throw new Error(`The hub answers: ${await response.text()}`);
  await sink(response.body);
}

async function copy(databaseUrl: string, sql: string, sink: Sink): Promise<void> {
  const statement = `copy (${sql}) to stdout with csv`;
  if (!hasPsql) {
    const client = postgres(databaseUrl, { max: 1 });
    await sink(await client.unsafe(statement).readable()).finally(() => client.end());
    return;
  }
  // `\copy` accepts no line breaks.
  const command = `\\${statement.replaceAll(/\s+/g, ' ')}`;
  const child = spawn('psql', ['--no-psqlrc', '--command', command, databaseUrl], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const closed = once(child, 'close');
  await sink(child.stdout);
  const [code] = await closed;
  if (code !== 0) throw new Error(`psql ended with ${code}.`);
}
