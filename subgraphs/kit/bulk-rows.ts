import { getTableColumns, type SQL, sql } from 'drizzle-orm';
import type { PgColumn } from 'drizzle-orm/pg-core';
import {
  type FieldNode,
  type GraphQLField,
  type GraphQLObjectType,
  type GraphQLOutputType,
  type GraphQLResolveInfo,
  type GraphQLSchema,
  getNamedType,
  getNullableType,
  isEnumType,
  isListType,
  isNonNullType,
  isObjectType,
  parse,
  validate,
} from 'graphql';
import { collectSubfields } from 'graphql/execution/collectFields.js';
import type { Context } from './context.ts';
import { execute } from './execution/execute.ts';
import { cursorOf } from './order.ts';
import { type AskedPage, maxSizeFor } from './page-args.ts';
import { queryOf, readOf, sortColumn } from './page-query.ts';
import { bytesOf } from './statement.ts';

/** Text that goes through this process as the bytes that it came in; it becomes a string where it is written as JSON. */
class Lines {
  readonly bytes: Buffer;

  constructor(bytes: Buffer) {
    this.bytes = bytes;
  }

  toJSON(): string {
    return this.bytes.toString();
  }
}

/** A page of a list as text, as it goes into an export. */
export interface BulkRows {
  /** A JSON object a line, with a line end after each. */
  lines: Lines;
  rows: number;
  /** Of the last row; undefined where there is none. */
  endCursor: string | null;
  /** The fields of each row, in their order. */
  keys: readonly string[];
}

/**
 * Answers a query for one page of a whole list, of which nothing but plain columns is asked, with rows that Postgres
 * has written: the same text that the resolvers would come to. Null for any other query, and for one that fails.
 */
async function bulkRows(
  schema: GraphQLSchema,
  query: string,
  variableValues: Readonly<Record<string, unknown>> | null | undefined,
  context: Context,
): Promise<BulkRows | null> {
  const document = parse(query);
  if (validate(schema, document).length > 0) return null;
  // The resolver of the list says what it would read, with the conditions that are its own.
  const pages: AskedPage[] = [];
  const contextValue: Context = { ...context, onPage: (page) => pages.push(page) };
  const { errors } = await execute({ schema, document, variableValues, contextValue });
  const [page] = pages;
  if (errors || !page || pages.length > 1 || !isAtRoot(page.info)) return null;
  const columns = plainColumns(page);
  return columns && read(page, columns, context);
}

/** The field is the only one of its query. */
const isAtRoot = ({ parentType, schema, operation }: GraphQLResolveInfo) =>
  parentType === schema.getQueryType() && operation.selectionSet.selections.length === 1;

/** `Query._rows`, for the gateway alone: like `_entities` it is no part of the public schema. */
export const bulkRowsModule = {
  typeDefs: parse(`
    scalar _Lines
    scalar _Variables
    type _Rows { lines: _Lines! rows: Int! endCursor: String keys: [String!]! }
    extend type Query { _rows(query: String!, variables: _Variables): _Rows }
  `),
  resolvers: {
    Query: {
      _rows: (
        _root: unknown,
        { query, variables }: { query: string; variables?: Readonly<Record<string, unknown>> | null },
        context: Context,
        { schema }: GraphQLResolveInfo,
      ) => bulkRows(schema, query, variables, context),
    },
  },
};

type Columns = ReadonlyMap<string, SQL>;

/** A column for each field asked of a row, by its key in the answer; null where one is more than a column. */
function plainColumns({ list, info }: AskedPage): Columns | null {
  const connection = getNamedType(info.returnType);
  if (!isObjectType(connection)) return null;
  const rowsAsked: FieldNode[] = [];
  for (const nodes of below(info, connection, info.fieldNodes).values()) {
    const [{ name }] = nodes as [FieldNode];
    if (name.value === 'nodes') rowsAsked.push(...nodes);
    else if (name.value !== 'pageInfo') return null;
  }
  const rowType = info.schema.getType(list.type);
  if (!isObjectType(rowType)) return null;
  const own = getTableColumns(list.table) as Record<string, PgColumn>;
  const columns = new Map<string, SQL>();
  for (const [key, [node]] of below(info, rowType, rowsAsked)) {
    const name = node?.name.value ?? '';
    const column =
      name === '__typename' ? sql`${list.type}::text` : plainColumn(rowType.getFields()[name], own[name]);
    // Postgres cuts longer names off.
    if (!column || Buffer.byteLength(key) > 63) return null;
    columns.set(key, column);
  }
  return columns.size > 0 ? columns : null;
}

const below = (info: GraphQLResolveInfo, type: GraphQLObjectType, nodes: readonly FieldNode[]) =>
  collectSubfields(info.schema, info.fragments, info.variableValues, type, nodes);

/** What a column is written as, where the field has no resolver and its type would come to the same. */
function plainColumn(
  field: GraphQLField<unknown, unknown> | undefined,
  column: PgColumn | undefined,
): SQL | undefined {
  if (!field || field.resolve || !column || (isNonNullType(field.type) && !column.notNull)) return undefined;
  return writers[column.getSQLType()]?.(typeNameOf(field.type), column);
}

/** `[ID]` for a list, and for an enum the name of a text: its values are what the column holds. */
function typeNameOf(type: GraphQLOutputType): string {
  const nullable = getNullableType(type);
  const named = getNamedType(type);
  const name = isEnumType(named) ? 'String' : named.name;
  return isListType(nullable) ? `[${name}]` : name;
}

type Write = (typeName: string, column: PgColumn) => SQL | undefined;

const as =
  (typeNames: readonly string[], write: (column: PgColumn) => SQL): Write =>
  (typeName, column) =>
    typeNames.includes(typeName) ? write(column) : undefined;

const itself = (column: PgColumn) => sql`${column}`;
const text = (column: PgColumn) => sql`${column}::text`;
const moment = (column: PgColumn) =>
  sql`regexp_replace(replace(${column}::text, ' ', 'T'), '\\+00(:00)?$', 'Z')`;

/** By the SQL type of a column: how Postgres writes what the resolvers would give. */
const writers: Readonly<Record<string, Write>> = {
  text: as(['String', 'ID', 'CreditCode'], itself),
  'text[]': as(['[String]', '[ID]'], itself),
  boolean: as(['Boolean'], itself),
  integer: as(['Int'], itself),
  numeric: as(['Decimal', 'Yuan'], text),
  date: as(['Date'], text),
  'timestamp with time zone': as(['DateTime'], moment),
};

async function read({ list, args, info, condition }: AskedPage, columns: Columns, context: Context) {
  const query = queryOf(list, args, info, maxSizeFor(context));
  if (query.backward) return null;
  const named = [...columns].map(([key, column]) => sql`${column} as ${sql.identifier(key)}`);
  const asked = sql`cross join lateral (select ${sql.join(named, sql`, `)}) as asked`;
  const page = readOf(
    {
      ...query,
      select: sql`row_to_json(asked)::text || chr(10) as line`,
      from: sql`${query.from} ${asked}`,
      limit: query.size,
    },
    condition,
  );
  const lasts = query.keys.map((_, i) => sql`(array_agg(${sortColumn(i)}::text))[count(*)]`);
  const [bytes, head] = await bytesOf(
    context.db,
    sql`${query.with}select string_agg(line, ''), json_build_array(count(*), ${sql.join(lasts, sql`, `)}) from (${page}) as page`,
  );
  const [rows, ...last]: [number, ...(string | null)[]] = JSON.parse(String(head));
  return {
    lines: new Lines(bytes ?? Buffer.alloc(0)),
    rows,
    endCursor: rows > 0 ? cursorOf(args.orderBy, last) : null,
    keys: [...columns.keys()],
  };
}
