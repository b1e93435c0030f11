import type { Reply } from './reply.ts';
import type { Step } from './step.ts';
import { addVary } from './vary.ts';

/** Request headers that the gateway reads, beside those that browsers send without asking. */
const requestHeaders = [
  'authorization',
  'content-type',
  'last-event-id',
  'apollo-require-preflight',
  'traceparent',
  'tracestate',
  'x-api-key',
  'x-graphql-event-stream-token',
  'x-request-id',
  'x-wenshu-case',
  'x-wenshu-explain',
  'x-wenshu-purpose',
  'x-wenshu-represents',
  'x-wenshu-sharing',
].join(', ');

/** Response headers that a page of another origin may read. */
const exposed = ['x-request-id', 'x-wenshu-trial', 'retry-after', 'ratelimit', 'ratelimit-policy'].join(', ');

/** The time in seconds for which a browser keeps the answer to a preflight; no browser keeps it longer. */
const preflightAge = '7200';

/**
 * Lets pages of these origins, such as `https://app.example.cn`, ask the gateway from a browser. A preflight needs no
 * credentials. Cookies are not allowed, so that a page of another origin cannot use a session: it sends a token.
 * https://fetch.spec.whatwg.org/#http-cors-protocol
 */
export function allowOrigins(origins: readonly string[]): Step {
  if (origins.length === 0) return (incoming, next) => next(incoming);
  const allowed = new Set(origins);
  return async (incoming, next) => {
    const { method, headers } = incoming.request;
    const { origin } = headers;
    const isAllowed = origin !== undefined && allowed.has(origin);
    const isPreflight = method === 'OPTIONS' && headers['access-control-request-method'] !== undefined;
    const reply = isPreflight && isAllowed ? preflight() : await next(incoming);
    addVary(reply, 'origin');
    if (isAllowed) {
      reply.headers['access-control-allow-origin'] = origin;
      reply.headers['access-control-expose-headers'] = exposed;
    }
    return reply;
  };
}

/**
 * Makes a check whether a page may open a WebSocket: one of the gateway's own origin or of these, or a client that is no browser. The
 * rules above do not cover WebSockets: a browser opens them to every origin.
 */
export function allowSockets(origins: readonly string[]): (headers: ReadonlyMap<string, string>) => boolean {
  const allowed = new Set(origins);
  return (headers) => {
    const origin = headers.get('origin');
    return origin === undefined || allowed.has(origin) || URL.parse(origin)?.host === headers.get('host');
  };
}

const preflight = (): Reply => ({
  status: 204,
  headers: {
    'access-control-allow-methods': 'GET, POST, PUT, DELETE',
    'access-control-allow-headers': requestHeaders,
    'access-control-max-age': preflightAge,
  },
  body: '',
});
