import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import postgres from 'postgres';
import { medianOf } from '../../support/median.ts';
import { rssBytesOf } from '../../support/process-figures.ts';
import type { Server } from '../support/node-process.ts';
import type { Question } from './questions.ts';

const formats = ['ndjson', 'csv'] as const;
type Format = (typeof formats)[number];

export interface Exported {
  readonly format: Format;
  readonly rowsPerSecond: number;
  /** Of `\copy` of the same columns. */
  readonly copyRowsPerSecond: number;
  /** The most that the hub's process held meanwhile. */
  readonly rssBytes: number;
}

const hasPsql = spawnSync('psql', ['--version']).error === undefined;

/** What writes the same table as CSV without the hub. */
export const copier = hasPsql ? 'psql \\copy' : 'COPY over postgres.js';

/** Exports whole tables in turn with `\copy`, into nothing: what is measured is reading. Medians of the rounds. */
export async function exportAll(
  hub: Server,
  databaseUrl: string,
  table: Question,
  rounds: number,
): Promise<Exported[]> {
  const taken = formats.map((format) => ({ format, hub: [] as number[], rss: [] as number[] }));
  const copied: number[] = [];
  for (let round = 0; round < rounds; round++) {
    copied.push(await rateOf((sink) => copy(databaseUrl, table.sql, sink)));
    for (const { format, hub: rates, rss } of taken) {
      const watch = setInterval(() => rss.push(rssBytesOf(hub.pid)), 100);
      rates.push(await rateOf((sink) => exported(hub.address, table.query, format, sink)));
      clearInterval(watch);
    }
  }
  return taken.map(({ format, hub: rates, rss }) => ({
    format,
    rowsPerSecond: medianOf(rates),
    copyRowsPerSecond: medianOf(copied),
    rssBytes: Math.max(...rss),
  }));
}

type Sink = (source: AsyncIterable<Uint8Array>) => Promise<void>;

/** Rows a second; a row is a line, since no value of ours has a line break. */
async function rateOf(write: (sink: Sink) => Promise<void>): Promise<number> {
  let lines = 0;
  const startedAt = performance.now();
  await write(async (source) => {
    for await (const chunk of source) lines += lineEndsIn(chunk);
  });
  return lines / ((performance.now() - startedAt) / 1000);
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
  // `\copy` takes no line breaks.
  const command = `\\${statement.replaceAll(/\s+/g, ' ')}`;
  const child = spawn('psql', ['--no-psqlrc', '--command', command, databaseUrl], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const closed = once(child, 'close');
  await sink(child.stdout);
  const [code] = await closed;
  if (code !== 0) throw new Error(`psql ended with ${code}.`);
}
