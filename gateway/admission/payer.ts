import { payerOf } from '@wenshu/schema/caller.ts';
import { networkOf } from '../http/client-address.ts';
import type { GatewayContext } from '../request/context.ts';

/**
 * Who pays for a request, also where the gateway serves everybody alike: then it is the network that asks. It is `''` for
 * the gateway itself.
 */
export function payerOfRequest({ caller, clientAddress }: Partial<GatewayContext>): string {
  if (caller) return payerOf(caller);
  return clientAddress ? `network:${networkOf(clientAddress)}` : '';
}
