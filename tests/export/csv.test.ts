import type { Column } from '@wenshu/gateway/export/columns.ts';
import { createCsvWriter, csvHead } from '@wenshu/gateway/export/formats/csv.ts';
import { parse } from 'csv-parse/sync';
import fc from 'fast-check';
import { expect, test } from 'vitest';

const columns: readonly Column[] = [
  { name: 'id', kind: 'text', isList: false },
  { name: 'park.nameZh', kind: 'text', isList: false },
  { name: 'floorArea', kind: 'decimal', isList: false },
  { name: 'count', kind: 'integer', isList: false },
  { name: 'share', kind: 'float', isList: false },
  { name: 'isOpen', kind: 'boolean', isList: false },
  { name: 'aliases', kind: 'text', isList: true },
  { name: 'facts', kind: 'json', isList: false },
];

/** What CSV and JSON have signs for, and what a spreadsheet would run. */
const text = fc.string({
  unit: fc.oneof(
    fc.constantFrom(...'",;\\\r\n\t{}[]:=+-@＝＋－＠\'甲𠮷\u0001 a'),
    fc.string({ minLength: 1, maxLength: 1 }),
  ),
});
const orNull = <T>(value: fc.Arbitrary<T>) => fc.option(value, { nil: null });
const row = fc.tuple(
  text,
  orNull(text),
  orNull(fc.tuple(fc.integer(), fc.nat(99)).map(([whole, part]) => `${whole}.${part}`)),
  orNull(fc.integer()),
  orNull(fc.double({ noNaN: true, noDefaultInfinity: true })),
  orNull(fc.boolean()),
  orNull(fc.array(orNull(text))),
  orNull(fc.jsonValue()),
);

const harmless = (value: string) => (/^[=+\-@＝＋－＠\t\r\n]/.test(value) ? `'${value}` : value);

function cellOf({ kind, isList }: Column, value: unknown): string {
  if (value === null) return '';
  if (isList) return harmless((value as unknown[]).join(';'));
  if (kind === 'text') return harmless(value as string);
  if (kind === 'json') return harmless(typeof value === 'string' ? value : JSON.stringify(value));
  return String(value);
}

test('a reader of CSV finds each value of the lines, whatever is in it, and no formula', () => {
  const write = createCsvWriter(columns);
  fc.assert(
    fc.property(fc.array(row), (rows) => {
      const lines = rows.map(
        (values) =>
          `${JSON.stringify(Object.fromEntries(columns.map(({ name }, i) => [name, values[i]])))}\n`,
      );
      const read = parse(Buffer.concat([Buffer.from(csvHead(columns)), write(Buffer.from(lines.join('')))]), {
        bom: true,
        relax_column_count: false,
        record_delimiter: '\r\n',
      });
      // JSON has no -0.
      const parsed = rows.map((values) => JSON.parse(JSON.stringify(values)) as unknown[]);
      expect(read).toEqual([
        columns.map(({ name }) => name),
        ...parsed.map((values) => columns.map((column, i) => cellOf(column, values[i]))),
      ]);
    }),
    { numRuns: 500 },
  );
});

test('rows of other columns are refused', () => {
  expect(() => createCsvWriter(columns.slice(0, 1))(Buffer.from('{"id":"a","nameZh":"b"}\n'))).toThrow(
    'A row has other columns than its table.',
  );
});
