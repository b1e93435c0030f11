import type { Json } from '../lib/json.ts';
import type { AskedPage } from '../planning/asked-page.ts';
import type { KeptList } from '../supergraph/relations.ts';
import { isTooMany } from './failures.ts';
import {
  holds,
  keysBesides,
  keysNamed,
  type OpenCondition,
  resolveFilter,
  resolveParts,
  type Wanting,
} from './resolve-filter.ts';
import type { Resolving } from './resolving.ts';

/**
 * Returns a filter that keeps at least the rows of one page and one more, which shows that a next page exists. So the
 * page equals that of the full filter. When more than a few rows match a condition on related data, their keys are not
 * carried: the hub looks through the list in its order, window by window, for rows that match. A reader of all pages
 * needs all keys, and looks through the list only when they are too many. Rejects with `ArgumentFailure`.
 */
export async function resolvePage(
  filter: Json,
  list: KeptList,
  page: AskedPage,
  resolving: Resolving,
): Promise<Json> {
  const whole = () => resolveFilter(filter, list, resolving);
  if (!resolving.readsWholeLists) {
    return (await lookThrough(filter, list, page, resolving, resolving.calls.limit)) ?? whole();
  }
  try {
    return await whole();
  } catch (error) {
    if (!isTooMany(error)) throw error;
    const found = await lookThrough(filter, list, page, resolving, Number.POSITIVE_INFINITY);
    if (!found) throw error;
    return found;
  }
}

/** Looks through the list. Returns undefined when the page is not complete within the first `maxRows` rows. */
async function lookThrough(
  filter: Json,
  list: KeptList,
  { size, orderBy, backward, ...page }: AskedPage,
  resolving: Resolving,
  maxRows: number,
): Promise<Json | undefined> {
  const partsOf = (only: Wanting) => resolveParts(filter, list, resolving, undefined, only);
  // For a condition of absence most rows usually match; the windows show that without counting the others.
  let parts = await partsOf({ onlyFew: true, onlyPresent: true });
  // Other pages have other windows, so their answers are not worth keeping.
  const calls = resolving.calls.apart();
  const wanted = size + 1;
  let { cursor } = page;
  let found: readonly string[] = [];
  let left = maxRows;
  for (
    let rows = wanted * firstWindow, seen = 0;
    left > 0;
    rows = nextRows(rows, found.length, seen, wanted)
  ) {
    const rest = { and: parts.resolved };
    if (parts.open.length === 0) return rest;
    const first = Math.min(rows, left, calls.limit);
    const window = await calls.window(list, { filter: rest, orderBy, cursor, backward, first });
    const met = await meeting(window.keys, parts.open, { ...resolving, calls });
    if (!met) return undefined;
    found = [...found, ...met];
    if (found.length >= wanted || window.keys.length < first) return idIn(found.slice(0, wanted));
    cursor = window.endCursor;
    if (seen === 0) parts = await partsOf({ onlyFew: true });
    seen += first;
    left -= first;
  }
  return undefined;
}

/** Size of the first window as a multiple of the page. */
const firstWindow = 3;
/** Maximum growth from one window to the next. It keeps the number of calls small, however few rows match. */
const growth = 16;

/** Returns the rows to read for the rest of the page at the match rate so far, plus half as many. */
const nextRows = (rows: number, found: number, seen: number, wanted: number): number =>
  Math.min(rows * growth, Math.max(rows, Math.ceil((1.5 * (wanted - found) * seen) / found)));

/** Returns the rows that match all conditions, in the same order; undefined when that would need too many keys. */
async function meeting(
  ids: readonly string[],
  conditions: readonly OpenCondition[],
  resolving: Resolving,
): Promise<readonly string[] | undefined> {
  let left: readonly string[] | undefined = ids;
  for (const condition of conditions) {
    if (!left || left.length === 0) return left;
    left = await meetingOne(left, condition, resolving);
  }
  return left;
}

async function meetingOne(
  ids: readonly string[],
  open: OpenCondition,
  resolving: Resolving,
): Promise<readonly string[] | undefined> {
  const { calls } = resolving;
  const { related, absent } = open.condition;
  if (related.inverse) {
    const named = await keysNamed(open, calls, { among: ids });
    return named && chosen(ids, named, !absent);
  }
  const among = await keysBesides(related, idIn(ids), resolving);
  const condition = among && (await holds(open, resolving, { among }));
  const met = condition && (await calls.keys(related.own, { filter: condition, among: ids }));
  return met && chosen(ids, met, true);
}

/** Returns the ids that are among others, or those that are not. */
function chosen(ids: readonly string[], others: readonly string[], areAmong: boolean): readonly string[] {
  const known = new Set(others);
  return ids.filter((id) => known.has(id) === areAmong);
}

const idIn = (keys: readonly string[]): Json => ({ _related: [{ keys }] });
