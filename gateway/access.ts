import type { IncomingMessage } from 'node:http';
import type { AccessOptions } from './admission/admit.ts';
import type { DepartmentOptions } from './admission/departments.ts';
import { type Claims, type DevelopmentKey, openDevelopmentKey } from './admission/development-key.ts';
import { readKeyFile } from './admission/key-set.ts';
import { type Config, ConfigError } from './config.ts';
import { isLoopback, isLoopbackHost } from './http/loopback.ts';
import type { Log } from './log.ts';

/** Whom a hub as it is run lets in: everybody alike, callers of an identity provider, or whoever has the development key. */
export type Access =
  | { readonly kind: 'open' }
  | { readonly kind: 'provider'; readonly options: AccessOptions }
  | { readonly kind: 'development'; readonly options: AccessOptions; readonly key: DevelopmentKey };

/**
 * Where nothing is said of it, access control is on where the graph shares by department (`isShared`), and wherever an
 * identity provider is named. Rejects where it is on and nobody could be let in.
 */
export async function settleAccess(config: Config, isShared: boolean, log: Log): Promise<Access> {
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
  { isProduction, identityProvider, dataFolder }: Config,
  caller: Claims,
  lifetimeMs: number,
): Promise<string> {
  const provider = identityProvider ? 'JWKS is set' : isProduction ? 'NODE_ENV is production' : undefined;
  if (provider) throw new ConfigError([`${provider}: tokens come from the identity provider.`]);
  const key = await openDevelopmentKey(dataFolder);
  return await key.sign(caller, lifetimeMs);
}

const pageTokenMs = 60 * 60_000;

/**
 * What the page of GraphiQL sends to say who asks: a token of the development key, where the page is asked for on
 * this very machine. A name that is not of this machine may belong to a page of another site, and a proxy stands for
 * anybody.
 */
export async function pageHeaders(
  access: Access,
  request: IncomingMessage,
): Promise<Record<string, string> | undefined> {
  if (access.kind !== 'development' || !isOfThisMachine(request)) return undefined;
  const caller = { department: 'PROPAGANDA', role: 'analyst', user: 'graphiql' } as const;
  return { authorization: `Bearer ${await access.key.sign(caller, pageTokenMs)}` };
}

function isOfThisMachine({ socket: { remoteAddress = '' }, headers }: IncomingMessage): boolean {
  return (
    isLoopback(remoteAddress) &&
    isLoopbackHost(URL.parse(`http://${headers.host}`)?.hostname ?? '') &&
    headers.forwarded === undefined &&
    headers['x-forwarded-for'] === undefined
  );
}
