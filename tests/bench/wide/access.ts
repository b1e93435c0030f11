import { generateKeyPairSync } from 'node:crypto';
import { readdirSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { audience, issuer, makeKey, sign } from '../../support/identity-provider.ts';
import type { Contestant } from '../support/rounds.ts';
import { owner } from './classed.ts';
import { type Field, startOurs } from './contestants.ts';
import { small } from './questions.ts';
import type { Shop } from './run.ts';

/** The gateway that serves everybody alike: what the others are held against. */
export const accessOff = 'access control off';
/** The gateway without an audit log whose answers wait for a write of as many bytes: what such a log is held against. */
export const groupWrite = 'bare group write';

/** Share of another contestant's requests/s that a contestant has to reach. */
export type Bar = { readonly least: number; readonly of: typeof accessOff | typeof groupWrite };

const levelNames = {
  access: 'access control',
  audit: 'and audit',
  conditional: 'access control, conditional data',
  durable: 'and audit, on the disk first',
} as const;

export const bars: ReadonlyMap<string, Bar> = new Map([
  [levelNames.access, { least: 0.9, of: accessOff }],
  [levelNames.conditional, { least: 0.9, of: accessOff }],
  [levelNames.audit, { least: 0.75, of: accessOff }],
  [levelNames.durable, { least: 0.85, of: groupWrite }],
]);

const preload = fileURLToPath(new URL('group-write.ts', import.meta.url));

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
    { name: levelNames.access, file: supergraphFile, env: { ...access, AUDIT: '0' } },
    { name: levelNames.audit, file: supergraphFile, env: audited },
    { name: levelNames.conditional, file: classedFile, env: { ...access, AUDIT: '0' } },
    { name: levelNames.durable, file: classedFile, env: audited },
  ];
  const contestants: Contestant[] = [];
  const add = async (
    name: string,
    file: string,
    env: Record<string, string>,
    flags: readonly string[] = [],
  ) => {
    const server = opening.use(await startOurs(file, { env, flags }));
    contestants.push({ name, server, url: new URL('/graphql', server.address).href, headers });
  };
  let recordBytes: number | undefined;
  for (let copy = 0; copy < copies; copy++) {
    for (const { name, file, env } of levels) {
      const AUDIT_FOLDER = join(folder, `audit-${contestants.length}`);
      await add(name, file, { ...env, AUDIT_FOLDER });
      // The last one's records are those that answers wait for.
      if (name === levelNames.durable) recordBytes ??= await measureRecord(contestants.at(-1), AUDIT_FOLDER);
    }
    const GROUP_WRITE_FILE = join(folder, `group-write-${copy}`);
    const writing = { GROUP_WRITE_FILE, GROUP_WRITE_BYTES: String(recordBytes) };
    await add(groupWrite, classedFile, { ...access, AUDIT: '0', ...writing }, ['--import', preload]);
  }
  return { contestants, absent: [] };
}

/** Measures the bytes that an answer which waits for the audit log adds to it. */
async function measureRecord(contestant: Contestant | undefined, auditFolder: string): Promise<number> {
  if (!contestant) throw new Error('There is no gateway to ask.');
  const answers = 50;
  const body = JSON.stringify({ query: small.query, variables: small.variables });
  const headers = { 'content-type': 'application/json', ...contestant.headers };
  const ask = async () => (await fetch(contestant.url, { method: 'POST', headers, body })).text();
  await ask();
  const before = sizeOf(auditFolder);
  for (let asked = 0; asked < answers; asked++) await ask();
  return Math.round((sizeOf(auditFolder) - before) / answers);
}

const sizeOf = (folder: string): number =>
  readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .reduce((sum, { parentPath, name }) => sum + statSync(join(parentPath, name)).size, 0);
