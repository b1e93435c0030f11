import { isObject, type Json } from '../execution/json.ts';
import type { KeyCalls } from './key-calls.ts';
import { isOfRelation } from './lift.ts';
import type { KeptList, Related, RelationsOfGraph } from './relations-of-graph.ts';
import { misused, tooDeep, tooMany } from './unresolved.ts';

export type Resolving = {
  readonly relations: RelationsOfGraph;
  readonly calls: KeyCalls;
  /** How many relations a condition or an order may lead over. */
  readonly maxDepth: number;
};

/** Where in an argument a condition stands. */
type Place = {
  readonly path: string;
  /** Relations that lead here. */
  readonly depth: number;
  /** What has to hold of a row besides, so that the conditions here matter. */
  readonly besides: readonly Json[];
};

/** Whether a filter or an order asks for something that the subgraph of its list does not keep. */
export function isRelated(value: unknown, input: string, relations: RelationsOfGraph): boolean {
  if (Array.isArray(value)) return value.some((each) => isRelated(each, input, relations));
  if (!isObject(value)) return false;
  return Object.entries(value).some(
    ([name, part]) =>
      isOfRelation(input, name, relations) || (isJunction(name) && isRelated(part, input, relations)),
  );
}

const isJunction = (name: string) => name === 'and' || name === 'or' || name === 'not';

/**
 * A filter with every condition on something related turned into one on keys, by what the lists that they lead to
 * answer: a semi-join, or an anti-join where there must be none. Conditions that do not depend on each other are
 * resolved at once. Rejects with `Unresolved`.
 */
export async function resolveFilter(
  filter: Json,
  list: KeptList,
  resolving: Resolving,
  place: Place = { path: 'filter', depth: 0, besides: [] },
): Promise<Json> {
  const { relations } = resolving;
  if (!isRelated(filter, list.filter, relations)) return filter;
  const { path } = place;
  const plain: Json = {};
  const conditions: Condition[] = [];
  const junctions: (readonly [string, unknown])[] = [];
  for (const [name, value] of Object.entries(filter)) {
    if (value === null || value === undefined) continue;
    const related = relations.of(list.filter, name);
    if (related) conditions.push(...conditionsOf(related, value as Json, `${path}.${name}`));
    else if (isJunction(name)) junctions.push([name, value]);
    else if (name === 'exists') throw misused(`${path}.exists`, existsMisplaced(path));
    else plain[name] = value;
  }

  const inner: Place = { ...place, besides: [...place.besides, plain] };
  const [joined, resolved] = await Promise.all([
    Promise.all(junctions.map(([name, value]) => resolveJunction(name, value, list, resolving, inner))),
    resolveAll(conditions, resolving, inner),
  ]);
  return { and: [plain, ...joined, ...resolved] };
}

const existsMisplaced = (path: string) =>
  `${path}.exists must stand directly in a condition on something related, as in {park: {exists: false}}, ` +
  'not below and, or, not, nor in the filter of a list.';

async function resolveJunction(
  name: string,
  value: unknown,
  list: KeptList,
  resolving: Resolving,
  place: Place,
): Promise<Json> {
  const path = `${place.path}.${name}`;
  if (name === 'not') return { not: await resolveFilter(value as Json, list, resolving, { ...place, path }) };
  const parts = (value as Json[]).map((part, i) =>
    resolveFilter(part, list, resolving, { ...place, path: `${path}.${i}` }),
  );
  return { [name]: await Promise.all(parts) };
}

/** That there is something related which meets a filter (does not meet it, if `negated`), or, if `absent`, that there is not. */
type Condition = {
  readonly related: Related;
  readonly filter: Json;
  readonly negated: boolean;
  readonly absent: boolean;
  readonly path: string;
};

function conditionsOf(related: Related, value: Json, path: string): Condition[] {
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
    return [condition(filter, { absent: exists === false })];
  }
  const { some, none, every, exists } = value as Record<'some' | 'none' | 'every', Json | null> & {
    exists?: boolean | null;
  };
  return [
    ...(some ? [condition(some, { path: `${path}.some` })] : []),
    ...(none ? [condition(none, { path: `${path}.none`, absent: true })] : []),
    // Of all it holds where there is none of which it does not.
    ...(every ? [condition(every, { path: `${path}.every`, absent: true, negated: true })] : []),
    ...(typeof exists === 'boolean' ? [condition({}, { path: `${path}.exists`, absent: !exists })] : []),
  ];
}

/** More keys than these are not asked for before it is known whether another condition leaves fewer. */
const fewKeys = 5_000;

/**
 * Each by itself, where its keys are few. Otherwise only those keys matter that are related to
 * rows for which all else holds: where these can be carried, they go the other way. What is
 * left is asked for as a whole, as far as the limit goes.
 */
async function resolveAll(
  conditions: readonly Condition[],
  resolving: Resolving,
  place: Place,
): Promise<Json[]> {
  const { limit } = resolving.calls;
  const filters = await Promise.all(conditions.map((each) => filterOfOther(each, resolving, place)));
  let found: readonly (Json | undefined)[] = conditions.map(() => undefined);
  const besides = () => ({ and: [...place.besides, ...found.filter((each) => each !== undefined)] });
  const find = async (scopeOf: (condition: Condition) => Promise<Scope | undefined>) => {
    found = await Promise.all(
      conditions.map(async (condition, i) => {
        const scope = found[i] ? undefined : await scopeOf(condition);
        return scope ? holds(condition, filters[i] ?? {}, resolving, scope) : found[i];
      }),
    );
  };
  const amongTheRest = async ({ related }: Condition) => {
    const among = await keysBesides(related, besides(), resolving);
    return among && { among };
  };

  await find(async () => ({ most: Math.min(fewKeys, limit) }));
  if (!asksNothing(besides())) await find(amongTheRest);
  await find(async () => ({}));
  await find(amongTheRest);
  return found.map((each, i) => each ?? raise(tooMany(conditions[i]?.path ?? place.path, limit)));
}

/** Which keys are asked for: those among some, and how many at most. */
type Scope = { readonly among?: readonly string[]; readonly most?: number };

function raise(error: Error): never {
  throw error;
}

function filterOfOther(
  { related, filter, path }: Condition,
  resolving: Resolving,
  { depth }: Place,
): Promise<Json> {
  if (depth >= resolving.maxDepth) throw tooDeep(path, resolving.maxDepth);
  return resolveFilter(filter, related.other, resolving, { path, depth: depth + 1, besides: [] });
}

/** The condition on the own list's rows; undefined where it would take too many keys. */
async function holds(
  { related, negated, absent }: Condition,
  filter: Json,
  { calls }: Resolving,
  { among, most }: Scope,
): Promise<Json | undefined> {
  const { own, other, link, inverse } = related;
  const asked = { filter, ...(among && { among }) };
  const found = async (): Promise<Json | undefined> => {
    if (inverse) {
      const keys = await calls.keys(other, { ...asked, negated, link, to: own.rowType }, most);
      return keys && { _related: [{ keys }] };
    }
    const to = other.rowType;
    // Whom they name is not asked then: a name that nobody else keeps counts too.
    if (asksNothing(filter) && !calls.hidesRowsOf(other)) return { _related: [{ link, to }] };
    const keys = await calls.keys(other, asked, most);
    return keys && { _related: [{ link, to, keys }] };
  };
  const condition = await found();
  return condition && absent ? { not: condition } : condition;
}

/** Whether a filter holds for every row, as subgraphs read it. */
const asksNothing = (filter: Json): boolean =>
  Object.entries(filter).every(([name, value]) => {
    if (value === null || value === undefined) return true;
    if (name === 'and') return (value as Json[]).every(asksNothing);
    if (name === 'or') return (value as Json[]).some(asksNothing);
    return name === 'not' && asksNothing(value as Json);
  });

/** What can be related to rows that meet this: what they name, or the rows themselves, where they are named. */
export const keysBesides = (
  { own, other, link, inverse }: Related,
  filter: Json,
  { calls }: Resolving,
): Promise<readonly string[] | undefined> =>
  calls.keys(own, inverse ? { filter } : { filter, link, to: other.rowType });
