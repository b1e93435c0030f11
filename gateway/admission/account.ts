import type { Caller } from '@wenshu/schema/caller.ts';

/**
 * Who shares what may be taken from others: a department counts as one, and so do all keys of a partner. Who is not known
 * counts by address; undefined is the gateway itself.
 */
export function accountOf(caller: Caller | undefined, address: string | undefined): string | undefined {
  if (!caller) return address && `address ${address}`;
  return caller.kind === 'partner' ? `partner ${caller.partner}` : `department ${caller.department}`;
}
