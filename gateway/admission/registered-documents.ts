import { hash } from 'node:crypto';
import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { z } from 'zod';
import type { Log } from '../lib/log.ts';

/** Documents that the operator has registered. */
export type RegisteredDocuments = {
  /** Finds a document by its id in the manifest, or by its SHA-256 in lower-case hexadecimal. */
  find(id: string): string | undefined;
  has(document: string): boolean;
};

export type DocumentFiles = AsyncDisposable & {
  readonly current: RegisteredDocuments;
};

/** Polling interval, in milliseconds. Polling works however the files are replaced. */
const pollMs = 500;

/**
 * Reads the documents of a file or folder, and again when a file changes: manifests (`.json`) of Relay (`{"id":
 * "document"}`) or Apollo, and documents (`.graphql`). Rejects when they cannot be used. A later change that cannot be
 * used is logged, and the documents read before stay in use.
 */
export async function openDocumentFiles(path: string, log: Log): Promise<DocumentFiles> {
  let seen = await stateOf(path).catch(unreadable(path));
  let current = await readDocuments(path);
  const closing = new AbortController();

  async function reload() {
    const state = await stateOf(path);
    if (state === seen) return;
    seen = state;
    current = await readDocuments(path);
    log.info({}, `The registered documents in ${path} have changed and are in use.`);
  }

  async function watch() {
    while (!closing.signal.aborted) {
      await wait(pollMs, undefined, { signal: closing.signal, ref: false }).catch(() => {});
      if (closing.signal.aborted) return;
      await reload().catch((cause) =>
        log.error({ cause }, `The registered documents in ${path} stay as they were: ${cause.message}`),
      );
    }
  }
  const watched = watch();

  return {
    get current() {
      return current;
    },
    async [Symbol.asyncDispose]() {
      closing.abort();
      await watched;
    },
  };
}

const unreadable = (path: string) => (error: NodeJS.ErrnoException) => {
  throw new Error(`The registered documents in ${path} cannot be read (${error.code}).`);
};

/** Returns a text that changes when a file changes. */
async function stateOf(path: string): Promise<string> {
  const states = (await filesOf(path)).map(async (file) => {
    const { mtimeMs, size, ino } = await stat(file);
    return [file, mtimeMs, size, ino].join();
  });
  return (await Promise.all(states)).join('\n');
}

async function filesOf(path: string): Promise<string[]> {
  if (!(await stat(path)).isDirectory()) return [path];
  const names = await readdir(path);
  return names
    .filter((name) => /\.(json|graphql)$/.test(name))
    .sort()
    .map((name) => join(path, name));
}

async function readDocuments(path: string): Promise<RegisteredDocuments> {
  const byId = new Map<string, string>();
  const documents = new Set<string>();
  for (const file of await filesOf(path).catch(unreadable(path))) {
    const text = await readFile(file, 'utf8').catch(unreadable(file));
    for (const [id, document] of file.endsWith('.json')
      ? readManifest(file, text)
      : [[hash('sha256', text), text]]) {
      const other = byId.get(id);
      if (other !== undefined && other !== document) {
        throw new Error(`${file} has another document under the id "${id}" than a file before it.`);
      }
      byId.set(id, document).set(hash('sha256', document), document);
      documents.add(document);
    }
  }
  return { find: (id) => byId.get(id), has: (document) => documents.has(document) };
}

/** https://www.apollographql.com/docs/graphos/platform/security/persisted-queries#manifest-format */
const apolloManifest = z.object({
  format: z.literal('apollo-persisted-query-manifest'),
  version: z.literal(1),
  operations: z.array(z.object({ id: z.string(), body: z.string() })),
});
/** https://relay.dev/docs/guides/persisted-queries/ */
const relayManifest = z.record(z.string(), z.string());

function readManifest(file: string, text: string): (readonly [string, string])[] {
  const json = parseJson(file, text);
  const apollo = apolloManifest.safeParse(json);
  const relay = apollo.success ? undefined : relayManifest.safeParse(json);
  if (relay && !relay.success) {
    throw new Error(`${file} is no manifest: it must be {"id": "document", …}, or as Apollo writes it.`);
  }
  const entries = apollo.success
    ? apollo.data.operations.map(({ id, body }) => [id, body] as const)
    : Object.entries(relay?.data ?? {});
  return entries.map(([name, document]) => {
    const id = name.replace(/^sha256:/, '');
    if (/^[0-9a-f]{64}$/.test(id) && id !== hash('sha256', document)) {
      throw new Error(`${file} has a document under the hash ${id}, which is not its SHA-256.`);
    }
    return [id, document];
  });
}

function parseJson(file: string, text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new Error(`${file} is not valid JSON.`);
  }
}
