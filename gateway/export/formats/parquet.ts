import { ByteWriter, type ColumnSource, ParquetWriter } from 'hyparquet-writer';
import type { Column, ColumnKind } from '../columns.ts';
import { type Format, type Row, rowsOf } from './format.ts';

type SchemaElement = ConstructorParameters<typeof ParquetWriter>[0]['schema'][number];

/** Rows of a row group, which is held in memory until it is written. */
const rowGroupSize = 10_000;

/**
 * Parquet with exact decimals, dates, moments and lists of plain values:
 * https://parquet.apache.org/docs/file-format/types/
 */
export const parquet: Format = {
  contentType: 'application/vnd.apache.parquet',
  async *write(columns, pages) {
    const out = new Outlet();
    const writer = new ParquetWriter({
      writer: out,
      schema: [{ name: 'root', num_children: columns.length }, ...columns.flatMap(elementsOf)],
      createdBy: 'wenshu',
    });
    let rows: Row[] = [];
    const flush = () => {
      if (rows.length > 0)
        writer.write({ columnData: columns.map((each) => dataOf(each, rows)), rowGroupSize });
      rows = [];
      return out.take();
    };
    for await (const lines of pages) {
      for (const read of rowsOf(lines)) {
        rows.push(...read);
        if (rows.length >= rowGroupSize) yield flush();
      }
    }
    yield flush();
    writer.finish();
    yield out.take();
  },
};

/** Keeps written bytes until they are taken. */
class Outlet extends ByteWriter {
  take(): Uint8Array {
    const bytes = new Uint8Array(this.buffer.slice(0, this.index));
    this.index = 0;
    return bytes;
  }
}

const decimalScale = 10;
const precision = 38;
const ten = 10n ** BigInt(decimalScale);

const typeOf: Readonly<Record<ColumnKind, Omit<SchemaElement, 'name'>>> = {
  text: { type: 'BYTE_ARRAY', converted_type: 'UTF8' },
  integer: { type: 'INT32' },
  float: { type: 'DOUBLE' },
  boolean: { type: 'BOOLEAN' },
  decimal: {
    type: 'FIXED_LEN_BYTE_ARRAY',
    type_length: 16,
    converted_type: 'DECIMAL',
    scale: decimalScale,
    precision,
  },
  date: { type: 'INT32', converted_type: 'DATE' },
  moment: { type: 'INT64', converted_type: 'TIMESTAMP_MICROS' },
  json: { type: 'BYTE_ARRAY', converted_type: 'JSON' },
};

function elementsOf({ name, kind, isList }: Column): SchemaElement[] {
  const value = { ...typeOf[kind], repetition_type: 'OPTIONAL' } as const;
  if (!isList) return [{ name, ...value }];
  return [
    { name, converted_type: 'LIST', repetition_type: 'OPTIONAL', num_children: 1 },
    { name: 'list', repetition_type: 'REPEATED', num_children: 1 },
    { name: 'element', ...value },
  ];
}

function dataOf({ name, kind, isList }: Column, rows: readonly Row[]): ColumnSource {
  const read = readers[kind];
  const readOne = (value: unknown) => (value === null || value === undefined ? undefined : read(value));
  const data = rows.map((row) => {
    const value = row[name];
    return isList && Array.isArray(value) ? value.map(readOne) : readOne(value);
  });
  return { name, data };
}

const itself = (value: unknown) => value;

const readers: Readonly<Record<ColumnKind, (value: unknown) => unknown>> = {
  text: String,
  integer: itself,
  float: itself,
  boolean: itself,
  decimal: (value) => unscaled(String(value)),
  date: (value) => Date.parse(`${value}T00:00:00Z`) / 86_400_000,
  moment: (value) => microseconds(String(value)),
  json: itself,
};

/** Converts `-1.5` to a whole number of units of the column's last digit. */
function unscaled(text: string): bigint {
  const [, sign, whole = '0', part = ''] = /^(-?)(\d+)(?:\.(\d*))?$/.exec(text) ?? [];
  const value = BigInt(whole) * ten + BigInt(part.slice(0, decimalScale).padEnd(decimalScale, '0'));
  return sign ? -value : value;
}

function microseconds(text: string): bigint {
  const [, part = ''] = /\.(\d+)/.exec(text) ?? [];
  const seconds = BigInt(Math.floor(Date.parse(text) / 1000));
  return seconds * 1_000_000n + BigInt(part.slice(0, 6).padEnd(6, '0'));
}
