import { ownerOfRequest } from '../admission/payer.ts';
import { networkOf } from '../http/client-address.ts';
import type { Incoming } from '../http/incoming.ts';
import type { ValuesOf } from '../lib/setting.ts';
import { tooManySubscriptions } from './reasons.ts';
import type { settings } from './settings.ts';

export type SubscriptionLimits = ValuesOf<typeof settings.subscriptionLimits>;

/** Counts open subscriptions. The returned function takes one, and returns the function that gives it back. Throws a Refusal. */
export function limitSubscriptions({ all, perCaller, perAddress }: SubscriptionLimits) {
  let open = 0;
  const counts = new Map<string, number>();
  const add = (key: string, by: number) => {
    const count = (counts.get(key) ?? 0) + by;
    if (count > 0) counts.set(key, count);
    else counts.delete(key);
  };
  const take = ({ admitted, clientAddress }: Incoming): (() => void) => {
    const owner = `owner ${ownerOfRequest({ ...admitted, clientAddress })}`;
    const address = `address ${networkOf(clientAddress)}`;
    const limits = [
      [open, all],
      [counts.get(owner) ?? 0, admitted ? perCaller : all],
      [counts.get(address) ?? 0, perAddress],
    ] as const;
    const reached = limits.find(([count, limit]) => count >= limit);
    if (reached) throw tooManySubscriptions(reached[1]);
    open += 1;
    add(owner, 1);
    add(address, 1);
    let isGiven = false;
    return () => {
      if (isGiven) return;
      isGiven = true;
      open -= 1;
      add(owner, -1);
      add(address, -1);
    };
  };
  return { take, open: () => open };
}
