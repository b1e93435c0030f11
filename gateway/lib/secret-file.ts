import { randomUUID } from 'node:crypto';
import { link, mkdir, unlink, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';

/**
 * Makes a file that only its owner may read, unless there is one: under its name it stands whole or not at all, and the
 * first of several processes that start at once makes it. So what holds is what is read of it afterwards.
 */
export async function makeSecretFile(file: string, text: string): Promise<void> {
  // Embedded Postgres, as another user, has to reach its own folder in the same one.
  await mkdir(dirname(file), { recursive: true, mode: 0o755 });
  const draft = `${file}.${randomUUID()}`;
  await writeFile(draft, text, { mode: 0o600, flush: true });
  try {
    await link(draft, file);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  } finally {
    await unlink(draft);
  }
}
