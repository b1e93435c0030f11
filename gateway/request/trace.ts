import type { IncomingHttpHeaders } from 'node:http';

const traceparent = /^(?!ff)[\da-f]{2}-(?!0{32})([\da-f]{32})-(?!0{16})([\da-f]{16})-([\da-f]{2})(?:$|-)/;

/** Parses a W3C `traceparent` header; undefined if it is invalid. */
export function parseTraceparent(header: unknown) {
  const [, traceId, spanId, flags] = (typeof header === 'string' && traceparent.exec(header)) || [];
  if (!traceId || !spanId || !flags) return undefined;
  return { traceId, spanId, traceFlags: Number.parseInt(flags, 16) & 1 };
}

export const traceIdOf = (header: unknown): string | undefined => parseTraceparent(header)?.traceId;

/** Returns the caller's trace headers for subgraphs, for use when the gateway itself traces nothing. */
export function passOn({ traceparent: parent, tracestate }: IncomingHttpHeaders) {
  if (parent === undefined || !parseTraceparent(parent)) return undefined;
  return { traceparent: String(parent), ...(typeof tracestate === 'string' && { tracestate }) };
}
