import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { getTableColumns, getTableName } from 'drizzle-orm';
import { getTableConfig, type PgTable } from 'drizzle-orm/pg-core';
import type postgres from 'postgres';

type Encode = (row: Readonly<Record<string, unknown>>) => string;

const charactersPerWrite = 64 * 1024;

/** Returns the columns of a table that Postgres does not compute itself. */
const writtenColumns = (table: PgTable) =>
  Object.entries(getTableColumns(table)).filter(([, { generated }]) => generated === undefined);

/** Returns an encoder that writes a table's rows as lines for COPY (text format): every column that Postgres does not compute, in the order of the table. */
export function copyEncoder(table: PgTable): Encode {
  const columns = writtenColumns(table);
  const texts = columns.map(([, column]) => textOf(column.getSQLType()));
  return (row) => {
    let line = '';
    for (let i = 0; i < columns.length; i++) {
      const value = row[columns[i]?.[0] ?? ''];
      line += i === 0 ? '' : '\t';
      line += value === null || value === undefined ? '\\N' : (texts[i]?.(value) ?? '');
    }
    return `${line}\n`;
  };
}

function textOf(sqlType: string): (value: unknown) => string {
  if (sqlType === 'jsonb') return (value) => escaped(JSON.stringify(value));
  if (sqlType.endsWith('[]')) return (value) => escaped(arrayOf(value as readonly string[]));
  return (value) => escaped(String(value));
}

const arrayOf = (values: readonly string[]) =>
  `{${values.map((value) => `"${value.replace(/["\\]/g, '\\$&')}"`).join(',')}}`;

const special = /[\\\t\n\r]/;
const escapes: Readonly<Record<string, string>> = { '\\': '\\\\', '\t': '\\t', '\n': '\\n', '\r': '\\r' };

const escaped = (text: string) =>
  special.test(text) ? text.replace(/[\\\t\n\r]/g, (character) => escapes[character] ?? character) : text;

/** Copies lines of `copyEncoder` into a table at the speed of the server, with constant memory. */
export async function copyInto(sql: postgres.ISql, table: PgTable, lines: Iterable<string>): Promise<void> {
  const { schema = 'public' } = getTableConfig(table);
  const columns = writtenColumns(table).map(([, { name }]) => name);
  const copying = sql`copy ${sql(`${schema}.${getTableName(table)}`)} (${sql(columns)}) from stdin`;
  const into = await copying.writable();
  // postgres.js reports an error after the last line to the query only, which has its answer already; the stream would wait forever
  // (porsager/postgres#1173).
  Object.assign(copying, { reject: (error: Error) => into.destroy(error) });
  await pipeline(Readable.from(inLargeWrites(lines)), into);
}

function* inLargeWrites(lines: Iterable<string>): Generator<Buffer> {
  let text = '';
  for (const line of lines) {
    text += line;
    if (text.length >= charactersPerWrite) {
      yield Buffer.from(text);
      text = '';
    }
  }
  if (text) yield Buffer.from(text);
}
