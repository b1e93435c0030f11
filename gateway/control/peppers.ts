import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ConfigError } from '../lib/config-error.ts';
import { makeSecretFile } from '../lib/secret-file.ts';

/** What a key is stored as, which is of no use without the pepper. */
export type StoredDigest = {
  /** HMAC-SHA-256 of the whole key, as base64url. */
  readonly digest: string;
  /** Names the pepper without giving it away. */
  readonly pepper: string;
};

/** The secrets that stored keys are hashed with: the first for new ones, all for those on record. */
export type Peppers = {
  hash(key: string): StoredDigest;
  /** Whether a key is the one on record, in a time that does not tell how far they agree. */
  verify(key: string, stored: StoredDigest): boolean;
  /** Whether a digest is under the pepper for new keys. */
  isCurrent(stored: StoredDigest): boolean;
  /** A secret of 32 bytes for another use, that follows from the newest pepper and does not lead back. */
  secretFor(use: string): Buffer;
  /** Whether a digest is under one of the peppers at all. */
  knows(stored: StoredDigest): boolean;
};

export function createPeppers([newest, ...older]: readonly [string, ...string[]]): Peppers {
  const current = nameOf(newest);
  const secretOf = new Map([newest, ...older].map((secret) => [nameOf(secret), secret]));
  return {
    hash: (key) => ({ digest: hmac(newest, key).toString('base64url'), pepper: current }),
    verify(key, { digest, pepper }) {
      const secret = secretOf.get(pepper);
      const known = Buffer.from(digest, 'base64url');
      const given = hmac(secret ?? newest, key);
      return secret !== undefined && known.length === given.length && timingSafeEqual(known, given);
    },
    isCurrent: ({ pepper }) => pepper === current,
    secretFor: (use) => hmac(newest, `secret for ${use}`),
    knows: ({ pepper }) => secretOf.has(pepper),
  };
}

/**
 * The peppers that the configuration gives, newest first. Where it gives none, a hub that is being tried out makes
 * itself one in its data folder; production has to keep it apart from the database.
 */
export async function openPeppers(config: {
  readonly keyPeppers: readonly string[];
  readonly dataFolder: string;
  readonly isProduction: boolean;
}): Promise<Peppers> {
  const [newest, ...older] = config.keyPeppers;
  if (newest) return createPeppers([newest, ...older]);
  if (config.isProduction) {
    throw new ConfigError([
      'KEY_PEPPER must be set with NODE_ENV=production, the same on every gateway: API keys are kept under it. ' +
        'Set it to what "openssl rand -base64 32" prints, and keep it apart from the database.',
    ]);
  }
  return createPeppers([await ownPepper(config.dataFolder)]);
}

async function ownPepper(dataFolder: string): Promise<string> {
  const file = join(dataFolder, 'key-pepper');
  await makeSecretFile(file, randomBytes(32).toString('base64url'));
  return await readFile(file, 'utf8');
}

const hmac = (secret: string, text: string) => createHmac('sha256', secret).update(text).digest();

const nameOf = (secret: string) => hmac(secret, 'name of a pepper').toString('hex').slice(0, 8);
