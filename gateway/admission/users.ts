import type { AnonymousCaller, UserCaller } from '@wenshu/schema/caller.ts';
import type { JWTPayload } from 'jose';
import { LRUCache } from 'lru-cache';
import { networkOf } from '../http/client-address.ts';
import { isName } from '../lib/plain-text.ts';
import { unusableClaim } from '../request/refusal.ts';
import type { Verify } from './authenticate.ts';

/**
 * Returns the user of a token, for a supergraph without departments. Throws a Refusal when the claims cannot be used.
 */
export function userOf(payload: JWTPayload): UserCaller {
  const { sub, role, roles } = payload;
  if (typeof sub !== 'string' || !isName(sub, 256)) throw unusableClaim('sub');
  return {
    kind: 'user',
    user: sub,
    scopes: scopesOf(payload),
    roles: [...listOf('role', role), ...listOf('roles', roles)],
  };
}

/**
 * Reads the scopes of a token from `scope` (OAuth; RFC 9068, 2.2.3) and `scp` (Microsoft and Okta): a text separated by
 * spaces, or a list.
 */
export const scopesOf = ({ scope, scp }: JWTPayload): readonly string[] => [
  ...listOf('scope', scope).flatMap(words),
  ...listOf('scp', scp).flatMap(words),
];

const words = (text: string) => text.split(' ').filter((word) => word !== '');

function listOf(name: string, claim: unknown): readonly string[] {
  if (claim === undefined) return [];
  const list: readonly unknown[] = Array.isArray(claim) ? claim : [claim];
  if (!list.every((each) => typeof each === 'string')) throw unusableClaim(name);
  return list;
}

const networksKept = 10_000;

/** Creates the admission of requests without credentials. A request with any credentials must have valid ones. */
export function createAnonymous(): Verify {
  const kept = new LRUCache<string, AnonymousCaller>({ max: networksKept });
  return ({ headers, address }) => {
    if (headers.has('authorization') || headers.has('x-api-key')) return undefined;
    const network = networkOf(address);
    const caller = kept.get(network) ?? { kind: 'anonymous', network };
    kept.set(network, caller);
    return caller;
  };
}
