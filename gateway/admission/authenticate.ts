import type { Caller } from '@wenshu/schema/caller.ts';
import { type MaybePromise, mapMaybePromise } from '../lib/maybe-promise.ts';
import { noCredentials } from '../request/refusal.ts';
import { type FailedAuthLimit, limitFailedAuth } from './failed-auth-limit.ts';

/** Data of a request that is available before admission. */
export type Arrival = {
  readonly headers: ReadonlyMap<string, string>;
  /** Network address of the client. */
  readonly address: string;
  /** Request id for the log. */
  readonly requestId?: string | undefined;
};

/** Credentials of a request. */
export type Credentials = Arrival & {
  /** Text after `Bearer` in the header `authorization`; undefined without one. */
  readonly bearer: string | undefined;
  /** Counts failed attempts. */
  readonly failedAuth: FailedAuthLimit;
};

/**
 * Verifies one kind of credentials. Returns undefined when the request has none of that kind; throws or rejects with a
 * Refusal when they are not valid.
 */
export type Verify = (credentials: Credentials) => MaybePromise<Caller | undefined>;

export type Authenticate = (request: Arrival) => MaybePromise<Caller>;

/** Authenticates the caller by the first kind of credentials that the request has. Throws or rejects with a Refusal. */
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
  // The verifier checks the rest. A pattern over the whole token would cost more than the look-up (bench case `small`).
  return /^bearer /i.test(authorization) ? authorization.slice('bearer '.length).trim() : undefined;
}
