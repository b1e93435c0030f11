import type { Context } from '@wenshu/kit/context.ts';
import type { DepartmentCaller, Role } from '@wenshu/schema/caller.ts';
import { HubError } from '@wenshu/schema/errors.ts';

/** Returns the caller if it is a user of a department and, when roles are given, has one of them. */
export function callerAs(
  { caller }: Pick<Context, 'caller'>,
  allowed: readonly Role[] = [],
): DepartmentCaller {
  if (!caller) {
    throw new HubError('UNAUTHENTICATED', 'Only departments may do this. Send your token.', {
      messageZh: '仅各部门可进行此操作。请附上令牌。',
    });
  }
  if (caller.kind !== 'department') {
    throw new HubError('FORBIDDEN', 'Only departments may do this.', {
      messageZh: '仅各部门可进行此操作。',
    });
  }
  if (allowed.length > 0 && !allowed.includes(caller.role)) {
    const who = allowed.map((role) => `${role}s`).join(' and ');
    throw new HubError('FORBIDDEN', `Only ${who} of a department may do this, not the role ${caller.role}.`, {
      messageZh: `仅部门中的以下角色可进行此操作:${allowed.join('、')},不能是角色 ${caller.role}。`,
    });
  }
  return caller;
}
