import { departmentNames, type PartnerCaller } from '@wenshu/schema/caller.ts';
import { type ErrorCode, HubError } from '@wenshu/schema/errors.ts';
import { LRUCache } from 'lru-cache';
import { RateLimiterMemory } from 'rate-limiter-flexible';
import type { Changes } from '../hub/changes.ts';
import { type KeyText, readKey } from '../hub/key-text.ts';
import { endOf } from '../hub/keys.ts';
import type { Peppers } from '../hub/peppers.ts';
import type { ApiKeyRow } from '../hub/tables.ts';
import type { Log } from '../log.ts';
import { createNetworkCheck } from './client-address.ts';

/** Where keys are on record. */
export type KeyStore = {
  find(id: string): Promise<ApiKeyRow | undefined>;
  /** Puts a key under the pepper for new ones. */
  rehash(row: ApiKeyRow, key: string): Promise<void>;
};

/** What a key is held to; undefined where the general rules hold. */
export type PartnerTerms = {
  /** Query cost at most. */
  readonly costPerMinute: number | undefined;
  readonly costPerDay: number | undefined;
  readonly documents: ApiKeyRow['documents'] | undefined;
};

export type Partners = {
  /** Who holds a key and asks from an address; a HubError that says what a stranger may know otherwise. */
  authenticate(key: string, address: string): Promise<PartnerCaller>;
  /** What a caller that was authenticated here is held to. */
  termsOf(caller: PartnerCaller): PartnerTerms;
};

export type PartnersOptions = {
  readonly store: KeyStore;
  readonly changes: Changes;
  readonly peppers: Peppers;
  readonly log: Log;
  /** How many keys are kept in memory. */
  readonly keysKept?: number;
  /** After so many keys that are none, from one address and within a minute, it has to wait for a minute. */
  readonly failuresAllowed?: number;
};

/** The API key that comes with a request; undefined where none does. */
export function apiKeyOf(
  headers: Readonly<Record<string, string | string[] | undefined>>,
): string | undefined {
  const { 'x-api-key': own, authorization } = headers;
  if (typeof own === 'string') return own;
  return typeof authorization === 'string' ? /^Bearer +(wsk_\S+) *$/i.exec(authorization)?.[1] : undefined;
}

/** A key on record, and what follows from it. */
type Known = {
  readonly row: ApiKeyRow;
  readonly endsAt: number;
  readonly mayComeFrom: (address: string) => boolean;
  readonly caller: PartnerCaller;
};

export function createPartners(options: PartnersOptions): Partners {
  const { store, changes, peppers, log, keysKept = 10_000, failuresAllowed = 20 } = options;
  const kept = new LRUCache<string, Known>({ max: keysKept });
  const failures = new RateLimiterMemory({ points: failuresAllowed, duration: 60, blockDuration: 60 });
  const terms = new WeakMap<PartnerCaller, PartnerTerms>();

  changes.observe((change) => {
    if (!change) kept.clear();
    else if (change.table === 'api_keys') kept.delete(change.id);
  });

  async function lookUp(id: string): Promise<Known | undefined> {
    const before = changes.count;
    const row = await store.find(id).catch((cause) => {
      log.error({ cause }, 'API keys cannot be checked.');
      throw new HubError(
        'AUTHENTICATION_UNAVAILABLE',
        'API keys cannot be checked at the moment. Try again.',
      );
    });
    if (!row) return undefined;
    if (!peppers.knows(row))
      log.warn({ keyId: id }, 'An API key is under a pepper that is not configured here.');
    const known = knownOf(row);
    terms.set(known.caller, termsOf(row));
    // A change that is announced while the row is on its way may not be in it.
    if (changes.isCurrent() && changes.count === before) kept.set(id, known);
    return known;
  }

  async function refuseWhoTriesKeys(address: string) {
    const state = await failures.get(address);
    if (!state || state.consumedPoints <= failuresAllowed) return;
    const retryAfter = Math.ceil(state.msBeforeNext / 1000);
    const message = `Too many wrong API keys came from ${address}. Try again in ${retryAfter} s.`;
    throw new HubError('RATE_LIMITED', message, { retryAfter });
  }

  /** The same for a key that is none, that is mistyped, that is on record with another secret. */
  async function refuseStranger(address: string): Promise<never> {
    await failures.consume(address).catch(() => {});
    throw new HubError('UNAUTHENTICATED', 'This is no API key of this hub. Send it as it was given to you.');
  }

  async function moveToCurrentPepper(row: ApiKeyRow, { id, text }: KeyText) {
    await store.rehash(row, text).catch((cause) => {
      log.warn(
        { keyId: id, cause },
        'An API key could not be put under the new pepper; its next use tries again.',
      );
    });
  }

  return {
    async authenticate(text, address) {
      const key = readKey(text);
      const inMemory = key && changes.isCurrent() ? kept.get(key.id) : undefined;
      // Before the count of failures: whoever tries keys must not lock out others at the same address.
      if (key && inMemory && peppers.verify(key.text, inMemory.row)) return admit(inMemory, address);
      await refuseWhoTriesKeys(address);
      if (!key) return refuseStranger(address);
      const known = inMemory ?? (await lookUp(key.id));
      if (!peppers.verify(key.text, known?.row ?? nobody) || !known) return refuseStranger(address);
      if (!peppers.isCurrent(known.row)) void moveToCurrentPepper(known.row, key);
      return admit(known, address);
    },
    termsOf: (caller) => terms.get(caller) ?? generalTerms,
  };
}

/** Takes as long to compare with as a key on record. */
const nobody = { digest: '', pepper: '' };

const generalTerms: PartnerTerms = { costPerMinute: undefined, costPerDay: undefined, documents: undefined };

const termsOf = ({ costPerMinute, costPerDay, documents }: ApiKeyRow): PartnerTerms => ({
  costPerMinute: costPerMinute ?? undefined,
  costPerDay: costPerDay ?? undefined,
  documents: documents ?? undefined,
});

const knownOf = (row: ApiKeyRow): Known => ({
  row,
  endsAt: endOf(row),
  mayComeFrom: createNetworkCheck(row.addresses),
  caller: {
    kind: 'partner',
    keyId: row.id,
    partner: row.partner,
    isTest: row.environment === 'TEST',
    scopes: row.scopes,
    regions: row.regions,
    ...(row.enterpriseId && { enterpriseId: row.enterpriseId }),
  },
});

/** Lets a rightful holder in, or tells it why not. */
function admit({ row, endsAt, mayComeFrom, caller }: Known, address: string): PartnerCaller {
  const { revokedAt, revokedReason, overlapEndsAt } = row;
  if (revokedAt) throw refusal('UNAUTHENTICATED', row, `was revoked (${revokedReason}).`);
  if (endsAt <= Date.now()) {
    const how = overlapEndsAt ? 'was replaced by another, and ended' : 'expired';
    throw refusal('UNAUTHENTICATED', row, `${how} at ${new Date(endsAt).toISOString()}.`);
  }
  if (!mayComeFrom(address)) throw refusal('FORBIDDEN', row, `may not be used from ${address}.`);
  return caller;
}

const refusal = (code: ErrorCode, { id, department }: ApiKeyRow, why: string) =>
  new HubError(code, `API key "${id}" ${why} Ask ${departmentNames[department]}, which made it.`, {
    keyId: id,
  });
