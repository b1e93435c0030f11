import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';
import type { CallersOf } from './page.ts';

/** The page by content coding: one copy of each for all readers. */
export type PageBytes = Readonly<Record<'identity' | 'gzip', Uint8Array>>;

const script = fileURLToPath(new URL('page-child.ts', import.meta.url));
const maxBytes = 32 * 1024 * 1024;

/**
 * Returns a function that renders and compresses the page at its first request. The page has nine megabytes, and most
 * gateways never show it.
 */
export function openPage(callers: CallersOf): () => Promise<PageBytes> {
  let page: Promise<PageBytes> | undefined;
  return () => {
    page ??= render(callers).catch((cause) => {
      page = undefined;
      throw cause;
    });
    return page;
  };
}

async function render(callers: CallersOf): Promise<PageBytes> {
  const options = { encoding: 'buffer', maxBuffer: maxBytes, env: {} } as const;
  const { stdout: gzip } = await promisify(execFile)(process.execPath, [script, callers], options);
  // One chunk: several would be in memory beside their sum.
  const identity = await promisify(gunzip)(gzip, { chunkSize: maxBytes / 2 });
  return { gzip, identity };
}
