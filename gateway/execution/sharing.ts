import type { Caller, Role } from '@wenshu/schema/caller.ts';
import type { Authorization } from '../request/authorization.ts';
import type { GatewayContext } from '../request/context.ts';
import type { ExecutorOptions } from './execution.ts';

/** Lets callers with the same access policy share calls. */
export const sharingWith =
  (accessKey: string, { sharesFetches, subgraphs }: ExecutorOptions) =>
  (subgraph: string) =>
    sharesFetches && subgraphs.get(subgraph)?.status().breaker === 'closed' ? accessKey : undefined;

/**
 * Whether a caller can change something. Such a caller never joins the call of another: it reads its own changes, also
 * those that it made at another gateway, and the actions that it is allowed itself.
 */
export function canChange(caller: Caller | undefined): boolean {
  if (caller?.kind === 'partner') return (caller.actions?.length ?? 0) > 0;
  return caller?.kind === 'department' && changers.has(caller.role);
}

const changers: ReadonlySet<Role> = new Set(['editor', 'leader', 'steward']);

/** Returns a key that is equal for callers with equal rights. Subgraphs receive the caller with each call. */
export function kindOf(caller: Caller | undefined): string {
  if (!caller) return '';
  if (caller.kind === 'anonymous' || caller.kind === 'system') return caller.kind;
  if (caller.kind === 'partner') return `partner ${caller.keyId}`;
  // It is unknown how a foreign subgraph treats users, so each user has a key of its own.
  if (caller.kind === 'user') return `user ${JSON.stringify(caller)}`;
  const { department, role, region = '' } = caller;
  return `department ${department} ${role} ${region}`;
}

/**
 * Returns a key that is equal for callers who may see the same of a subscription. The agency is part of it, because rows name
 * agencies.
 */
export const rightsKey = ({ caller }: GatewayContext, authorization: Authorization | undefined): string =>
  JSON.stringify([
    // What a key may do is part of its caller, and can change while a stream is open.
    caller?.kind === 'partner' ? caller : kindOf(caller),
    (caller?.kind === 'department' && caller.agency) || '',
    authorization?.key ?? '',
    authorization?.policy ?? '',
  ]);
