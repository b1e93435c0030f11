import type { Column } from '../columns.ts';
import type { Format } from './format.ts';

/**
 * CSV by RFC 4180 with a byte order mark, without which Excel reads UTF-8 in the local code page. Lists of plain values
 * are joined by ";"; other lists and objects are JSON.
 */
export const csv: Format = {
  contentType: 'text/csv; charset=utf-8',
  async *write(columns, pages) {
    const write = createCsvWriter(columns);
    yield csvHead(columns);
    for await (const lines of pages) yield write(lines);
  },
};

export const csvHead = (columns: readonly Column[]): string =>
  `\uFEFF${columns.map(({ name }) => quoted(name)).join()}\r\n`;

/**
 * Creates the writer from NDJSON lines to CSV. It copies nearly every value as bytes of the JSON: with objects of the
 * rows it takes four times as long (bench case `csv` of `npm run bench:data -- --only exports`).
 */
export function createCsvWriter(columns: readonly Column[]): (lines: Buffer) => Buffer {
  const cells = columns.map((column) => ({
    column,
    isNumber: numeric.has(column.kind) && !column.isList,
    /** Length of `{"name":` or `,"name":`. */
    nameLength: Buffer.byteLength(JSON.stringify(column.name)) + 2,
  }));

  // One buffer for all pages, because V8 starts a collection after a certain amount of new buffers: with a heap of
  // 100 MB, new buffers take three times as long (the same bench case).
  let out = Buffer.alloc(0);

  return (lines) => {
    // In the worst case a value consists of quotes, each of which is doubled. The name before it leaves room for the
    // characters around it.
    if (out.length < 2 * lines.length) out = Buffer.allocUnsafeSlow(2 * lines.length);
    let size = 0;
    for (let at = 0; at < lines.length; ) {
      for (const { column, isNumber, nameLength } of cells) {
        const start = at + nameLength;
        at = endOfValue(lines, start);
        const copied = copyPlain(lines, start, at, isNumber, out, size);
        size = copied ?? size + out.write(cell(column, JSON.parse(lines.toString('utf8', start, at))), size);
        out[size++] = bytes.comma;
      }
      if (lines[at] !== bytes.closingBrace || lines[at + 1] !== bytes.lineEnd)
        throw new Error('A row has other columns than its table.');
      at += 2;
      out[size - 1] = bytes.carriageReturn;
      out[size++] = bytes.lineEnd;
    }
    return Buffer.from(out.subarray(0, size));
  };
}

const byteOf = (character: string) => character.charCodeAt(0);
const bytes = {
  lineEnd: byteOf('\n'),
  carriageReturn: byteOf('\r'),
  quote: byteOf('"'),
  comma: byteOf(','),
  openingBracket: byteOf('['),
  closingBracket: byteOf(']'),
  backslash: byteOf('\\'),
  openingBrace: byteOf('{'),
  closingBrace: byteOf('}'),
  /** First byte of `null`. */
  n: byteOf('n'),
} as const;

/** Returns the end of the JSON value that begins at `start`. */
function endOfValue(json: Buffer, start: number): number {
  const first = json[start];
  if (first === bytes.quote) return endOfText(json, start);
  let at = start;
  if (first === bytes.openingBrace || first === bytes.openingBracket) {
    let depth = 0;
    do {
      const byte = json[at];
      if (byte === bytes.openingBrace || byte === bytes.openingBracket) depth++;
      if (byte === bytes.closingBrace || byte === bytes.closingBracket) depth--;
      at = byte === bytes.quote ? endOfText(json, at) : at + 1;
    } while (depth > 0 && at < json.length);
    return at;
  }
  while (at < json.length && json[at] !== bytes.comma && json[at] !== bytes.closingBrace) at++;
  return at;
}

function endOfText(json: Buffer, start: number): number {
  let at = start + 1;
  while (at < json.length && json[at] !== bytes.quote) at += json[at] === bytes.backslash ? 2 : 1;
  return at + 1;
}

/**
 * Copies a value that is the same in CSV. Returns the end of the copy; undefined when the value must be written
 * otherwise.
 */
function copyPlain(
  json: Buffer,
  start: number,
  end: number,
  isNumber: boolean,
  out: Buffer,
  outStart: number,
): number | undefined {
  const first = json[start];
  if (first === bytes.n) return outStart;
  const isText = first === bytes.quote;
  if (!isText && !isNumber) return undefined;
  const from = isText ? start + 1 : start;
  const to = isText ? end - 1 : end;
  if (!isNumber && from < to && mayStartFormula.has(json[from] as number)) return undefined;
  let at = outStart;
  for (let i = from; i < to; i++) {
    const byte = json[i] as number;
    if (byte === bytes.backslash || byte === bytes.comma) return undefined;
    out[at++] = byte;
  }
  return at;
}

function cell({ kind, isList }: Column, value: unknown): string {
  if (isList && Array.isArray(value)) return quoted(harmless(value.join(';')));
  if (numeric.has(kind)) return String(value);
  return quoted(harmless(typeof value === 'string' ? value : JSON.stringify(value)));
}

/** Kinds whose values are numbers or booleans. They may begin with "-" and cannot be formulas. */
const numeric = new Set<Column['kind']>(['integer', 'float', 'decimal', 'boolean']);

/**
 * Escapes a text that a spreadsheet would run as a formula (a Chinese one also in full-width characters): an apostrophe
 * before it makes it a text. https://owasp.org/www-community/attacks/CSV_Injection
 */
const harmless = (text: string) => (/^[=+\-@＝＋－＠\t\r\n]/.test(text) ? `'${text}` : text);

/** First bytes of possible formulas. The last one begins the full-width characters, and many others. */
const mayStartFormula = new Set([...'=+-@'].map(byteOf).concat(0xef));

const quoted = (text: string) => (/[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text);
