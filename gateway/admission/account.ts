import { type Caller, sharerOf } from '@wenshu/schema/caller.ts';
import { networkOf } from '../http/client-address.ts';
import { memoize } from '../lib/memoize.ts';
import type { Admitted } from '../request/context.ts';

/**
 * Who shares what may be taken from others: a department counts as one, and so do all keys of a partner. Who is not known
 * counts by network; undefined is the gateway itself.
 */
export function accountOf(caller: Caller | undefined, address: string | undefined): string | undefined {
  switch (caller?.kind) {
    case undefined:
      return address && `network ${networkOf(address)}`;
    case 'department':
      return `department ${caller.department}`;
    case 'partner':
      return `partner ${caller.partner}`;
    case 'user':
      return `user ${caller.user}`;
    case 'anonymous':
      return `network ${caller.network}`;
  }
}

/** Said once of a caller that is kept. */
const sharer = memoize((caller: Caller) => sharerOf(caller));

/** Who is to have a fair share of what the gateway does at a time; `''` where nobody is told apart. */
export const sharerIn = (admitted: Admitted | undefined): string => (admitted ? sharer(admitted.caller) : '');
