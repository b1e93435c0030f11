import { type InferSelectModel, type SQL, sql } from 'drizzle-orm';
import type { PgTable } from 'drizzle-orm/pg-core';
import type { GraphQLResolveInfo } from 'graphql';
import { type AggregateArgs, type Group, groupQuery } from './aggregate.ts';
import { type Completeness, completenessOf, countsOf } from './completeness/completeness.ts';
import { findingOf } from './completeness/findings.ts';
import type { Context } from './context.ts';
import { readPage } from './linked-page.ts';
import type { List } from './list.ts';
import { cursorOf } from './order.ts';
import { maxSizeFor, type PageArgs } from './page-args.ts';
import { all, type PageQuery, queryOf, sortValuesOf } from './page-query.ts';
import { rowsOf } from './statement.ts';
import { ofOneKind } from './synthetic.ts';

interface PageInfo {
  readonly hasNextPage: boolean;
  readonly hasPreviousPage: boolean;
  readonly startCursor: string | null;
  readonly endCursor: string | null;
}

/** A Relay connection. Expensive parts are computed only when they are resolved. */
export interface Page<Row> {
  readonly edges: () => readonly { readonly cursor: string; readonly node: Row }[];
  readonly nodes: readonly Row[];
  readonly pageInfo: () => PageInfo;
  readonly totalCount: () => Promise<number>;
}

/** A page of a list, with its totals over all matching rows. */
export interface ListPage<Row> extends Page<Row> {
  readonly aggregates: (args: AggregateArgs, context: Context, info: GraphQLResolveInfo) => Promise<Group[]>;
  readonly completeness: () => Promise<Completeness>;
}

/** Totals over all matching rows, not only those of the page. */
export type Totals = Pick<ListPage<never>, 'totalCount' | 'aggregates' | 'completeness'>;

const noTotals: Totals = {
  totalCount: async () => 0,
  aggregates: async () => [],
  completeness: async () => ({ ...findingOf.figures([], 0), published: [] }),
};

type Row = Record<string, unknown>;

/** Returns a page of the whole list, or of its rows that meet `condition`. */
export async function page<Table extends PgTable>(
  context: Context,
  list: List<Table>,
  asked: PageArgs,
  info: GraphQLResolveInfo,
  condition: SQL | undefined = list.shown,
): Promise<ListPage<InferSelectModel<Table>>> {
  const args = ofOneKind(list, asked, context);
  const query = queryOf(list, args, info, maxSizeFor(context));
  if (context.onPage) {
    context.onPage({ list, args, info, condition });
    return pageOf([], query, args, noTotals);
  }
  const rows = query.needsRows
    ? await rowsOf<Row>(context.db, readPage(list, args.filter, query, condition))
    : [];
  const where = all(condition, query.where);
  return pageOf(rows, query, args, {
    totalCount: async () => {
      const [row] = await rowsOf<Row>(
        context.db,
        sql`select count(*)::int as count from ${list.table} where ${where}`,
      );
      return Number(row?.count);
    },
    completeness: () =>
      completenessOf(context, list, {
        filter: args.filter,
        isNarrower: condition !== undefined,
        count: async (parts) => {
          const [row] = await rowsOf<{ counts: number[] }>(
            context.db,
            sql`select ${countsOf(parts)} from ${list.table} where ${where}`,
          );
          return row?.counts ?? [];
        },
      }),
    aggregates: async (groupArgs, _context, groupInfo) => {
      const { select, groupOf } = groupQuery(list, groupArgs, groupInfo);
      return (await rowsOf<Row>(context.db, select(where))).map(groupOf);
    },
  });
}

/** Rows hold only the requested columns. */
export function pageOf<Shown>(
  rows: Row[],
  query: PageQuery,
  args: PageArgs,
  totals: Totals,
): ListPage<Shown> {
  const more = rows.length > query.size;
  const shown = rows.slice(0, query.size);
  if (query.backward) shown.reverse();
  const cursor = (row: Row | undefined) => row && cursorOf(args.orderBy, sortValuesOf(row, query.keys));
  return {
    edges: () =>
      shown.map((row) => ({
        ...(row.edge as Row | undefined),
        cursor: cursor(row) ?? '',
        node: row as Shown,
      })),
    nodes: shown as Shown[],
    pageInfo: () => ({
      hasNextPage: query.backward ? args.before != null : more,
      hasPreviousPage: query.backward ? more : args.after != null,
      startCursor: cursor(shown[0]) ?? null,
      endCursor: cursor(shown.at(-1)) ?? null,
    }),
    ...totals,
  };
}
