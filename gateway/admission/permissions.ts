import type { Caller, Role } from '@wenshu/schema/caller.ts';

/**
 * What only some roles may do at the gateway itself; which data they see is a matter of sharing.
 *
 * - `introspect`: learn the schema from the graph. Everybody who writes queries; auditors read the log only. Of
 *   partners' keys only those for testing: a live key runs what was written with one.
 * - `explain`: see plans and fetches. They tell which agency keeps what, and how fast it answers.
 * - `readMetrics`: `/metrics` names the operations of all callers.
 */
const rolesFor = {
  introspect: ['viewer', 'editor', 'analyst', 'steward', 'operator'],
  explain: ['analyst', 'operator'],
  readMetrics: ['operator'],
} as const satisfies Record<string, readonly Role[]>;

export type Permission = keyof typeof rolesFor;

/** Without a caller the gateway serves everybody alike, and whoever runs it decides. */
export function mayDo(caller: Caller | undefined, permission: Permission): boolean {
  if (!caller) return true;
  if (caller.kind === 'anonymous') return false;
  if (caller.kind === 'partner') return permission === 'introspect' && caller.isTest;
  const allowed: readonly string[] = rolesFor[permission];
  if (caller.kind === 'department') return allowed.includes(caller.role);
  // Users of a graph without departments need no role to write queries.
  return permission === 'introspect' || caller.roles.some((role) => allowed.includes(role));
}
