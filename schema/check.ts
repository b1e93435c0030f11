import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { listBreakingChanges } from './breaking-changes.ts';
import { type Composition, compose, composedFiles, composedNames, servicesIn } from './compose.ts';
import { type Folders, schemaTypeFiles } from './schema-types.ts';

/**
 * Returns what is wrong with the checked-in contract, one sentence each: stale generated files, and changes that break callers of the API
 * `against`, which is a file or a git revision (default: the checked-in API).
 */
export async function check(
  folders: Folders,
  { against }: { against?: string | undefined } = {},
): Promise<string[]> {
  const composition = compose(servicesIn(folders));
  const stale = await listStale(composition, folders);
  const before = against
    ? await readApi(against)
    : await readFile(composedFiles.api, 'utf8').catch(() => undefined);
  const broken = before ? await listBreakingChanges(before, composition.api) : [];
  return [...stale, ...broken.map((change) => `Breaking: ${change}`)];
}

async function listStale(composition: Composition, folders: Folders): Promise<string[]> {
  const stale: string[] = [];
  const composed = composedNames.map((name) => ({ file: composedFiles[name], text: composition[name] }));
  for (const { file, text } of [...composed, ...schemaTypeFiles(folders)]) {
    const checkedIn = await readFile(file, 'utf8').catch(() => undefined);
    if (checkedIn !== text) {
      const path = relative(join(import.meta.dirname, '..'), fileURLToPath(file));
      stale.push(`${path} is not what the subgraphs compose to: run "npx wenshu compose".`);
    }
  }
  return stale;
}

/** Returns the API in a file, or the API that was checked in at a git revision. */
async function readApi(against: string): Promise<string> {
  const file = await readFile(against, 'utf8').catch(() => undefined);
  if (file) return file;
  const folder = import.meta.dirname;
  const shown = promisify(execFile)('git', ['show', `${against}:./api.graphql`], {
    cwd: folder,
    maxBuffer: 2 ** 28,
  });
  return shown.then(
    ({ stdout }) => stdout,
    () => {
      throw new Error(`"${against}" is neither a file nor a git revision that has schema/api.graphql.`);
    },
  );
}
