import * as enterprises from '@wenshu/enterprises/queries.ts';
import * as enterprisesTables from '@wenshu/enterprises/tables.ts';
import * as events from '@wenshu/events/queries.ts';
import * as eventsTables from '@wenshu/events/tables.ts';
import * as hub from '@wenshu/gateway/control/queries.ts';
import * as hubTables from '@wenshu/gateway/control/tables.ts';
import type { List } from '@wenshu/kit/list.ts';
import * as parks from '@wenshu/parks/queries.ts';
import * as parksTables from '@wenshu/parks/tables.ts';
import * as party from '@wenshu/party/queries.ts';
import * as partyTables from '@wenshu/party/tables.ts';
import * as policies from '@wenshu/policies/queries.ts';
import * as policiesTables from '@wenshu/policies/tables.ts';
import { Column, is, SQL } from 'drizzle-orm';
import { getTableConfig, type PgColumn, PgTable } from 'drizzle-orm/pg-core';
import { describe, expect, it } from 'vitest';

const isList = (value: unknown): value is List =>
  typeof value === 'object' && value !== null && 'filter' in value && 'orderBy' in value;

const lists = [enterprises, events, hub, parks, party, policies].flatMap((exports) =>
  Object.values(exports).filter(isList),
);
/** A list without filter and order is only looked up by key. */
const offered = lists.filter(
  ({ filter, orderBy }) => Object.keys(filter).length + Object.keys(orderBy).length > 0,
);
const tables = [enterprisesTables, eventsTables, hubTables, parksTables, partyTables, policiesTables].flatMap(
  (exports) => Object.values(exports).filter((value): value is PgTable => is(value, PgTable)),
);

/** The columns of which each index of a table starts with one; the column within an expression counts. */
function indexedColumns(table: PgTable): Set<string> {
  const { columns, indexes, primaryKeys, uniqueConstraints } = getTableConfig(table);
  const leading = indexes.map(({ config }) => config.columns[0]);
  return new Set([
    ...columns.filter((column) => column.primary || column.isUnique).map((column) => column.name),
    ...[...primaryKeys, ...uniqueConstraints].map(({ columns: [first] }) => first?.name ?? ''),
    ...leading.flatMap((part) => {
      if (!is(part, SQL)) return part && 'name' in part ? [String(part.name)] : [];
      return part.queryChunks.flatMap((chunk) => columnsIn(chunk).map((column) => column.name));
    }),
  ]);
}

/** The columns of which an index starts with the highest and ends with nulls. */
const fromHighestColumns = (table: PgTable): string[] =>
  getTableConfig(table).indexes.flatMap(({ config: { columns } }) => {
    const [first] = columns;
    if (!first || !('indexConfig' in first)) return [];
    const { order, nulls } = first.indexConfig ?? {};
    return order === 'desc' && nulls === 'last' ? [first.name ?? ''] : [];
  });

const columnsIn = (chunk: unknown): PgColumn[] => {
  if (is(chunk, Column)) return [chunk as PgColumn];
  return is(chunk, SQL) ? chunk.queryChunks.flatMap(columnsIn) : [];
};

describe.each(offered.map((list) => [list.type, list] as const))(
  'the list of %s',
  (_type, { table, id, filter, orderBy }) => {
    const indexed = indexedColumns(table);

    it.each(
      Object.entries(filter)
        .filter(([, condition]) => is(condition, Column))
        .map(([name, column]) => [name, (column as PgColumn).name]),
    )('has an index for the filter %s', (_name, column) => {
      expect(indexed).toContain(column);
    });

    it.each(
      Object.entries(orderBy).map(([name, order]) => [name, (is(order, Column) ? order : order.column).name]),
    )('has an index for the order %s', (_name, column) => {
      expect(indexed).toContain(column);
      expect(indexed).toContain(id.name);
    });

    it.each(
      Object.entries(orderBy)
        .map(([name, order]) => [name, is(order, Column) ? order : order.column] as const)
        .filter(([, column]) => !column.notNull),
    )('has an index for the order %s from the highest down, nulls last', (_name, column) => {
      expect(fromHighestColumns(table)).toContain(column.name);
    });
  },
);

describe('every foreign key', () => {
  const keys = tables.flatMap((table) =>
    getTableConfig(table).foreignKeys.map((key) => ({
      table,
      name: getTableConfig(table).name,
      column: key.reference().columns[0]?.name ?? '',
    })),
  );
  it.each(keys)('has an index: $column of $name', ({ table, column }) => {
    expect(indexedColumns(table)).toContain(column);
  });
});
