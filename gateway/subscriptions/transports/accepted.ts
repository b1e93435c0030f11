import Negotiator from 'negotiator';
import type { Incoming } from '../../http/incoming.ts';

/** Media types of an answer, the preferred one first. Clients of Apollo also name the boundary. */
const mediaTypes = {
  'application/json': undefined,
  'application/graphql-response+json': undefined,
  'text/event-stream': 'event stream',
  'multipart/mixed;boundary=graphql;subscriptionSpec=1.0': 'multipart',
} as const;

type MediaType = keyof typeof mediaTypes;

/**
 * Returns the kind of stream that a client prefers to a single answer; undefined if it prefers none. Many clients name streams
 * in every request, after JSON.
 */
export function acceptedStream({
  request,
}: Pick<Incoming, 'request'>): 'event stream' | 'multipart' | undefined {
  const { accept } = request.headers;
  // Reading the whole header takes time on each request (bench case `small`).
  if (!accept?.includes('text/event-stream') && !accept?.includes('multipart/mixed')) return undefined;
  const [best] = new Negotiator({ headers: { accept } }).mediaTypes(Object.keys(mediaTypes));
  return best === undefined ? undefined : mediaTypes[best as MediaType];
}
