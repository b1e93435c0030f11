import { createPrivateKey, createPublicKey, generateKeyPairSync, type KeyObject } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { makeSecretFile } from '../lib/secret-file.ts';

export type KeyFile = {
  readonly file: string;
  /** Whether one is made where there is none. In production nobody would notice that the key is a new one. */
  readonly isMade: boolean;
};

/** The Ed25519 key with which checkpoints are signed, from a file in PEM (PKCS #8). */
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

/** The public half, from a file in PEM that holds either. */
export async function readPublicKey(file: string): Promise<KeyObject> {
  const pem = await readFile(file, 'utf8').catch((error) => {
    throw new Error(`The key ${file} cannot be read (${error.code}).`);
  });
  return parseKey(file, () => createPublicKey(pem));
}

/** As a genesis record has it: SPKI, DER, Base64. */
export const publicKeyText = (key: KeyObject): string =>
  (key.type === 'private' ? createPublicKey(key) : key)
    .export({ type: 'spki', format: 'der' })
    .toString('base64');

/** Undefined where a record names none that can be used. */
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
    // told below
  }
  if (key?.asymmetricKeyType !== 'ed25519') throw new Error(`${file} is no Ed25519 key in PEM.`);
  return key;
}

async function makeKey(file: string): Promise<string> {
  const { privateKey } = generateKeyPairSync('ed25519');
  await makeSecretFile(file, privateKey.export({ type: 'pkcs8', format: 'pem' }).toString());
  return await readFile(file, 'utf8');
}
