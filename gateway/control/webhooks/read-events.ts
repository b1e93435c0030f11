import { hash } from 'node:crypto';
import type { Caller } from '@wenshu/schema/caller.ts';
import type { AskAgencies } from '../across/ask-agencies.ts';
import { readChanges, readEnd } from '../across/changes.ts';
import { cursorOf, startOf } from '../across/merged-page.ts';
import { workedOf } from '../across/workflow-lists.ts';
import type { WorkflowType } from '../schema-types.ts';
import type { WebhookRow } from '../tables.ts';

/** An event as it is sent. */
export type OutgoingEvent = {
  /** The id of its message: the same whenever the event is sent to this webhook. */
  readonly id: string;
  readonly type: string;
  /** The type of the object in the graph. */
  readonly typeName: string;
  readonly cursor: string;
  readonly body: string;
};

export type OutgoingEvents = {
  readonly events: readonly OutgoingEvent[];
  readonly hasMore: boolean;
  /** Where the webhook stands behind these events, and behind those that its owner may not see. */
  readonly end: string;
};

/** Returns types as they are stored, which are values of the enum. */
export const typesIn = (stored: readonly string[] | null) => stored as readonly WorkflowType[] | null;

/** Which events a webhook sends, and after which. */
type Wanted = Pick<WebhookRow, 'id' | 'types' | 'regionCode' | 'mine' | 'sendsSynthetic' | 'position'>;

/** Reads what follows the position of a webhook, as its owner sees it now. Rejects if no agency answers. */
export async function readEvents(
  ask: AskAgencies,
  caller: Caller,
  webhook: Wanted,
  first: number,
  signal: AbortSignal,
): Promise<OutgoingEvents> {
  const { types, regionCode: region, mine, sendsSynthetic: synthetic, position: after } = webhook;
  const args = { first, after, types: typesIn(types), region, mine, synthetic };
  const asking = { caller, requestId: `webhook-${webhook.id}`, signal };
  const { page, answered, gaps } = await readChanges(ask, asking, args);
  const { edges, pageInfo } = page;
  if (answered === 0 && gaps[0]) throw gaps[0];
  const events = edges.map(({ cursor, node }) => {
    const { type, id, action, stage, version, region: ofEvent, at, object } = node;
    const typeName = object.__typename;
    const place = startOf({ after: cursor }).positions[typeName];
    const body = JSON.stringify({ type, id, action, stage, version, region: ofEvent, at, cursor });
    return { id: messageId(webhook.id, `${typeName} ${place}`), type, typeName, cursor, body };
  });
  return { events, hasMore: pageInfo.hasNextPage, end: pageInfo.endCursor };
}

const messageId = (webhook: string, event: string) =>
  `msg_${hash('sha256', `${webhook} ${event}`, 'base64url').slice(0, 27)}`;

/**
 * Returns the position behind all events that there are now. Rejects if an agency does not answer, because nobody knows
 * where its events end.
 */
export async function presentEnd(ask: AskAgencies, caller: Caller): Promise<string> {
  const { end, gaps } = await readEnd(ask, { caller }, { mine: false });
  if (gaps[0]) throw gaps[0];
  return end;
}

/** Returns a position in which the events of types that were not followed before begin at `end`. */
export function withNewTypes(
  end: string,
  position: string | null,
  followedBefore: readonly string[] | null,
): string {
  const followed = new Set<string>(workedOf(typesIn(followedBefore)).map(({ name }) => name));
  const pick = (cursor: string | null, isPicked: (typeName: string) => boolean) =>
    Object.entries(startOf({ after: cursor }).positions).filter(([typeName]) => isPicked(typeName));
  return cursorOf(
    Object.fromEntries([
      ...pick(end, (typeName) => !followed.has(typeName)),
      ...pick(position, (typeName) => followed.has(typeName)),
    ]),
  );
}
