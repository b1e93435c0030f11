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

/** Lines of text that stay bytes in this process and become a string only in JSON. `npm run bench:data` (exports) misses its aim without it. */
class Lines {
  readonly bytes: Buffer;

  constructor(bytes: Buffer) {
    this.bytes = bytes;
  }

  toJSON(): string {
    return this.bytes.toString();
  }
}

/** A page of a list as text, for an export. */
export interface BulkRows {
  /** One JSON object per line, each with a line end. */
  lines: Lines;
  rows: number;
  /** Cursor of the last row; null if the page is empty. */
  endCursor: string | null;
  /** Names of the fields of each row, in order. */
  keys: readonly string[];
}

/**
 * Answers a query for one page of a whole list, if it asks for plain columns only. Postgres writes the rows, as the same text that the
 * resolvers would produce. Returns null for any other query, and for a query that fails. `npm run bench:data` (exports) misses its aim without it.
 */
async function bulkRows(
  schema: GraphQLSchema,
  query: string,
  variableValues: Readonly<Record<string, unknown>> | null | undefined,
  context: Context,
): Promise<BulkRows | null> {
  const document = parse(query);
  if (validate(schema, document).length > 0) return null;
  // The resolver of the list gives the page that it would read, with its own conditions.
  const pages: AskedPage[] = [];
  const contextValue: Context = { ...context, onPage: (page) => pages.push(page) };
  const { errors } = await execute({ schema, document, variableValues, contextValue });
  const [page] = pages;
  if (errors || !page || pages.length > 1 || !isAtRoot(page.info)) return null;
  const columns = plainColumns(page);
  return columns && read(page, columns, context);
}

/** True if the field is the only one of its query. */
const isAtRoot = ({ parentType, schema, operation }: GraphQLResolveInfo) =>
  parentType === schema.getQueryType() && operation.selectionSet.selections.length === 1;

/** `Query._rows`, for the gateway only. Like `_entities` it is no part of the public schema. */
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

/** Returns a column for each requested field, by its key in the answer; null if a field is more than a plain column. */
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
    // Postgres truncates longer names.
    if (!column || Buffer.byteLength(key) > 63) return null;
    columns.set(key, column);
  }
  return columns.size > 0 ? columns : null;
}

const below = (info: GraphQLResolveInfo, type: GraphQLObjectType, nodes: readonly FieldNode[]) =>
  collectSubfields(info.schema, info.fragments, info.variableValues, type, nodes);

/** Returns how to write a column, if the field has no resolver and its type gives the same text. */
function plainColumn(
  field: GraphQLField<unknown, unknown> | undefined,
  column: PgColumn | undefined,
): SQL | undefined {
  if (!field || field.resolve || !column || (isNonNullType(field.type) && !column.notNull)) return undefined;
  return writers[column.getSQLType()]?.(typeNameOf(field.type), column);
}

/** Returns the name of a type: `[ID]` for a list; for an enum that of a text type, because its column holds the values. */
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

/** Writers by SQL type: they write a column as the resolvers would. */
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
