import type { Caller, Department, Role } from '@wenshu/schema/caller.ts';
import { memoize } from '../lib/memoize.ts';

/** Of a caller, only who it is. */
export type CallerOnRecord =
  | { readonly user: string; readonly department: Department; readonly role: Role }
  | {
      readonly keyId: string;
      readonly partner: string;
      /** The department that made the key, on whose behalf it is used. */
      readonly keyMadeBy?: Department | undefined;
      /** The agreements by which it opens what is not open of its enterprise. */
      readonly keyApprovals?: readonly string[] | undefined;
    }
  | { readonly user: string };

/** One and the same for a caller that is kept; undefined for one that does not say who it is. */
export const callerOnRecord = memoize((caller: Caller): CallerOnRecord | undefined => {
  switch (caller.kind) {
    case 'department':
      return { user: caller.user, department: caller.department, role: caller.role };
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
  }
});
