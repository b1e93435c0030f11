import type { Column } from '../columns.ts';
import { type Format, type Row, rowsOf } from './format.ts';

/**
 * RFC 4180, with a byte order mark, without which Excel takes UTF-8 for the local code page. Lists of plain values are
 * joined by ";", other lists and objects are JSON.
 */
export const csv: Format = {
  contentType: 'text/csv; charset=utf-8',
  async *write(columns, pages) {
    yield csvHead(columns);
    for await (const lines of pages) yield csvLines(columns, lines);
  },
};

export const csvHead = (columns: readonly Column[]): string =>
  `\uFEFF${columns.map(({ name }) => quoted(name)).join()}\r\n`;

export function csvLines(columns: readonly Column[], lines: Buffer): string {
  let text = '';
  for (const row of rowsOf(lines)) text += `${columns.map((column) => cell(column, row)).join()}\r\n`;
  return text;
}

function cell({ name, kind, isList }: Column, row: Row): string {
  const value = row[name];
  if (value === null || value === undefined) return '';
  if (isList && Array.isArray(value)) return quoted(harmless(value.join(';')));
  if (numeric.has(kind)) return String(value);
  return quoted(harmless(typeof value === 'string' ? value : JSON.stringify(value)));
}

/** Of these kinds a value is a number, also one that begins with "-", and cannot be a formula. */
const numeric = new Set<Column['kind']>(['integer', 'float', 'decimal', 'boolean']);

/**
 * A spreadsheet would run a text that begins so as a formula, one for Chinese also in full width; an apostrophe before it
 * makes it a text. https://owasp.org/www-community/attacks/CSV_Injection
 */
const harmless = (text: string) => (/^[=+\-@＝＋－＠\t\r\n]/.test(text) ? `'${text}` : text);

const quoted = (text: string) => (/[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text);
