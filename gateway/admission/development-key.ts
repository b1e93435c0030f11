import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { DepartmentCaller } from '@wenshu/schema/caller.ts';
import { exportJWK, generateKeyPair, importJWK, type JWK, SignJWT } from 'jose';
import { developmentIssuer } from '../config.ts';
import { makeSecretFile } from '../secret-file.ts';
import type { DepartmentOptions } from './departments.ts';

const audience = 'wenshu';
const algorithm = 'EdDSA';

export type Claims = Omit<DepartmentCaller, 'kind' | 'scopes'>;

export type DevelopmentKey = {
  /** Accepts what `sign` signs. */
  readonly departments: DepartmentOptions;
  sign(caller: Claims, lifetimeMs: number): Promise<string>;
};

/** Stands in for an identity provider on one's own machine: whoever may read the data folder can be anybody. */
export async function openDevelopmentKey(dataFolder: string): Promise<DevelopmentKey> {
  const secret = await readOrMake(dataFolder);
  const { d: _, ...open } = secret;
  const key = await importJWK(secret, algorithm);
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
