import type { Words } from '@wenshu/schema/errors.ts';
import { isObject, type Json } from '../lib/json.ts';
import { isOfRelation } from '../planning/lift-arguments.ts';
import { type Brought, type KeptList, objectIn, type Related } from '../supergraph/relations.ts';
import { misused, tooDeep, tooMany } from './failures.ts';
import { asRelations, namesHidden } from './hidden-names.ts';
import type { KeyCalls, KeysWanted } from './key-calls.ts';
import { isMetWithout } from './met-without.ts';
import type { Resolving } from './resolving.ts';

/** Position of a condition in an argument. */
type Place = {
  readonly path: string;
  /** Number of relations that lead here. */
  readonly depth: number;
  /** Other conditions of the row. A row that fails them needs no check. */
  readonly besides: readonly Json[];
};

const start: Place = { path: 'filter', depth: 0, besides: [] };

/** Whether a filter or order needs data that the list's own subgraph does not have, or may not decide on alone. */
export function isRelated(value: unknown, input: string, resolving: Resolving): boolean {
  if (Array.isArray(value)) return value.some((each) => isRelated(each, input, resolving));
  if (!isObject(value)) return false;
  return Object.entries(value).some(
    ([name, part]) =>
      isOfRelation(input, name, resolving.relations) ||
      namesHidden(input, name, resolving) ||
      (isJunction(name) && isRelated(part, input, resolving)),
  );
}

const isJunction = (name: string) => name === 'and' || name === 'or' || name === 'not';

/**
 * Replaces every condition on related data by one on keys, which the related lists answer: a semi-join, or an anti-join
 * for absence. Independent conditions are resolved concurrently. When more rows match a condition than can be carried,
 * only rows that pass all other conditions are checked: their keys are carried in the opposite direction. Rejects with
 * `ArgumentFailure`.
 */
export async function resolveFilter(
  filter: Json,
  list: KeptList,
  resolving: Resolving,
  place: Place = start,
): Promise<Json> {
  if (!isRelated(filter, list.filter, resolving)) return filter;
  const { resolved, open } = await resolveParts(filter, list, resolving, place);
  const besides = { and: [...place.besides, ...resolved] };
  const others = open.map(async (each) => {
    const among = await keysBesides(each.condition.related, besides, resolving);
    const condition = among && (await holds(each, resolving, { among }));
    if (!condition) throw tooMany(each.condition.path, resolving.calls.limit);
    return condition;
  });
  return { and: [...resolved, ...(await Promise.all(others))] };
}

/** Parts of a filter, all of which must hold. */
export type Parts = {
  /** Conditions that the list's own subgraph can answer. */
  readonly resolved: readonly Json[];
  /** Conditions with more matches than can be carried. */
  readonly open: readonly OpenCondition[];
};

export type Wanting = {
  /** Whether only a few keys are wanted. */
  readonly onlyFew?: boolean;
  /** Whether conditions of absence are left open. */
  readonly onlyPresent?: boolean;
};

/** Resolves the parts of a filter with few enough keys. Rejects with `ArgumentFailure`. */
export async function resolveParts(
  filter: Json,
  list: KeptList,
  resolving: Resolving,
  place: Place = start,
  { onlyPresent = false, ...only }: Wanting = {},
): Promise<Parts> {
  const { plain, conditions, junctions, deliveries } = splitFilter(filter, list, resolving, place.path);
  const inner: Place = { ...place, besides: [...place.besides, ...plain] };
  const [delivered, joined, found] = await Promise.all([
    Promise.all(deliveries.map((each) => deliver(each, resolving))),
    Promise.all(
      junctions.map(({ name, value, path }) =>
        resolveJunction(name, value, list, resolving, { ...inner, path }),
      ),
    ),
    Promise.all(
      conditions.map(async (condition) => {
        const open: OpenCondition = { condition, filter: await filterOfOther(condition, resolving, place) };
        const isLeft = onlyPresent && condition.absent && condition.related.inverse;
        return { open, holding: isLeft ? undefined : await holds(open, resolving, only) };
      }),
    ),
  ]);
  return {
    resolved: [
      ...plain,
      ...delivered,
      ...joined,
      ...found.flatMap(({ holding }) => (holding ? [holding] : [])),
    ],
    open: found.flatMap(({ open, holding }) => (holding ? [] : [open])),
  };
}

type Split = {
  readonly plain: readonly Json[];
  readonly conditions: readonly Condition[];
  readonly deliveries: readonly Delivery[];
  readonly junctions: readonly {
    readonly name: 'or' | 'not';
    readonly value: unknown;
    readonly path: string;
  }[];
};

/** Splits a filter. The members of `and` are treated as if they stood beside it. */
function splitFilter(filter: Json, list: KeptList, resolving: Resolving, path: string): Split {
  const own: Json = {};
  const plain = [own];
  const conditions: Condition[] = [];
  const junctions: Split['junctions'][number][] = [];
  const deliveries: Delivery[] = [];
  const takeFrom = (part: Json, from: string) => {
    const split = splitFilter(part, list, resolving, from);
    plain.push(...split.plain);
    conditions.push(...split.conditions);
    junctions.push(...split.junctions);
    deliveries.push(...split.deliveries);
  };
  for (const [name, value] of Object.entries(filter)) {
    const here = `${path}.${name}`;
    if (value === null || value === undefined) continue;
    const related = resolving.relations.of(list.filter, name);
    const brought = resolving.relations.broughtTo(list.filter, name);
    if (related) {
      conditions.push(...conditionsOf(related, value as Json, here, resolving));
      if (related.among && (value as Json).exists == null) plain.push(objectIn(related.among));
    } else if (brought) deliveries.push({ brought, name, value: value as Json, path: here });
    else if (name === 'and') {
      for (const [i, part] of (value as Json[]).entries()) takeFrom(part, `${here}.${i}`);
    } else if (namesHidden(list.filter, name, resolving)) {
      takeFrom(asRelations(value as Json, resolving.relations.namedBy(list.filter, name)), path);
    } else if (name === 'or' || name === 'not') junctions.push({ name, value, path: here });
    else if (name === 'exists') throw misused(here, existsMisplaced(path));
    else own[name] = value;
  }
  return { plain, conditions, junctions, deliveries };
}

/** A condition of the list's own subgraph that needs a value of another list. */
type Delivery = {
  readonly brought: Brought;
  readonly name: string;
  readonly value: Json;
  readonly path: string;
};

/** Adds the value to a condition; none if the row does not exist for the caller. */
async function deliver({ brought, name, value, path }: Delivery, { calls }: Resolving): Promise<Json> {
  const { own, other, id, value: link } = brought;
  const values = await calls.keys(other, { filter: { id: { eq: value[id] } }, link, to: own.rowType });
  if (!values) throw tooMany(path, calls.limit);
  return { [name]: { ...value, [link]: values } };
}

const existsMisplaced = (path: string): Words => ({
  message:
    `${path}.exists must stand directly in a condition on related records, for example {park: {exists: false}}, ` +
    'not below and, or, not, nor in the filter of a list.',
  messageZh: `${path}.exists 须直接置于关于相关记录的条件之中,如 {park: {exists: false}},不能在 and、or、not 之下,也不能在列表的筛选条件中。`,
});

async function resolveJunction(
  name: 'or' | 'not',
  value: unknown,
  list: KeptList,
  resolving: Resolving,
  place: Place,
): Promise<Json> {
  if (name === 'not') return { not: await resolveFilter(value as Json, list, resolving, place) };
  const parts = (value as Json[]).map((part, i) =>
    resolveFilter(part, list, resolving, { ...place, path: `${place.path}.${i}` }),
  );
  return { or: await Promise.all(parts) };
}

/**
 * A condition that a related row matches a filter (does not match it, if `negated`), or that no such row exists, if
 * `absent`.
 */
export type Condition = {
  readonly related: Related;
  readonly filter: Json;
  readonly negated: boolean;
  readonly absent: boolean;
  readonly path: string;
};

function conditionsOf(related: Related, value: Json, path: string, { relations }: Resolving): Condition[] {
  const condition = (filter: Json, kind: Partial<Condition> = {}): Condition => ({
    related,
    filter,
    negated: false,
    absent: false,
    path,
    ...kind,
  });
  if (!related.isList) {
    const { exists, ...filter } = value;
    // Where rows without a related row meet the condition too, it says that there is no related row that fails it.
    const isRelation = (name: string) => relations.of(related.other.filter, name) !== undefined;
    if (exists == null && related.without && isMetWithout(filter, related.without, isRelation)) {
      return [condition(filter, { absent: true, negated: true })];
    }
    return [condition(filter, { absent: exists === false })];
  }
  const { some, none, every, exists } = value as Record<'some' | 'none' | 'every', Json | null> & {
    exists?: boolean | null;
  };
  return [
    ...(some ? [condition(some, { path: `${path}.some` })] : []),
    ...(none ? [condition(none, { path: `${path}.none`, absent: true })] : []),
    // `every` holds when no row fails the filter.
    ...(every ? [condition(every, { path: `${path}.every`, absent: true, negated: true })] : []),
    ...(typeof exists === 'boolean' ? [condition({}, { path: `${path}.exists`, absent: !exists })] : []),
  ];
}

function filterOfOther(
  { related, filter, path }: Condition,
  resolving: Resolving,
  { depth }: Place,
): Promise<Json> {
  if (depth >= resolving.maxDepth) throw tooDeep(path, resolving.maxDepth);
  return resolveFilter(filter, related.other, resolving, { path, depth: depth + 1, besides: [] });
}

/** A condition with the filter for the related list's subgraph. */
export type OpenCondition = { readonly condition: Condition; readonly filter: Json };

type Only = Pick<KeysWanted, 'among' | 'onlyFew'>;

/** Returns the condition on the list's own rows; undefined when it would need too many keys. */
export async function holds(
  open: OpenCondition,
  { calls }: Resolving,
  only: Only = {},
): Promise<Json | undefined> {
  const { related, absent } = open.condition;
  const { other, link, inverse } = related;
  const found = async (): Promise<Json | undefined> => {
    if (inverse) {
      const keys = await keysNamed(open, calls, only);
      return keys && { _related: [{ keys }] };
    }
    const to = other.rowType;
    // The rows behind the link are not checked then: a link to a row that no list has counts too.
    if (asksNothing(open.filter) && !calls.hidesRowsOf(other)) return { _related: [{ link, to }] };
    const keys = await calls.keys(other, { filter: open.filter, ...only });
    return keys && { _related: [{ link, to, keys }] };
  };
  const condition = await found();
  return condition && absent ? { not: condition } : condition;
}

/** For a relation that the related list's rows keep: returns the own rows that its matching rows name. */
export const keysNamed = (
  { condition: { related, negated }, filter }: OpenCondition,
  calls: KeyCalls,
  only: Only,
): Promise<readonly string[] | undefined> =>
  calls.keys(related.other, { filter, ...only, negated, link: related.link, to: related.own.rowType });

/** Whether a filter holds for every row, as subgraphs read it. */
const asksNothing = (filter: Json): boolean =>
  Object.entries(filter).every(([name, value]) => {
    if (value === null || value === undefined) return true;
    if (name === 'and') return (value as Json[]).every(asksNothing);
    if (name === 'or') return (value as Json[]).some(asksNothing);
    return name === 'not' && asksNothing(value as Json);
  });

/** Returns the rows that can be related to matching ones: those that they name, or the rows themselves. */
export const keysBesides = (
  { own, other, link, inverse }: Related,
  filter: Json,
  { calls }: Resolving,
): Promise<readonly string[] | undefined> =>
  calls.keys(own, inverse ? { filter } : { filter, link, to: other.rowType });
