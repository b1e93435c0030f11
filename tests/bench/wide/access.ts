import { generateKeyPairSync } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { audience, issuer, makeKey, sign } from '../../support/identity-provider.ts';
import type { Contestant } from '../support/rounds.ts';
import { owner } from './classed.ts';
import { type Field, startOurs } from './contestants.ts';
import type { Shop } from './run.ts';

/** The gateway that serves everybody alike: what the others are held against. */
export const accessOff = 'access control off';

/** Two processes of the same differ by as much as is looked for: how V8 compiles what is chance. */
const copies = 3;

/** Our gateway, with more of what governs it switched on from one to the next. */
export async function startAccessLevels(
  { folder, supergraphFile, classedFile }: Shop,
  opening: AsyncDisposableStack,
): Promise<Field> {
  const key = await makeKey('bench');
  const keys = join(folder, 'keys.json');
  writeFileSync(keys, JSON.stringify({ keys: [key.open] }));
  const headers = { authorization: `Bearer ${await sign(key, { department: owner })}` };
  const auditKey = join(folder, 'audit-key.pem');
  const { privateKey } = generateKeyPairSync('ed25519');
  writeFileSync(auditKey, privateKey.export({ type: 'pkcs8', format: 'pem' }));

  const access = { JWKS: keys, JWT_ISSUER: issuer, JWT_AUDIENCE: audience };
  const audited = { ...access, AUDIT: '1', AUDIT_KEY: auditKey };
  const levels = [
    { name: accessOff, file: supergraphFile, env: {} },
    { name: 'access control', file: supergraphFile, env: { ...access, AUDIT: '0' } },
    { name: 'and audit', file: supergraphFile, env: audited },
    { name: 'access control, conditional data', file: classedFile, env: { ...access, AUDIT: '0' } },
    { name: 'and audit, on the disk first', file: classedFile, env: audited },
  ];
  const contestants: Contestant[] = [];
  for (let copy = 0; copy < copies; copy++) {
    for (const { name, file, env } of levels) {
      const AUDIT_FOLDER = join(folder, `audit-${contestants.length}`);
      const server = opening.use(await startOurs(file, { env: { ...env, AUDIT_FOLDER } }));
      contestants.push({ name, server, url: new URL('/graphql', server.address).href, headers });
    }
  }
  return { contestants, absent: [] };
}
