import { readRecords } from './read.ts';
import type { ChangeEvent } from './record.ts';
import type { Recovered } from './recover.ts';

/** How long before the end of a log that was not closed a change without an outcome can stand, in milliseconds. */
const crashWindowMs = 3_600_000;

/** A log that was closed names its unsettled changes once more at its end. */
const closedWindowMs = 60_000;

/** Returns the changes at the end of a log whose outcome is not on record: their gateway ended before it knew it. */
export async function findUnsettled(
  folder: string,
  { last, isClosed }: Pick<Recovered, 'last' | 'isClosed'>,
): Promise<readonly ChangeEvent[]> {
  if (!last) return [];
  const windowMs = isClosed ? closedWindowMs : crashWindowMs;
  const since = new Date(Date.parse(last.time) - windowMs).toISOString();
  const seen = new Set<string>();
  const unsettled: ChangeEvent[] = [];
  // The newest record of a change says how far it went.
  for await (const record of readRecords(folder, { kind: 'change', since }, 'newest first')) {
    if (record.kind !== 'change') continue;
    const id = changeIdOf(record);
    const { state } = record.details;
    if (!seen.has(id) && (state === 'intended' || state === 'unknown')) {
      unsettled.push({
        ...record,
        details: { ...record.details, since: record.details.since ?? record.time },
      });
    }
    seen.add(id);
  }
  return unsettled.reverse();
}

/** Returns what the records of one change have in common. */
export const changeIdOf = ({ requestId, action, details }: ChangeEvent): string =>
  JSON.stringify([requestId, action, details.key]);
