import { randomUUID } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { DepartmentCaller } from '@wenshu/schema/caller.ts';
import { exportJWK, generateKeyPair, importJWK, type JWK, jwtVerify, SignJWT } from 'jose';
import { makeSecretFile } from '../lib/secret-file.ts';
import type { ReadLink } from './browser-sessions.ts';
import type { DepartmentOptions } from './departments.ts';
import { developmentIssuer } from './settings.ts';

const audience = 'wenshu';
/** Audience of one-time links. It differs from that of tokens, so that neither can be used as the other. */
const linkAudience = 'wenshu one-time link';
const algorithm = 'EdDSA';

/** Lifetime of a one-time link, in milliseconds: enough to move from the terminal to the browser. */
export const linkLifetimeMs = 10 * 60_000;

export type Claims = Omit<DepartmentCaller, 'kind' | 'scopes'>;

export type DevelopmentKey = {
  /** Settings that accept the tokens that `sign` makes. */
  readonly departments: DepartmentOptions;
  sign(caller: Claims, lifetimeMs: number): Promise<string>;
  /** Signs a one-time link (see browser-sessions.ts). */
  signLink(): Promise<string>;
  readonly readLink: ReadLink;
};

/**
 * Opens the development key, which replaces an identity provider on a developer's machine. Anybody who can read the
 * data folder can sign a token for any caller.
 */
export async function openDevelopmentKey(dataFolder: string): Promise<DevelopmentKey> {
  const secret = await readOrMake(dataFolder);
  const { d: _, ...open } = secret;
  const key = await importJWK(secret, algorithm);
  const openKey = await importJWK(open, algorithm);
  return {
    departments: { jwks: { keys: [open] }, issuer: developmentIssuer, audience },
    sign: ({ user, ...claims }, lifetimeMs) =>
      new SignJWT(claims)
        .setProtectedHeader({ alg: algorithm, typ: 'JWT' })
        .setIssuer(developmentIssuer)
        .setAudience(audience)
        .setSubject(user)
        .setIssuedAt()
        .setExpirationTime(new Date(Date.now() + lifetimeMs))
        .sign(key),
    signLink: () =>
      new SignJWT({ iat: Date.now() / 1_000 })
        .setProtectedHeader({ alg: algorithm })
        .setAudience(linkAudience)
        .setJti(randomUUID())
        .setExpirationTime(new Date(Date.now() + linkLifetimeMs))
        .sign(key),
    async readLink(link) {
      const options = {
        algorithms: [algorithm],
        audience: linkAudience,
        requiredClaims: ['exp', 'iat', 'jti'],
      };
      const read = await jwtVerify(link, openKey, options).catch(() => undefined);
      const { jti = '', iat = 0 } = read?.payload ?? {};
      return read && { id: jti, issuedAt: new Date(iat * 1_000) };
    },
  };
}

async function readOrMake(dataFolder: string): Promise<JWK> {
  const file = join(dataFolder, 'development-key.json');
  const read = async (): Promise<JWK> => JSON.parse(await readFile(file, 'utf8'));
  return await read().catch(async (error) => {
    if (error.code !== 'ENOENT')
      throw new Error(`The development key ${file} cannot be read.`, { cause: error });
    const { privateKey } = await generateKeyPair(algorithm, { extractable: true });
    await makeSecretFile(file, JSON.stringify(await exportJWK(privateKey)));
    return await read();
  });
}
