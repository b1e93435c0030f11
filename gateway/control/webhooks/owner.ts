import type { Context } from '@wenshu/kit/context.ts';
import type { Caller, DepartmentCaller, PartnerCaller, Role } from '@wenshu/schema/caller.ts';
import { HubError } from '@wenshu/schema/errors.ts';
import { eq, type SQL } from 'drizzle-orm';
import { callerAs } from '../caller-as.ts';
import { type WebhookRow, webhooks } from '../tables.ts';

/** Whose a webhook is, and by whose region and agency it sees events. */
export type Ownership = Pick<WebhookRow, 'department' | 'keyId' | 'setBy' | 'ownerRegion' | 'ownerAgency'>;

/** A caller who may have webhooks: a steward of a department, or a live key for itself. */
export type Manager = DepartmentCaller | (PartnerCaller & Required<Pick<PartnerCaller, 'madeBy'>>);

/** Returns the caller if it may manage webhooks. A department's person needs one of the roles. */
export function managerIn({ caller }: Pick<Context, 'caller'>, roles: readonly Role[]): Manager {
  if (caller?.kind !== 'partner') return callerAs({ ...(caller && { caller }) }, roles);
  const { madeBy, actions, isTest } = caller;
  if (madeBy && actions?.includes('RECEIVE_EVENTS') && !isTest) return { ...caller, madeBy };
  throw new HubError('FORBIDDEN', 'A key needs the action RECEIVE_EVENTS for webhooks, and must be live.', {
    messageZh: '密钥须为正式密钥,并含动作 RECEIVE_EVENTS,方可使用推送。',
  });
}

export const ownershipOf = (manager: Manager): Ownership =>
  manager.kind === 'partner'
    ? {
        department: manager.madeBy,
        keyId: manager.keyId,
        setBy: manager.keyId,
        ownerRegion: null,
        ownerAgency: null,
      }
    : {
        department: manager.department,
        keyId: null,
        setBy: manager.user,
        ownerRegion: manager.region ?? null,
        ownerAgency: manager.agency ?? null,
      };

/** Condition for the webhooks that a caller may see. A department also sees those of the keys that it made. */
export const seenBy = (manager: Manager): SQL =>
  manager.kind === 'partner'
    ? eq(webhooks.keyId, manager.keyId)
    : eq(webhooks.department, manager.department);

/** Finds a key's caller as it is now; undefined if the key does not work. */
export type FindPartner = (keyId: string) => Promise<PartnerCaller | undefined>;

/** Returns the owner of a webhook with its present rights; undefined if it has none any more. */
export async function ownerOf(webhook: Ownership, findPartner: FindPartner): Promise<Caller | undefined> {
  const { department, keyId, setBy, ownerRegion, ownerAgency } = webhook;
  if (keyId !== null) {
    const partner = await findPartner(keyId);
    return partner?.actions?.includes('RECEIVE_EVENTS') ? partner : undefined;
  }
  return {
    kind: 'department',
    department,
    role: 'steward',
    user: setBy,
    ...(ownerRegion !== null && { region: ownerRegion }),
    ...(ownerAgency !== null && { agency: ownerAgency }),
  };
}
