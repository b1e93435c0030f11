import { readFileSync } from 'node:fs';
import type { MutualTls } from '@wenshu/schema/mutual-tls.ts';

/** Paths of PEM files. */
export type MutualTlsFiles = { readonly cert: string; readonly key: string; readonly ca: string };

/** Reads the files. Throws with the name of a file that cannot be read. */
export function readMutualTls({ cert, key, ca }: MutualTlsFiles): MutualTls {
  return { cert: read(cert), key: read(key), ca: read(ca) };
}

function read(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (cause) {
    throw new Error(`The file ${file} for TLS cannot be read (${(cause as NodeJS.ErrnoException).code}).`, {
      cause,
    });
  }
}
