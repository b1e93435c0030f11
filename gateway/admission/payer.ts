import { payerOf } from '@wenshu/schema/caller.ts';
import { networkOf } from '../http/client-address.ts';
import type { GatewayContext } from '../request/context.ts';

/**
 * Returns the payer of a request: the caller, or the client's network when the gateway does not authenticate callers;
 * `''` for the gateway itself.
 */
export function payerOfRequest({ caller, clientAddress }: Partial<GatewayContext>): string {
  if (caller) return payerOf(caller);
  return clientAddress ? `network:${networkOf(clientAddress)}` : '';
}
