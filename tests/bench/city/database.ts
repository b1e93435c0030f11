import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { loadDataset } from '@wenshu/migrations/load.ts';
import { migrate, type SubgraphUrls } from '@wenshu/migrations/migrate.ts';
import postgres from 'postgres';
import { generateCity, type TableRows, type Value } from './generate.ts';

/** Creates a database of this name on the server, with the real dataset and a city of synthetic enterprises. */
export async function createCity(serverUrl: string, name: string, enterpriseCount: number): Promise<string> {
  const url = new URL(serverUrl);
  url.pathname = `/${name}`;
  const urls = await migrate({ adminUrl: url.href });
  await loadDataset(urls);
  for (const rows of generateCity(enterpriseCount)) await copy(urls, rows);
  const sql = postgres(url.href, { max: 1, onnotice: () => {} });
  await sql`vacuum analyze`;
  await sql.end();
  return url.href;
}

async function copy(urls: SubgraphUrls, { subgraph, table, columns, rows }: TableRows): Promise<void> {
  const sql = postgres(urls[subgraph], { max: 1, onnotice: () => {} });
  try {
    const into = await sql`copy ${sql(`${subgraph}.${table}`)} (${sql(columns)}) from stdin`.writable();
    await pipeline(Readable.from(linesOf(rows)), into);
  } finally {
    await sql.end();
  }
}

const linesPerWrite = 1000;

function* linesOf(rows: Iterable<readonly Value[]>): Generator<string> {
  let lines: string[] = [];
  for (const row of rows) {
    // Our values contain no tab, line break or backslash.
    lines.push(`${row.map((value) => (value === null ? '\\N' : String(value))).join('\t')}\n`);
    if (lines.length === linesPerWrite) {
      yield lines.join('');
      lines = [];
    }
  }
  yield lines.join('');
}
