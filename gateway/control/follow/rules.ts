import type { Rule } from './rule.ts';

/** What happens to payouts when an entry of the blacklist begins or ends. */
const blacklisting = (
  name: string,
  action: string,
  input: { readonly isBlacklisted: boolean; readonly basisZh?: string },
): Rule => ({
  name,
  on: { agency: 'enterprises', type: 'BlacklistEntry', action },
  ask: 'query ($id: ID!) { blacklistEntry(id: $id) { enterprise { id } } }',
  mutation: 'noteBlacklisting',
  input: { enterpriseId: '$data.blacklistEntry.enterprise.id', ...input },
});

/**
 * What the hub carries out by itself in one agency after a step in another. A mutation that stands here is open to the
 * role `system`: `@writable(roles: [system])`, and in the table of its workflow `by: [{ system: true }]`.
 */
export const rules: readonly Rule[] = [
  blacklisting('blacklisted', 'PUBLISH', { isBlacklisted: true, basisZh: '列入黑名单并已公布。' }),
  blacklisting('blacklist-restored', 'RESTORE', { isBlacklisted: false }),
  blacklisting('blacklist-lapsed', 'LAPSE', { isBlacklisted: false }),
];
