import {
  type ExecutionResult,
  executeSync,
  type GraphQLInputType,
  type GraphQLResolveInfo,
  getNamedType,
  isEnumType,
  isInputObjectType,
  isNonNullType,
  Kind,
  parse,
  type ValueNode,
  valueFromASTUntyped,
} from 'graphql';
import { fieldsOf, leadsOnly, rowsBehind, schema, sharingOf } from './graph.ts';
import type { Question } from './hubs.ts';
import { isSome } from './reach.ts';
import { type Sight, unlistable } from './sight.ts';
import { tables } from './tables.ts';
import { identityKey } from './with-identities.ts';

export type Path = readonly (string | number)[];

/** The expected answer. */
export type Expected = {
  readonly data: unknown;
  /** Paths that are null because access is denied. */
  readonly denied: readonly Path[];
  /** Paths that the documentation does not decide. */
  readonly undecided: readonly Path[];
};

class Denied extends Error {}
class Undecided extends Error {}

/** Visible rows, by key: of a field that is visible for some rows only, and of a type with some rows hidden. */
export type Keys = ReadonlyMap<string, ReadonlySet<unknown>>;

/** Returns the expected answer for a caller, from the answer of a hub that has only the visible rows. */
export function expectedOf(
  { query, variables }: Question,
  open: unknown,
  sight: Sight,
  keys: Keys,
): Expected {
  const result: ExecutionResult = executeSync({
    schema,
    document: parse(query),
    variableValues: variables,
    rootValue: open,
    fieldResolver: (row, _args, _context, info) => resolve(row as Row, info, sight, keys),
    typeResolver: (row) => (row as Row).__typename as string,
  });
  const at = (kind: typeof Denied | typeof Undecided) =>
    (result.errors ?? []).flatMap(({ originalError, path }) =>
      originalError instanceof kind && path ? [path] : [],
    );
  return { data: result.data, denied: at(Denied), undecided: at(Undecided) };
}

type Row = Readonly<Record<string, unknown>>;

function resolve(row: Row, info: GraphQLResolveInfo, sight: Sight, keys: Keys): unknown {
  const { parentType, fieldName, path } = info;
  const value = row[path.key];
  const coordinate = `${parentType.name}.${fieldName}`;
  if (isOfCaller(coordinate, info, sight)) throw new Undecided(coordinate);
  if (sight.isOfOneKind && info.fieldNodes[0]?.arguments?.some(({ name }) => name.value === 'synthetic')) {
    throw new Undecided(coordinate);
  }
  for (const use of usesOf(info)) {
    if (namesOthers(use) || use.endsWith(existence)) throw new Undecided(use);
    const may = sight.mayUse(use);
    if (may === undefined) throw new Undecided(use);
    if (!may) throw new Denied(use);
  }
  const reach = sight.reachOf(coordinate);
  const rows = rowsBehind(getNamedType(info.returnType).name);
  // A list of closed rows of which nothing is seen is no list, even if everybody may ask for it.
  const isClosed = classOfRows(rows) !== 'UNCONDITIONAL';
  if (rows !== getNamedType(info.returnType).name && isClosed && !sight.sees(rows))
    throw new Denied(coordinate);
  if (reach === 'none') throw new Denied(coordinate);
  if (reach === 'unknown') throw new Undecided(coordinate);
  if (isSome(reach)) {
    const key = row[identityKey];
    const those = keys.get(coordinate);
    if (!those || key === undefined) throw new Undecided(coordinate);
    if (!those.has(key)) throw new Denied(coordinate);
  }
  const listed = rowsBehind(parentType.name);
  const listedRows = isOfWholeList(coordinate, listed) ? sight.rowsOf(listed) : 'all';
  if (isSome(listedRows) || listedRows === 'unknown') throw new Undecided(coordinate);
  const type = getNamedType(info.returnType).name;
  if (sight.rowsOf(type) === 'unknown' || isKeptThough(rows, sight)) throw new Undecided(coordinate);
  if (
    isLimited(sight) &&
    (['Source', 'Citation'].includes(type) || (leadsOnly(type) && rowsBehind(type) === 'Region'))
  ) {
    // These rows stay in the database when the others are deleted.
    throw new Undecided(coordinate);
  }
  if (type !== 'Region' || !isLimited(sight)) return value;
  const shown = withoutHidden(value, keys.get('Region'));
  // A list that may be null is null where nothing is left of it.
  return Array.isArray(shown) && shown.length === 0 && !isNonNullType(info.returnType) ? null : shown;
}

/** What an agency tells each caller about this caller's own work. A hub without callers does not know it. */
const isOfCaller = (coordinate: string, { fieldNodes }: GraphQLResolveInfo, sight: Sight) =>
  /\.allowedActions$|^Query\.\w+Tasks$/.test(coordinate) ||
  (/^Query\.\w+Changes$/.test(coordinate) &&
    (sight.isOfOneKind || fieldNodes[0]?.arguments?.some(({ name }) => name.value === 'mine')));

/** A hidden row that is referred to by its id does not exist for conditions and groups, but its id stays in the row. */
const namesOthers = (use: string) =>
  /(Filter\.\w+Ids?|Dimension\.\w+_ID|Dimension\.(PARENT|HOST|COVERS|CULTIVATED_BY|PROPOSED_BY))$/.test(use);

/** Condition that a related row exists: it has the same problem, because ids of deleted rows stay in the rows. */
const existence = '.exists';
const asksForExistence = (value: object) => Object.keys(value).every((name) => name === 'exists');

/** True for a type of which some rows are hidden, but stay in the database. */
const isKeptThough = (typeName: string, sight: Sight) =>
  tables[typeName]?.names.length === 0 && isSome(sight.rowsOf(typeName));

/** Class of what tells one row from another. */
const classOfRows = (typeName: string) =>
  sharingOf(
    [`${typeName}.id`, ...fieldsOf(typeName).map(({ name }) => `${typeName}.${name}`)].find(sharingOf) ?? '',
  )?.class;

/** True if not all regions are visible. */
const isLimited = (sight: Sight) => sight.rowsOf('Region') !== 'all';

/**
 * A list that cannot be queried without its hidden rows shows nothing about the whole list; the documentation does not say which lists
 * these are.
 */
const isOfWholeList = (coordinate: string, listed: string) =>
  (unlistable.has(listed) ? /Connection\.\w+$/ : /Connection\.(totalCount|aggregates|completeness)$/).test(
    coordinate,
  );

const withoutHidden = (value: unknown, shown: ReadonlySet<unknown> | undefined): unknown => {
  const isShown = (row: unknown) => row === null || shown?.has((row as Row)[identityKey]);
  if (Array.isArray(value)) return value.filter(isShown);
  return value !== null && value !== undefined && !isShown(value) ? null : value;
};

/** Returns the conditions, orders and dimensions in the arguments of a field. */
function usesOf({ fieldNodes, parentType, fieldName, variableValues }: GraphQLResolveInfo): string[] {
  const args = parentType.getFields()[fieldName]?.args ?? [];
  return (fieldNodes[0]?.arguments ?? []).flatMap(({ name, value }) => {
    const type = args.find((each) => each.name === name.value)?.type;
    return type ? usesOfValue(plain(value, variableValues), type) : [];
  });
}

const plain = (node: ValueNode, variables: Readonly<Record<string, unknown>>): unknown =>
  node.kind === Kind.VARIABLE ? variables[node.name.value] : valueFromASTUntyped(node, variables);

function usesOfValue(value: unknown, type: GraphQLInputType): string[] {
  if (value === null || value === undefined) return [];
  const named = getNamedType(type);
  if (Array.isArray(value)) return value.flatMap((each) => usesOfValue(each, named));
  if (isEnumType(named)) return [`${named.name}.${value}`].filter(sharingOf);
  if (!isInputObjectType(named)) return [];
  const isOfRows = named.getFields().and !== undefined || named.name.endsWith('Relation');
  if (isOfRows && asksForExistence(value)) return [`${named.name}${existence}`];
  return Object.entries(value).flatMap(([name, part]) => {
    const field = named.getFields()[name];
    if (!field || part === null || part === undefined) return [];
    return [...[`${named.name}.${name}`].filter(sharingOf), ...usesOfValue(part, field.type)];
  });
}
