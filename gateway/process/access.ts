import type { AccessOptions } from '../admission/admit.ts';
import { type BrowserSessions, createBrowserSessions } from '../admission/browser-sessions.ts';
import type { DepartmentOptions } from '../admission/departments.ts';
import {
  type Claims,
  type DevelopmentKey,
  linkLifetimeMs,
  openDevelopmentKey,
} from '../admission/development-key.ts';
import { readKeyFile } from '../admission/key-set.ts';
import { ConfigError } from '../lib/config-error.ts';
import type { Log } from '../lib/log.ts';
import type { Config } from './config.ts';

/**
 * Which callers a hub admits: everybody without authentication, callers of an identity provider, or holders of the
 * development key.
 */
export type AccessMode =
  | { readonly kind: 'open' }
  | { readonly kind: 'provider'; readonly options: AccessOptions }
  | { readonly kind: 'development'; readonly options: AccessOptions; readonly key: DevelopmentKey };

/**
 * Decides on access control. By default it is on when the graph shares by department (`isShared`) or an identity
 * provider is configured. Rejects when it is on and nobody could be admitted.
 */
export async function settleAccess(config: Config, isShared: boolean, log: Log): Promise<AccessMode> {
  const { access, identityProvider, isProduction, dataFolder } = config;
  if (access === false) log.warn({}, 'ACCESS is 0: the gateway answers everybody.');
  if (!(access ?? (isShared || identityProvider !== undefined))) return { kind: 'open' };
  if (access === 'optional' && isShared) {
    throw new ConfigError([
      'ACCESS must not be optional with a supergraph that uses @sharing: it shares nothing with unknown callers.',
    ]);
  }
  const optionsFor = (provider: DepartmentOptions): AccessOptions => ({
    ...(isShared ? { departments: provider } : { users: provider }),
    letsInAnonymous: access === 'optional',
  });
  if (identityProvider) {
    const { jwks } = identityProvider;
    if (jwks instanceof URL && jwks.protocol === 'file:') await checkKeyFile(jwks);
    return { kind: 'provider', options: optionsFor(identityProvider) };
  }
  if (isProduction) {
    throw new ConfigError([
      'JWKS and JWT_ISSUER must name the identity provider of the departments with NODE_ENV=production.',
    ]);
  }
  const key = await openDevelopmentKey(dataFolder);
  return { kind: 'development', options: optionsFor(key.departments), key };
}

/**
 * Whether a hub is for trial: it makes its own tokens, and nobody runs it in production. It brings agreements and a
 * small synthetic city.
 */
export const isForTrial = ({ isProduction, identityProvider }: Config): boolean =>
  !isProduction && identityProvider === undefined;

/** A missing address may appear later; a missing file at the start is a mistake. */
const checkKeyFile = (file: URL) =>
  readKeyFile(file).catch((cause) => {
    throw new Error(`JWKS ${file.pathname} cannot be read (${cause.code ?? 'it is no JSON'}).`, { cause });
  });

/** Signs a development token. Rejects when no hub with these settings would accept it. */
export async function signDevelopmentToken(
  config: Config,
  caller: Claims,
  lifetimeMs: number,
): Promise<string> {
  const key = await openKeyInForce(config);
  return await key.sign(caller, lifetimeMs);
}

/**
 * Makes a one-time link to GraphiQL on the hub at `address`. Rejects when no hub with these settings would accept it.
 */
export async function makeLink(config: Config, address: string): Promise<string> {
  const key = await openKeyInForce(config);
  if (!config.graphiql) throw new ConfigError(['GRAPHIQL is 0: the hub has no page at /graphiql.']);
  return linkTo(address, key);
}

async function openKeyInForce({
  isProduction,
  identityProvider,
  dataFolder,
}: Config): Promise<DevelopmentKey> {
  const provider = identityProvider ? 'JWKS is set' : isProduction ? 'NODE_ENV is production' : undefined;
  if (provider) throw new ConfigError([`${provider}: tokens come from the identity provider.`]);
  return await openDevelopmentKey(dataFolder);
}

async function linkTo(address: string, key: DevelopmentKey): Promise<string> {
  const link = new URL('/graphiql', address);
  link.searchParams.set('once', await key.signLink());
  return link.href;
}

/** Returns the address of GraphiQL on a hub that has just started; undefined without the page. */
export async function graphiqlAddress(
  { graphiql }: Config,
  access: AccessMode,
  address: string,
): Promise<string | undefined> {
  if (!graphiql) return undefined;
  return access.kind === 'development' ? linkTo(address, access.key) : new URL('/graphiql', address).href;
}

/** Opens browser sessions for the operator's own machine. In production every caller needs a token. */
export function openSessions(access: AccessMode): BrowserSessions | undefined {
  if (access.kind !== 'development') return undefined;
  return createBrowserSessions(access.key.readLink, linkLifetimeMs, {
    kind: 'department',
    department: 'PROPAGANDA',
    role: 'analyst',
    user: 'graphiql',
  });
}
