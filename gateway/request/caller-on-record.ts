import type { Caller, Department, Role } from '@wenshu/schema/caller.ts';
import { memoize } from '../lib/memoize.ts';

/** The identity of a caller, without its rights, for records and logs. */
export type CallerOnRecord =
  | {
      readonly user: string;
      readonly department: Department;
      readonly role: Role;
      /** The agency for which the person acted. */
      readonly agency?: string;
    }
  | {
      readonly keyId: string;
      readonly partner: string;
      /** The department that made the key and on whose behalf it is used. */
      readonly keyMadeBy?: Department | undefined;
      /** The agreements that open non-public data of the partner's enterprise. */
      readonly keyApprovals?: readonly string[] | undefined;
    }
  | { readonly user: string }
  /** The hub itself. A user of this name has no member `system`. */
  | { readonly user: 'system'; readonly system: true };

/** Returns the caller of a record, as far as it decides whose a change was; undefined if it cannot have made one. */
export function authorOnRecord(caller: CallerOnRecord | undefined): Caller | undefined {
  if (!caller) return undefined;
  if ('system' in caller) return { kind: 'system' };
  if ('department' in caller) return { kind: 'department', ...caller };
  if ('keyId' in caller) {
    const { keyId, partner } = caller;
    return { kind: 'partner', keyId, partner, isTest: false, scopes: [], regions: [] };
  }
  return undefined;
}

/**
 * Returns the identity of a caller; undefined for an anonymous one. The same caller object has the same result
 * object.
 */
export const callerOnRecord = memoize((caller: Caller): CallerOnRecord | undefined => {
  switch (caller.kind) {
    case 'department':
      return {
        user: caller.user,
        department: caller.department,
        role: caller.role,
        ...(caller.agency !== undefined && { agency: caller.agency }),
      };
    case 'partner':
      return {
        keyId: caller.keyId,
        partner: caller.partner,
        keyMadeBy: caller.madeBy,
        keyApprovals: caller.approvals?.flatMap(({ agreement }) => agreement ?? []),
      };
    case 'user':
      return { user: caller.user };
    case 'anonymous':
      return undefined;
    case 'system':
      return { user: 'system', system: true };
  }
});
