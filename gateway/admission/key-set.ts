import { readFile } from 'node:fs/promises';
import { createLocalJWKSet, errors, type JSONWebKeySet, type JWTVerifyGetKey } from 'jose';
import type { Log } from '../lib/log.ts';

/** Location of public keys: an `https:` or `file:` URL, or the key set itself. */
export type KeySource = URL | JSONWebKeySet;

export type KeySet = {
  /** Finds a key. Rejects with `KeysUnavailable`, or with jose's error when no key fits. */
  readonly find: JWTVerifyGetKey;
  /** Resolves when there are keys; rejects with `KeysUnavailable` when none could be read since the start. */
  ready(): Promise<void>;
};

/** No keys could be read since the start, so no token can be verified. */
export class KeysUnavailable extends Error {}

type Habits = {
  readonly read: () => Promise<JSONWebKeySet>;
  /** Age after which keys are read again, in milliseconds. The old keys stay in use meanwhile. */
  readonly maxAgeMs: number;
  /** Minimum time between two reads, in milliseconds, whatever key ids tokens name and however reads fail. */
  readonly cooldownMs: number;
};

const fetchTimeoutMs = 5_000;

/**
 * Opens keys that follow their source. They are read again when they are old, so that a withdrawn key stops working,
 * and when a token names an unknown key, so that a new one works at once. When a read fails, the last good keys stay in
 * use: an outage of the provider costs no caller anything.
 */
export function openKeySet(source: KeySource, log: Log, now: () => number): KeySet {
  const { read, maxAgeMs, cooldownMs } = habitsOf(source);
  let keys: JWTVerifyGetKey | undefined;
  let readAt = 0;
  let rereadableAt = 0;
  let reading: Promise<void> | undefined;

  /**
   * Reads the keys again unless the cooldown forbids it. Resolves in either case, with new keys or with the old ones.
   */
  function refresh(): Promise<void> {
    if (!reading && now() >= rereadableAt) reading = readAnew();
    return reading ?? Promise.resolve();
  }

  async function readAnew(): Promise<void> {
    const wasEmpty = !keys;
    try {
      keys = createLocalJWKSet(someKeys(await read()));
      readAt = now();
    } catch (cause) {
      log.warn({ cause }, 'The keys of the identity provider cannot be read; earlier keys stay in use.');
    }
    // The first read starts no cooldown, because a rotation may follow at once.
    if (!wasEmpty || !keys) rereadableAt = now() + cooldownMs;
    reading = undefined;
  }

  async function current(): Promise<JWTVerifyGetKey> {
    if (!keys) await refresh();
    else if (now() - readAt > maxAgeMs) void refresh();
    if (!keys) throw new KeysUnavailable('The keys of the identity provider cannot be loaded.');
    return keys;
  }

  return {
    async find(header, token) {
      const known = await current();
      try {
        return await known(header, token);
      } catch (error) {
        if (!(error instanceof errors.JWKSNoMatchingKey)) throw error;
        await refresh();
        return await (await current())(header, token);
      }
    },
    async ready() {
      await current();
    },
  };
}

function habitsOf(source: KeySource): Habits {
  if (!(source instanceof URL)) {
    const never = Number.POSITIVE_INFINITY;
    return { read: async () => source, maxAgeMs: never, cooldownMs: never };
  }
  return source.protocol === 'file:'
    ? { read: () => readKeyFile(source), maxAgeMs: 1_000, cooldownMs: 1_000 }
    : { read: () => fetchKeys(source), maxAgeMs: 10 * 60_000, cooldownMs: 10_000 };
}

/** Reads a key set from a file. Rejects when the file is missing or holds no JSON. */
export const readKeyFile = async (file: URL): Promise<JSONWebKeySet> =>
  JSON.parse(await readFile(file, 'utf8'));

async function fetchKeys(address: URL): Promise<JSONWebKeySet> {
  const response = await fetch(address, {
    headers: { accept: 'application/jwk-set+json, application/json' },
    redirect: 'error',
    signal: AbortSignal.timeout(fetchTimeoutMs),
  });
  if (response.status !== 200) throw new Error(`${address} answers ${response.status}.`);
  return (await response.json()) as JSONWebKeySet;
}

/** Refuses an empty key set: it is an error of the provider, and nobody could be admitted. */
function someKeys(set: JSONWebKeySet): JSONWebKeySet {
  if (set?.keys?.length === 0) throw new Error('The set of keys is empty.');
  return set;
}
