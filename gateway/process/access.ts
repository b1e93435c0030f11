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

/** Whom a hub as it is run lets in: everybody alike, callers of an identity provider, or whoever has the development key. */
export type AccessMode =
  | { readonly kind: 'open' }
  | { readonly kind: 'provider'; readonly options: AccessOptions }
  | { readonly kind: 'development'; readonly options: AccessOptions; readonly key: DevelopmentKey };

/**
 * Where nothing is said of it, access control is on where the graph shares by department (`isShared`), and wherever an
 * identity provider is named. Rejects where it is on and nobody could be let in.
 */
export async function settleAccess(config: Config, isShared: boolean, log: Log): Promise<AccessMode> {
  const { access, identityProvider, isProduction, dataFolder } = config;
  if (access === false) log.warn({}, 'ACCESS is 0: the gateway answers everybody, whoever it is.');
  if (!(access ?? (isShared || identityProvider !== undefined))) return { kind: 'open' };
  if (access === 'optional' && isShared) {
    throw new ConfigError([
      'ACCESS must not be optional where the supergraph declares @sharing: it shares nothing with nobody.',
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
      'JWKS and JWT_ISSUER must name the identity provider of the departments, where NODE_ENV is production.',
    ]);
  }
  const key = await openDevelopmentKey(dataFolder);
  return { kind: 'development', options: optionsFor(key.departments), key };
}

/** A missing address may come up later; a file that is missing at the start is a slip. */
const checkKeyFile = (file: URL) =>
  readKeyFile(file).catch((cause) => {
    throw new Error(`JWKS ${file.pathname} cannot be read (${cause.code ?? 'it is no JSON'}).`, { cause });
  });

/** Rejects where no hub with these settings would accept it. */
export async function signDevelopmentToken(
  config: Config,
  caller: Claims,
  lifetimeMs: number,
): Promise<string> {
  const key = await openKeyInForce(config);
  return await key.sign(caller, lifetimeMs);
}

/** A one-time link to GraphiQL on the hub at `address`. Rejects where no hub with these settings would accept it. */
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

/** Where a person opens GraphiQL on a hub that has just started; undefined where it has none. */
export async function graphiqlAddress(
  { graphiql }: Config,
  access: AccessMode,
  address: string,
): Promise<string | undefined> {
  if (!graphiql) return undefined;
  return access.kind === 'development' ? linkTo(address, access.key) : new URL('/graphiql', address).href;
}

/** Browsers are let in for who runs the hub on its own machine; in production nobody is without a token. */
export function openSessions(access: AccessMode): BrowserSessions | undefined {
  if (access.kind !== 'development') return undefined;
  return createBrowserSessions(access.key.readLink, linkLifetimeMs, {
    kind: 'department',
    department: 'PROPAGANDA',
    role: 'analyst',
    user: 'graphiql',
  });
}
