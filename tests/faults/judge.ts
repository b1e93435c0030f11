import type { SubgraphName } from '@wenshu/schema/subgraph-sdl.ts';
import { isObject, type Json } from './json.ts';
import { ownerOf } from './questions.ts';

export type Verdict =
  /** All of the right answer, and no error. */
  | { readonly kind: 'whole' }
  /** Null, with the right code at the right path, where a suspect failed; all else is there and right. */
  | { readonly kind: 'partial' }
  /** A field is missing although nothing is wrong with its subgraph. */
  | { readonly kind: 'lost'; readonly why: string }
  /** Something that is not so, or nothing with no reason given. */
  | { readonly kind: 'wrong'; readonly why: string };

type Path = readonly (string | number)[];

const failureCodes = new Set<unknown>(['SUBGRAPH_UNAVAILABLE', 'SUBGRAPH_TIMEOUT']);

/** Compares an answer with the right one; `suspects` are the subgraphs that may be failing now. */
export function judge(expected: Json, answer: unknown, suspects: ReadonlySet<SubgraphName>): Verdict {
  if (!isObject(answer)) return wrong('It is no GraphQL answer.');
  const { data, errors = [] } = answer;
  const gaps: Path[] = [];
  const difference = compare(expected, data, [], gaps);
  if (difference) return wrong(difference);
  if (!Array.isArray(errors)) return wrong('Its errors are no list.');

  const reasons: Path[] = [];
  for (const error of errors) {
    const reason = readReason(error, data, suspects);
    if ('kind' in reason) return reason;
    reasons.push(reason);
  }
  for (const gap of gaps) {
    const owner = ownerAt(gap);
    if (!owner || !suspects.has(owner)) return lost(`${gap.join('.')} is null although ${owner} is well.`);
    if (!reasons.some((path) => isWithin(gap, path)))
      return wrong(`${gap.join('.')} is null, and no error says why.`);
  }
  return errors.length > 0 ? { kind: 'partial' } : { kind: 'whole' };
}

/** Collects where null stands in place of a value; returns the first other difference. */
function compare(expected: unknown, actual: unknown, path: Path, gaps: Path[]): string | undefined {
  if (Object.is(expected, actual)) return undefined;
  if (actual === null) {
    gaps.push(path);
    return undefined;
  }
  const where = path.join('.') || 'data';
  if (Array.isArray(expected) && Array.isArray(actual)) {
    if (expected.length !== actual.length)
      return `${where} has ${actual.length} items, not ${expected.length}.`;
    return first(expected, (item, index) => compare(item, actual[index], [...path, index], gaps));
  }
  if (isObject(expected) && isObject(actual)) {
    const names = Object.keys(expected);
    if (names.length !== Object.keys(actual).length) return `${where} has other fields than were asked for.`;
    return first(names, (name) => compare(expected[name], actual[name], [...path, name], gaps));
  }
  return `${where} is ${JSON.stringify(actual)?.slice(0, 100)}, not ${JSON.stringify(expected)?.slice(0, 100)}.`;
}

/** The path of an error that a caller can act on, or what is wrong with it. */
function readReason(error: unknown, data: unknown, suspects: ReadonlySet<SubgraphName>): Path | Verdict {
  const { path, extensions, message } = isObject(error) ? error : {};
  const { code, subgraph } = isObject(extensions) ? extensions : {};
  const said = `${code} (${message}) at ${Array.isArray(path) ? path.join('.') : 'no path'}`;
  if (!Array.isArray(path)) return wrong(`An error without a path: ${said}.`);
  const owner = ownerAt(path);
  if (!owner || !suspects.has(owner)) return lost(`${said}, although ${owner} is well.`);
  if (subgraph !== owner) return wrong(`${said} blames ${subgraph}, and the field is of ${owner}.`);
  if (!failureCodes.has(code)) return wrong(`${said} does not say that ${owner} failed.`);
  if (!isNullWithin(data, path)) return wrong(`${said} stands at a field that is there.`);
  return path;
}

/** Whether null stands at the path, or above it, where it has propagated to. */
function isNullWithin(data: unknown, path: Path): boolean {
  let value = data;
  for (const key of path) {
    if (value === null) return true;
    value = (value as Record<string | number, unknown> | undefined)?.[key];
  }
  return value === null;
}

const ownerAt = (path: Path): SubgraphName | undefined =>
  path.map((key) => ownerOf.get(String(key))).findLast((owner) => owner !== undefined);

const isWithin = (outer: Path, inner: Path) => outer.every((key, index) => inner[index] === key);

function first<T>(items: readonly T[], find: (item: T, index: number) => string | undefined) {
  for (const [index, item] of items.entries()) {
    const found = find(item, index);
    if (found) return found;
  }
  return undefined;
}

const wrong = (why: string): Verdict => ({ kind: 'wrong', why });
const lost = (why: string): Verdict => ({ kind: 'lost', why });
