import { payerOfRequest } from '../../admission/payer.ts';
import type { Incoming } from '../../http/incoming.ts';
import type { MaybePromise } from '../../lib/maybe-promise.ts';
import type { Admitted } from '../../request/context.ts';

/**
 * Finds out who asks, and for which purpose; undefined if the gateway serves everybody alike. Throws or rejects with a
 * Refusal.
 */
export type Admit = (incoming: Incoming) => MaybePromise<Admitted | undefined>;

/** Headers that say who asks. */
const credentialNames = ['authorization', 'x-api-key', 'cookie'];

/** Other headers that a client can send in `connection_init`, because a page in a browser cannot send them when it connects. */
const otherNames = [
  'accept-language',
  'x-wenshu-case',
  'x-wenshu-purpose',
  'x-wenshu-represents',
  'x-wenshu-sharing',
];

/** Returns whom a request belongs to. Only the same caller may go on with a stream. */
export const ownerOf = ({ admitted, clientAddress }: Incoming): string =>
  payerOfRequest({ ...(admitted && { caller: admitted.caller }), clientAddress });

/** Replaces the credentials of a request by those of a newer one of the same caller. Its purpose stays. */
export function takeCredentials(incoming: Incoming, newer: Incoming): void {
  for (const name of credentialNames) {
    const value = newer.headers.get(name);
    if (value === undefined) incoming.headers.delete(name);
    else incoming.headers.set(name, value);
  }
  const { admitted } = newer;
  if (admitted) incoming.admitted = { ...admitted, ...incoming.admitted, caller: admitted.caller };
}

/** Returns a request with the headers in the payload of a message. Credentials in a payload replace all others. */
export function withHeadersOf(
  payload: Record<string, unknown> | undefined,
  incoming: Incoming,
  names: 'all' | 'credentials' = 'all',
): Incoming {
  const given = Object.entries(payload ?? {}).flatMap(([name, value]) => {
    const header = name.toLowerCase();
    const isKnown = credentialNames.includes(header) || (names === 'all' && otherNames.includes(header));
    return isKnown && typeof value === 'string' ? [[header, value] as const] : [];
  });
  const headers = new Map(incoming.headers);
  if (given.some(([name]) => credentialNames.includes(name))) {
    for (const name of credentialNames) headers.delete(name);
  }
  for (const [name, value] of given) headers.set(name, value);
  return { ...incoming, headers };
}
