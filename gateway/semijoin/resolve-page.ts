import type { Json } from '../lib/json.ts';
import type { AskedPage } from '../planning/asked-page.ts';
import type { KeptList } from '../supergraph/relations.ts';
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
import { isTooMany } from './unresolved.ts';

/**
 * A filter that leaves at least the rows of one page of a list, and the next one, which tells that there is more: so
 * that page is the same as by the whole filter. Where more than a few meet a condition on something related, the hub
 * does not carry them: it looks through the list in its order, window by window, for rows of which the condition holds.
 * Whoever reads all pages has use for all keys, and looks through the list only where they are too many. Rejects with
 * `Unresolved`.
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

/** Undefined where not all of the page is among the first `maxRows` rows. */
async function lookThrough(
  filter: Json,
  list: KeptList,
  { size, orderBy, backward, ...page }: AskedPage,
  resolving: Resolving,
  maxRows: number,
): Promise<Json | undefined> {
  const partsOf = (only: Wanting) => resolveParts(filter, list, resolving, undefined, only);
  // Of what there must be none, most rows have none: that is found out without asking how many have one.
  let parts = await partsOf({ onlyFew: true, onlyPresent: true });
  // Windows of other pages are others, so nothing of them is worth remembering.
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

/** How many times as large as the page the first window is. */
const firstWindow = 3;
/** How many times as large as the one before a window is at most: there are few calls, whatever holds of how many. */
const growth = 16;

/** As many rows as the page still takes if the conditions hold as often as so far, and half as many more. */
const nextRows = (rows: number, found: number, seen: number, wanted: number): number =>
  Math.min(rows * growth, Math.max(rows, Math.ceil((1.5 * (wanted - found) * seen) / found)));

/** Those rows of which all conditions hold, in the same order; undefined where that would take too many keys. */
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

/** Those of the ids that are among others, or are not. */
function chosen(ids: readonly string[], others: readonly string[], areAmong: boolean): readonly string[] {
  const known = new Set(others);
  return ids.filter((id) => known.has(id) === areAmong);
}

const idIn = (keys: readonly string[]): Json => ({ _related: [{ keys }] });
