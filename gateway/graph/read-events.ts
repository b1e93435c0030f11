import { setTimeout as wait } from 'node:timers/promises';
import { HubError } from '@wenshu/schema/errors.ts';
import { isObject } from '../lib/json.ts';
import type { AgencyEvent, FollowEvents, FollowedEvent } from '../request/agency-events.ts';
import type { GatewayContext } from '../request/context.ts';
import type { SubgraphError } from '../request/errors.ts';
import type { StreamedEvent } from '../upstream/subgraph.ts';
import type { GraphManager } from './graph-manager.ts';

const query = `query ($types: [String!]!, $after: String, $first: Int!) {
  _changes(types: $types, after: $after, first: $first) { cursor type id action stage version regionCode at }
}`;

const subscription = 'subscription { _changes { cursor type id action stage version regionCode at } }';

/** Waits before a stream is opened again, in milliseconds. */
const firstWaitMs = 100;
const longestWaitMs = 5_000;

/** The context of a call of the hub itself. */
const asSystem = (): GatewayContext => ({
  requestId: 'gateway',
  headers: new Map(),
  caller: { kind: 'system' },
});

/** Reads a page of an agency's outbox, as the hub itself. Rejects if the agency does not answer. */
export const readEventsIn =
  (opened: Promise<GraphManager>) =>
  async <Event>(
    { agency, type }: { readonly agency: string; readonly type: string },
    after: string | undefined,
    first: number,
  ): Promise<readonly Event[]> => {
    const subgraph = (await opened).current.subgraphs.get(agency);
    if (!subgraph) throw new Error(`The graph has no subgraph "${agency}".`);
    const variables = { types: [type], after, first };
    const { data, errors = [] } = await subgraph({ kind: 'query', query, variables }, asSystem());
    if (errors[0] || !isObject(data) || !Array.isArray(data._changes)) {
      throw new Error(errors[0]?.message ?? `Subgraph "${agency}" has no outbox.`);
    }
    return data._changes;
  };

/** Creates the function that follows the outboxes of agencies, as the hub itself. A new supergraph opens its streams anew. */
export function followEventsIn(opened: Promise<GraphManager>): FollowEvents {
  const reopenings = new Set<AbortController>();
  const reopenAll = () => {
    for (const reopening of reopenings) reopening.abort();
  };
  // Listeners are called before a new graph is in use.
  opened.then((graphs) => graphs.announce(() => setImmediate(reopenAll)));

  return async function* follow(agency, after, signal) {
    const graphs = await opened;
    let position = after;
    let failures = 0;
    while (!signal.aborted) {
      const reopening = new AbortController();
      reopenings.add(reopening);
      const openedAt = performance.now();
      const until = AbortSignal.any([signal, reopening.signal]);
      try {
        for await (const followed of openOutbox(graphs, agency, position, until)) {
          position = followed.position;
          yield followed;
        }
      } catch (cause) {
        if (cause instanceof HubError && cause.code === 'CURSOR_EXPIRED') throw cause;
      } finally {
        reopenings.delete(reopening);
      }
      if (performance.now() - openedAt > longestWaitMs) failures = 0;
      if (reopening.signal.aborted) continue;
      const waitMs = Math.min(firstWaitMs * 2 ** failures++, longestWaitMs);
      await wait(waitMs, undefined, { signal }).catch(() => {});
    }
  };
}

/** Opens the outbox of an agency once. Rejects when the stream breaks. */
async function* openOutbox(
  graphs: GraphManager,
  agency: string,
  after: string | undefined,
  signal: AbortSignal,
): AsyncGenerator<FollowedEvent> {
  const subgraph = graphs.current.subgraphs.get(agency);
  if (!subgraph?.openStream) throw new Error(`Subgraph "${agency}" gives no stream of its outbox.`);
  const request = { query: subscription, after, signal };
  for await (const { position, data, errors } of subgraph.openStream(request, asSystem())) {
    if (errors?.[0]) throw errorOf(errors[0]);
    if (position === undefined) continue;
    const event = eventIn(data);
    yield event ? { position, event } : { position };
  }
}

const eventIn = (data: StreamedEvent['data']): AgencyEvent | undefined =>
  isObject(data) && isObject(data._changes) ? (data._changes as AgencyEvent) : undefined;

const errorOf = ({ message, extensions = {} }: SubgraphError): Error =>
  extensions.code === 'CURSOR_EXPIRED'
    ? new HubError('CURSOR_EXPIRED', message, { messageZh: String(extensions.messageZh) })
    : new Error(message);
