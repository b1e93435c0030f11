import { createPrivateKey, createPublicKey, generateKeyPairSync, type KeyObject } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { makeSecretFile } from '../lib/secret-file.ts';

export type KeyFile = {
  readonly file: string;
  /** Whether a missing key is created. In production it is not, because nobody would notice that the key is new. */
  readonly isMade: boolean;
};

/** Opens the Ed25519 key that signs checkpoints, from a PEM file (PKCS #8). */
export async function openSigningKey({ file, isMade }: KeyFile): Promise<KeyObject> {
  const pem = await readFile(file, 'utf8').catch((error) => {
    if (error.code === 'ENOENT' && isMade) return makeKey(file);
    throw new Error(
      `The key of the audit log, ${file}, cannot be read (${error.code}). AUDIT_KEY says where it is; ` +
        'openssl genpkey -algorithm ed25519 -out FILE makes one.',
    );
  });
  return parseKey(file, () => createPrivateKey(pem));
}

/** Reads the public key from a PEM file that contains either half. */
export async function readPublicKey(file: string): Promise<KeyObject> {
  const pem = await readFile(file, 'utf8').catch((error) => {
    throw new Error(`The key ${file} cannot be read (${error.code}).`);
  });
  return parseKey(file, () => createPublicKey(pem));
}

/** Returns the public key as in a genesis record: SPKI, DER, Base64. */
export const publicKeyText = (key: KeyObject): string =>
  (key.type === 'private' ? createPublicKey(key) : key)
    .export({ type: 'spki', format: 'der' })
    .toString('base64');

/** Parses the public key of a genesis record; undefined if it cannot be used. */
export function parsePublicKey(text: string): KeyObject | undefined {
  try {
    const key = createPublicKey({ key: Buffer.from(text, 'base64'), type: 'spki', format: 'der' });
    return key.asymmetricKeyType === 'ed25519' ? key : undefined;
  } catch {
    return undefined;
  }
}

function parseKey(file: string, parse: () => KeyObject): KeyObject {
  let key: KeyObject | undefined;
  try {
    key = parse();
  } catch {
    // The check below reports it.
  }
  if (key?.asymmetricKeyType !== 'ed25519') throw new Error(`${file} is no Ed25519 key in PEM.`);
  return key;
}

async function makeKey(file: string): Promise<string> {
  const { privateKey } = generateKeyPairSync('ed25519');
  await makeSecretFile(file, privateKey.export({ type: 'pkcs8', format: 'pem' }).toString());
  return await readFile(file, 'utf8');
}
