import { readFile } from 'node:fs/promises';
import { createLocalJWKSet, errors, type JSONWebKeySet, type JWTVerifyGetKey } from 'jose';
import type { Log } from '../lib/log.ts';

/** Where public keys are: an address (`https:`), a file (`file:`), or here. */
export type KeySource = URL | JSONWebKeySet;

export type KeySet = {
  /** Rejects with `KeysUnavailable`, or as jose does where no key fits. */
  readonly find: JWTVerifyGetKey;
  /** Resolves where there are keys to verify with; rejects with `KeysUnavailable` where there never were any. */
  ready(): Promise<void>;
};

/** No keys could be had yet: a token may be right, and nobody can tell. */
export class KeysUnavailable extends Error {}

type Habits = {
  readonly read: () => Promise<JSONWebKeySet>;
  /** Keys older than this are read anew, while they still serve. */
  readonly maxAgeMs: number;
  /** Keys are read anew at most so often, whatever tokens name and however reading fails. */
  readonly cooldownMs: number;
};

const fetchTimeoutMs = 5_000;

/**
 * Keys that follow their source, and outlive it. They are read anew when they are old, so that a withdrawn key goes,
 * and when a token names one that is not among them, so that a new one is known at once. Where that fails, the last
 * good ones stay in use: a provider that is down costs no caller anything.
 */
export function openKeySet(source: KeySource, log: Log, now: () => number): KeySet {
  const { read, maxAgeMs, cooldownMs } = habitsOf(source);
  let keys: JWTVerifyGetKey | undefined;
  let readAt = 0;
  let rereadableAt = 0;
  let reading: Promise<void> | undefined;

  /** Waits for new keys where they may be asked for; afterwards there are new ones or not. */
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
      log.warn({ cause }, 'The keys of the identity provider cannot be read; any read before stay in use.');
    }
    // The first keys do not count: a rotation may follow them at once.
    if (!wasEmpty || !keys) rereadableAt = now() + cooldownMs;
    reading = undefined;
  }

  async function current(): Promise<JWTVerifyGetKey> {
    if (!keys) await refresh();
    else if (now() - readAt > maxAgeMs) void refresh();
    if (!keys) throw new KeysUnavailable('The keys of the identity provider cannot be had.');
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

/** Rejects where there is no such file, or no JSON in it. */
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

/** An empty set is a fault of the provider: nobody could be let in. */
function someKeys(set: JSONWebKeySet): JSONWebKeySet {
  if (set?.keys?.length === 0) throw new Error('The set of keys is empty.');
  return set;
}
