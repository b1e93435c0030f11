import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { DepartmentOptions } from '@wenshu/gateway/admission/departments.ts';
import { type CryptoKey, exportJWK, generateKeyPair, type JWK, SignJWT } from 'jose';

export type Key = {
  readonly kid: string;
  readonly alg: string;
  readonly secret: CryptoKey;
  readonly open: JWK;
};

export async function makeKey(kid: string, alg = 'ES256'): Promise<Key> {
  const { privateKey, publicKey } = await generateKeyPair(alg, { extractable: true });
  return { kid, alg, secret: privateKey, open: { ...(await exportJWK(publicKey)), kid, alg, use: 'sig' } };
}

export const issuer = 'https://id.test';
export const audience = 'wenshu';

/** Seconds since 1970, so many from now. */
export const inSeconds = (seconds: number, now = Date.now()) => Math.floor(now / 1000) + seconds;

/** Claims of a token as JSON, valid or not. */
export type Claims = Readonly<Record<string, unknown>>;

/** Returns the claims of a valid token. */
export const goodClaims = (): Claims => ({
  iss: issuer,
  aud: audience,
  exp: inSeconds(600),
  sub: 'zhang.san',
  department: 'CULTURE_TOURISM',
  role: 'viewer',
});

/** A token of these claims; those that are undefined are left out. */
export const sign = ({ kid, alg, secret }: Key, claims: Claims = {}) =>
  new SignJWT({ ...goodClaims(), ...claims }).setProtectedHeader({ alg, kid }).sign(secret);

export const bearer = (token: string) => ({ authorization: `Bearer ${token}` });

export type IdentityProvider = AsyncDisposable & {
  readonly options: DepartmentOptions;
  /** Published keys; undefined for no answer at all. */
  keys: readonly Key[] | undefined;
  /** Promise that each answer waits for. */
  answering: Promise<void>;
  /** Number of requests. */
  readonly asked: number;
};

/** Publishes keys over HTTP, as an identity provider does. */
export async function startIdentityProvider(...keys: readonly Key[]): Promise<IdentityProvider> {
  const published = { keys: keys as readonly Key[] | undefined, answering: Promise.resolve(), asked: 0 };
  const server = createServer(async (request, response) => {
    published.asked++;
    await published.answering;
    if (!published.keys) {
      request.socket.destroy();
      return;
    }
    const set = { keys: published.keys.map(({ open }) => open) };
    response.setHeader('content-type', 'application/json').end(JSON.stringify(set));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return Object.assign(published, {
    options: { jwks: new URL(`http://127.0.0.1:${port}/jwks.json`), issuer, audience },
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      server.close();
    },
  });
}
