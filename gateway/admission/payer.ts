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

/**
 * Returns whom a request belongs to: the partner of a key, otherwise its payer. What one partner may have at a time does
 * not grow with the number of its keys.
 */
export function ownerOfRequest(context: Partial<GatewayContext>): string {
  const { caller } = context;
  return caller?.kind === 'partner' ? `partner:${caller.partner}` : payerOfRequest(context);
}
