import type { Incoming } from '../../http/incoming.ts';

const credentialNames = ['authorization', 'x-api-key', 'cookie'];

/** Replaces the credentials of a request by those of a newer one of the same caller. Its purpose stays. */
export function takeCredentials(incoming: Incoming, newer: Incoming): void {
  const { admitted } = newer;
  for (const name of credentialNames) {
    const value = newer.headers.get(name);
    if (value === undefined) incoming.headers.delete(name);
    else incoming.headers.set(name, value);
  }
  if (admitted && incoming.admitted) incoming.admitted = { ...incoming.admitted, caller: admitted.caller };
}
