import {
  type Department,
  type DepartmentCaller,
  departments,
  type Role,
  roles,
  type UserCaller,
} from '@wenshu/schema/caller.ts';
import { errors, type JWTPayload, jwtVerify } from 'jose';
import { LRUCache } from 'lru-cache';
import type { Log } from '../lib/log.ts';
import { isName } from '../lib/plain-text.ts';
import { repeatedMember } from '../lib/repeated-member.ts';
import { badCredentials, Refusal, unusableClaim } from '../request/refusal.ts';
import type { Credentials, Verify } from './authenticate.ts';
import { type KeySource, KeysUnavailable, openKeySet } from './key-set.ts';
import { scopesOf } from './users.ts';

/** Settings of an identity provider. */
export type DepartmentOptions = {
  /** Public keys of the provider, as a JSON Web Key Set. */
  readonly jwks: KeySource;
  /** Exact value of the claim `iss`. */
  readonly issuer: string;
  /** Value that the claim `aud` must have or contain. */
  readonly audience: string;
  /** Clock, in milliseconds since 1970. */
  readonly now?: () => number;
};

/** Whether a region has this code; undefined while the regions are not known. */
export type IsRegion = (code: string) => boolean | undefined;

export type Departments = {
  readonly verify: Verify;
  /** Resolves when tokens can be verified. */
  ready(): Promise<void>;
};

/** Accepted algorithms. They are pinned, so that a token cannot choose its own (RFC 8725, 3.1). */
const algorithms = ['RS256', 'ES256', 'EdDSA'];
const leewaySeconds = 60;

/** Time for which a verified token is not verified again, in milliseconds. It never exceeds the token's expiry. */
const keptMs = 60_000;
const tokensKept = 5_000;

type TokenCaller = DepartmentCaller | UserCaller;

/** A verified token with its caller. */
type Kept = { readonly token: string; readonly caller: TokenCaller; readonly until: number };

const endOf = (token: string) => token.slice(-40);

/**
 * Creates the verification of JWTs: https://www.rfc-editor.org/rfc/rfc7519. `callerOf` reads the claims, or throws a
 * Refusal.
 */
export function createDepartments(
  options: DepartmentOptions,
  log: Log,
  callerOf: (payload: JWTPayload) => TokenCaller = departmentOf(),
): Departments {
  const { jwks, issuer, audience, now = Date.now } = options;
  const keys = openKeySet(jwks, log, now);
  /**
   * Verified tokens by their last characters, which belong to the signature. To look up a whole token takes five
   * times as long (bench case `small`).
   */
  const kept = new LRUCache<string, Kept>({ max: tokensKept });

  async function verifyAnew(token: string, credentials: Credentials): Promise<TokenCaller> {
    const { payload } = await jwtVerify(token, keys.find, {
      algorithms,
      issuer,
      audience,
      requiredClaims: ['exp'],
      clockTolerance: leewaySeconds,
      currentDate: new Date(now()),
    }).catch(async (cause) => {
      throw await refusalOf(cause, credentials);
    });
    refuseRepeated(token);
    refuseEndless(payload);
    const caller = callerOf(payload);
    kept.set(endOf(token), { token, caller, until: Math.min(now() + keptMs, (payload.exp ?? 0) * 1_000) });
    return caller;
  }

  return {
    verify(credentials) {
      const { bearer } = credentials;
      if (bearer === undefined) return undefined;
      const known = kept.get(endOf(bearer));
      return known?.token === bearer && now() < known.until ? known.caller : verifyAnew(bearer, credentials);
    },
    ready: keys.ready,
  };
}

/**
 * Returns the reason why a token was refused. Details go only to holders of a token that the provider signed; all
 * others get the same answer, and count as a failed attempt.
 */
async function refusalOf(cause: unknown, { address, failedAuth }: Credentials): Promise<unknown> {
  if (cause instanceof KeysUnavailable) {
    const message = 'The identity provider cannot be reached to verify the token. Try again in some seconds.';
    return new Refusal('IDENTITY_UNAVAILABLE', message, {}, { 'retry-after': '10' });
  }
  // A key set that cannot be used is not the caller's fault.
  if (!(cause instanceof errors.JOSEError) || cause instanceof errors.JWKSInvalid) return cause;
  if (cause instanceof errors.JWTExpired) return badCredentials('The token has expired. Get a new one.');
  if (cause instanceof errors.JWTClaimValidationFailed) return refusalOfClaim(cause);
  return await failedAuth.refuse(address, messageForUnauthenticated(cause));
}

function messageForUnauthenticated({ code }: errors.JOSEError): string {
  switch (code) {
    case 'ERR_JOSE_ALG_NOT_ALLOWED':
      return `The hub does not accept the signature algorithm of the token. It accepts: ${algorithms.join(', ')}.`;
    case 'ERR_JWS_SIGNATURE_VERIFICATION_FAILED':
    case 'ERR_JWKS_NO_MATCHING_KEY':
    case 'ERR_JWKS_MULTIPLE_MATCHING_KEYS':
      return 'The token is not signed with a key of the identity provider.';
    default:
      return 'The token cannot be read: it is not a signed JWT.';
  }
}

/** Describes a wrong claim. Only holders of a correctly signed token get this. */
function refusalOfClaim({ claim, reason }: errors.JWTClaimValidationFailed): Refusal {
  if (reason === 'missing') return badCredentials(`The token has no "${claim}".`);
  if (claim === 'nbf') return badCredentials('The token is not valid yet.');
  if (claim === 'iss') return badCredentials('The hub does not accept the issuer of the token.');
  if (claim === 'aud') return badCredentials('The token is meant for another audience.');
  return unusableClaim(claim);
}

/** Refuses a verified token that names a claim twice. */
function refuseRepeated(token: string) {
  for (const part of token.split('.', 2)) {
    const name = repeatedMember(Buffer.from(part, 'base64url').toString());
    if (name === undefined) continue;
    const quoted = JSON.stringify(name);
    throw badCredentials(`The token has ${quoted} more than once.`, {
      messageZh: `令牌中 ${quoted} 出现不止一次。`,
    });
  }
}

/** Refuses numbers that are too large: JavaScript reads them as infinite. */
function refuseEndless(claims: JWTPayload) {
  for (const name of ['exp', 'nbf', 'iat'] as const) {
    if (claims[name] !== undefined && !Number.isFinite(claims[name])) throw unusableClaim(name);
  }
}

/** Returns a function that reads the claims of a department's token. */
export const departmentOf =
  (isRegion: IsRegion = () => undefined) =>
  (claims: JWTPayload): DepartmentCaller => {
    const { sub, department, role, region, agency } = claims;
    if (typeof sub !== 'string' || !isName(sub, 256)) throw unusableClaim('sub');
    if (!isDepartment(department)) throw unusableClaim('department');
    if (region !== undefined && !isRegionCode(region)) throw unusableClaim('region');
    if (region !== undefined && isRegion(region) === false) {
      const messageZh = `令牌所限地区 ${region} 不存在。`;
      throw badCredentials(`The token is for region ${region}, which does not exist.`, { messageZh });
    }
    if (agency !== undefined && !isAgencyId(agency)) throw unusableClaim('agency');
    const scopes = scopesOf(claims);
    return {
      kind: 'department',
      department,
      role: roleOf(role),
      user: sub,
      ...(region && { region }),
      ...(agency && { agency }),
      ...(scopes.length > 0 && { scopes }),
    };
  };

/**
 * Reads the role. A token has exactly one, so that permissions stay separate (三员分立): GB/T 22239-2019, 8.1.5, on who
 * runs, secures and audits a system.
 */
function roleOf(claim: unknown): Role {
  const [role, ...more] = Array.isArray(claim) ? claim : [claim];
  if (more.length > 0) {
    throw badCredentials('The token has several roles. Get a token for the one role in which you act.');
  }
  if (!isRole(role)) throw unusableClaim('role');
  return role;
}

const isDepartment = (claim: unknown): claim is Department => departments.some((each) => each === claim);
const isRole = (claim: unknown): claim is Role => roles.some((each) => each === claim);
const isAgencyId = (claim: unknown): claim is string => typeof claim === 'string' && isName(claim, 256);
/** Whether a claim has the form of a region code (GB/T 2260). */
const isRegionCode = (claim: unknown): claim is string => typeof claim === 'string' && /^\d{6}$/.test(claim);
