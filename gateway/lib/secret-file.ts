import { randomUUID } from 'node:crypto';
import { link, mkdir, unlink, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';

/**
 * Creates a file that only its owner can read, unless it exists. The file appears complete or not at all. When
 * several processes start at once, the first creates it, so callers must read it afterwards.
 */
export async function makeSecretFile(file: string, text: string): Promise<void> {
  // Embedded Postgres runs as another user and must reach its own folder below this one.
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
