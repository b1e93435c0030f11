import { isDeepStrictEqual } from 'node:util';
import type { Expected, Path } from './expected.ts';
import type { Effort, Response } from './hubs.ts';

/** A difference between two answers. */
export type Difference = { readonly kind: string; readonly detail: string };

type Answer = {
  readonly data?: unknown;
  readonly errors?: readonly {
    readonly message: string;
    readonly path?: Path;
    readonly extensions?: Record<string, unknown>;
  }[];
};

export const answerOf = ({ text }: Response): Answer => JSON.parse(text) as Answer;

/**
 * Compares hidden with absent: the answers to one caller from a database with the rows that the caller may not see, and from one without
 * them.
 */
export function compareHidden(hidden: Response, absent: Response): Difference[] {
  const found: Difference[] = [];
  const [one, other] = [answerOf(hidden), answerOf(absent)];
  if (!isDeepStrictEqual(one.data, other.data))
    found.push({ kind: 'data', detail: whereFrom(one.data, other.data) });
  // Of several faults in one question, the first that an agency finds is reported, and calls beside it are cancelled.
  const isWhole = [one, other].every(({ errors: all = [] }) => all.every(isDenial));
  const [errors, others] = isWhole ? [errorsOf(one), errorsOf(other)] : [codesOf(one), codesOf(other)];
  if (!isDeepStrictEqual(errors, others)) found.push({ kind: 'errors', detail: whereFrom(errors, others) });
  return isWhole ? [...found, ...compareEfforts(hidden.effort, absent.effort)] : found;
}

/** Compares exports, which are text; their effort is compared like that of any other question. */
export function compareExports(hidden: Response, absent: Response): Difference[] {
  const isSame = hidden.text === absent.text;
  const differing = isSame
    ? []
    : [{ kind: 'export', detail: `${hidden.text.slice(0, 300)} | ${absent.text.slice(0, 300)}` }];
  return [...differing, ...compareEfforts(hidden.effort, absent.effort)];
}

function compareEfforts(hidden: Effort, absent: Effort): Difference[] {
  const isWhole = [hidden, absent].every((each) =>
    Object.values(each).every(({ isBrokenOff }) => !isBrokenOff),
  );
  if (!isWhole) return [];
  const names = [...new Set([...Object.keys(hidden), ...Object.keys(absent)])].sort();
  const calls = names.filter((name) => hidden[name]?.calls !== absent[name]?.calls);
  const bytes = names.filter((name) => hidden[name]?.bytes !== absent[name]?.bytes);
  const listed = (what: 'calls' | 'bytes', all: readonly string[]) =>
    all.map((name) => `${name} ${hidden[name]?.[what] ?? 0} | ${absent[name]?.[what] ?? 0}`).join(', ');
  return [
    ...(calls.length > 0 ? [{ kind: 'calls', detail: listed('calls', calls) }] : []),
    ...(calls.length === 0 && bytes.length > 0 ? [{ kind: 'bytes', detail: listed('bytes', bytes) }] : []),
  ];
}

const errorsOf = ({ errors = [] }: Answer) =>
  errors.map(({ message, path, extensions: { requestId, ...extensions } = {} }) => ({
    message,
    path,
    extensions,
  }));

const codesOf = ({ errors = [] }: Answer) =>
  [...new Set(errors.map(({ extensions }) => String(extensions?.code)))].sort();

/** True for errors that depend on the caller's access. */
const isDenial = ({ extensions }: NonNullable<Answer['errors']>[number]) => extensions?.code === 'NOT_SHARED';

/** Compares an answer with the expected one. */
export function compareExpected(asked: Response, { data, denied, undecided }: Expected): Difference[] {
  const answer = answerOf(asked);
  const all = answer.errors ?? [];
  if (all.some((error) => !isDenial(error))) return [];
  const [left, right] = [structuredClone(answer.data), structuredClone(data)];
  const places = undecided.map((path) => nullOn(path, data));
  for (const place of places) for (const each of [left, right]) cut(each, place);
  const found: Difference[] = [];
  if (!isDeepStrictEqual(left, right)) found.push({ kind: 'oracle: data', detail: whereFrom(left, right) });
  const said = new Set(all.map(({ path }) => JSON.stringify(path)));
  const isCut = (path: Path) => places.some((each) => isUnder(path, each) || isUnder(each, path));
  const missing = denied.filter((path) => !said.has(JSON.stringify(path)) && !isCut(path));
  if (missing.length > 0 && all.length < 100) {
    found.push({
      kind: 'oracle: no error where something is denied',
      detail: JSON.stringify(missing.slice(0, 3)),
    });
  }
  const expected = new Set(denied.map((path) => JSON.stringify(path)));
  const extra = all.filter(({ path = [] }) => !expected.has(JSON.stringify(path)) && !isCut(path));
  if (extra.length > 0) {
    found.push({ kind: 'oracle: denied what is shared', detail: JSON.stringify(extra.slice(0, 2)) });
  }
  return found;
}

const isUnder = (path: Path, above: Path) => above.every((segment, i) => path[i] === segment);

/** Returns the part of a path that exists in the data. */
function nullOn(path: Path, data: unknown): Path {
  let value = data;
  for (const [depth, segment] of path.entries()) {
    if (value === null || value === undefined) return path.slice(0, depth);
    value = (value as Record<string | number, unknown>)[segment];
  }
  return path;
}

/** Removes the value at a path, if there is one. */
function cut(data: unknown, path: Path): void {
  let value = data;
  for (const segment of path.slice(0, -1)) value = isObject(value) ? value[segment] : undefined;
  const last = path.at(-1);
  if (isObject(value) && last !== undefined) value[last] = 'undecided';
}

/** Returns the first place where two values differ, with both values. */
export function whereFrom(one: unknown, other: unknown, path = ''): string {
  if (isObject(one) && isObject(other)) {
    for (const key of new Set([...Object.keys(one), ...Object.keys(other)])) {
      if (!isDeepStrictEqual(one[key], other[key])) return whereFrom(one[key], other[key], `${path}/${key}`);
    }
  }
  return `${path}: ${brief(one)} | ${brief(other)}`;
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null;
const brief = (value: unknown) => (JSON.stringify(value) ?? 'nothing').slice(0, 240);
