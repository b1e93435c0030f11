import { execFile } from 'node:child_process';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { MutualTls } from '@wenshu/schema/mutual-tls.ts';

const openssl = (...args: string[]) => promisify(execFile)('openssl', args);

/** An authority of a test's own, which signs certificates for this machine. */
export interface Authority {
  issue(name: string): Promise<MutualTls & { readonly files: MutualTls }>;
}

const newKey = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes'];

/** Creates an authority with `openssl`, under `name`, in `folder`. */
export async function createAuthority(folder: string, name: string): Promise<Authority> {
  const fileOf = (file: string) => join(folder, `${name}-${file}`);
  const [caKey, ca] = [fileOf('ca.key'), fileOf('ca.pem')];
  await openssl(
    'req',
    '-x509',
    ...newKey,
    '-keyout',
    caKey,
    '-out',
    ca,
    '-days',
    '1',
    '-subj',
    `/CN=${name}`,
  );
  return {
    async issue(holder) {
      const [key, request, cert, extensions] = ['key', 'csr', 'pem', 'ext'].map((end) =>
        fileOf(`${holder}.${end}`),
      ) as [string, string, string, string];
      await writeFile(extensions, 'subjectAltName=IP:127.0.0.1');
      await openssl('req', ...newKey, '-keyout', key, '-out', request, '-subj', `/CN=${holder}`);
      const signing = ['-CA', ca, '-CAkey', caKey, '-CAcreateserial', '-extfile', extensions, '-days', '1'];
      await openssl('x509', '-req', '-in', request, '-out', cert, ...signing);
      const read = (file: string) => readFile(file, 'utf8');
      return { cert: await read(cert), key: await read(key), ca: await read(ca), files: { cert, key, ca } };
    },
  };
}
