import type { Caller, Role } from '@wenshu/schema/caller.ts';

/**
 * Roles that have each permission at the gateway. Access to data is decided by `@sharing`.
 * - `introspect`: query the schema. Roles that write queries have it; auditors read the log only. Of API keys only test
 * keys have it: a live key runs queries that were written with a test key.
 * - `explain`: see plans and fetches, which show which agency keeps what, and how fast it answers.
 * - `readMetrics`: read `/metrics`, which names the operations of all callers.
 */
const rolesFor = {
  introspect: ['viewer', 'editor', 'analyst', 'steward', 'operator'],
  explain: ['analyst', 'operator'],
  readMetrics: ['operator'],
} as const satisfies Record<string, readonly Role[]>;

export type Permission = keyof typeof rolesFor;

/** Whether a caller has a permission. Without a caller the gateway does not authenticate, and its operator decides. */
export function mayDo(caller: Caller | undefined, permission: Permission): boolean {
  if (!caller) return true;
  if (caller.kind === 'anonymous' || caller.kind === 'system') return false;
  if (caller.kind === 'partner') return permission === 'introspect' && caller.isTest;
  const allowed: readonly string[] = rolesFor[permission];
  if (caller.kind === 'department') return allowed.includes(caller.role);
  // Users of a graph without departments need no role to query the schema.
  return permission === 'introspect' || caller.roles.some((role) => allowed.includes(role));
}
