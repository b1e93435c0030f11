import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ConfigError } from '../lib/config-error.ts';
import { makeSecretFile } from '../lib/secret-file.ts';

/** Stored form of a key, which is useless without the pepper. */
export type StoredDigest = {
  /** HMAC-SHA-256 of the full key, as base64url. */
  readonly digest: string;
  /** Identifies the pepper without revealing it. */
  readonly pepper: string;
};

/** Secrets for hashing keys: the first is for new keys, all of them for stored ones. */
export type Peppers = {
  hash(key: string): StoredDigest;
  /** Whether a key matches the stored digest. It compares in constant time. */
  verify(key: string, stored: StoredDigest): boolean;
  /** Whether a digest uses the pepper for new keys. */
  isCurrent(stored: StoredDigest): boolean;
  /** Derives a secret of 32 bytes for another use from the newest pepper. The pepper cannot be computed from it. */
  secretFor(use: string): Buffer;
  /** Derives such a secret from each pepper, the newest first. */
  secretsFor(use: string): readonly [Buffer, ...Buffer[]];
  /** Whether a digest uses one of the peppers. */
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
    secretFor: (use) => secretFor(newest, use),
    secretsFor: (use) => [secretFor(newest, use), ...older.map((pepper) => secretFor(pepper, use))],
    knows: ({ pepper }) => secretOf.has(pepper),
  };
}

/**
 * Opens the configured peppers, newest first. Without any, a development hub makes one in its data folder; in
 * production it must be kept apart from the database.
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

const secretFor = (pepper: string, use: string) => hmac(pepper, `secret for ${use}`);

const nameOf = (secret: string) => hmac(secret, 'name of a pepper').toString('hex').slice(0, 8);
