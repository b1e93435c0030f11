import type { Caller } from '@wenshu/schema/caller.ts';
import { type MaybePromise, mapMaybePromise } from '../lib/maybe-promise.ts';
import { noCredentials } from '../request/refusal.ts';
import { type FailedAuthLimit, limitFailedAuth } from './failed-auth-limit.ts';

/** What is known of a request before it is let in. */
export type Arrival = {
  readonly headers: ReadonlyMap<string, string>;
  /** The address that it came from; undefined where its connection has ended. */
  readonly address: string | undefined;
  /** For the log. */
  readonly requestId?: string | undefined;
};

/** What a request brings to say who asks. */
export type Credentials = Arrival & {
  /** What follows `Bearer` in `authorization`; undefined where there is none. */
  readonly bearer: string | undefined;
  /** Where it is counted that they are nobody's. */
  readonly failedAuth: FailedAuthLimit;
};

/** Verifies one kind of credentials; undefined where the request has none of that kind, and a Refusal where they are bad. */
export type Verify = (credentials: Credentials) => MaybePromise<Caller | undefined>;

export type Authenticate = (request: Arrival) => MaybePromise<Caller>;

/** Finds out who asks, by the first kind of credentials that the request has; throws or rejects with a Refusal. */
export function createAuthenticate(...kinds: readonly Verify[]): Authenticate {
  const failedAuth = limitFailedAuth();
  const tryFrom = (index: number, credentials: Credentials): MaybePromise<Caller> => {
    const verify = kinds[index];
    if (!verify) throw noCredentials();
    return mapMaybePromise(verify(credentials), (caller) => caller ?? tryFrom(index + 1, credentials));
  };
  return ({ headers, address, requestId }) =>
    tryFrom(0, { headers, address, requestId, bearer: bearerOf(headers.get('authorization')), failedAuth });
}

/** https://www.rfc-editor.org/rfc/rfc6750#section-2.1 */
function bearerOf(authorization = ''): string | undefined {
  // Whether the rest is a token is found out by who verifies it: a pattern over all of it costs more than the look-up.
  return /^bearer /i.test(authorization) ? authorization.slice('bearer '.length).trim() : undefined;
}
