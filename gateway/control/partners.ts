import { type Caller, departmentNames, type PartnerCaller } from '@wenshu/schema/caller.ts';
import { LRUCache } from 'lru-cache';
import type { Credentials, Verify } from '../admission/authenticate.ts';
import type { DocumentMode } from '../admission/persisted-documents.ts';
import type { RateLimits } from '../admission/rate-limit.ts';
import type { CallerLimits } from '../admission/request-limits.ts';
import { createNetworkCheck } from '../http/client-address.ts';
import type { Log } from '../lib/log.ts';
import { badCredentials, notAllowed, Refusal } from '../request/refusal.ts';
import type { Changes } from './changes.ts';
import { type Approvals, type Unapproved, whyUnapproved } from './key-approvals.ts';
import { watchKeyIds } from './key-ids.ts';
import { endOf } from './key-state.ts';
import { type KeyText, readKey } from './key-text.ts';
import type { KeyOnRecord } from './keys.ts';
import type { Peppers } from './peppers.ts';
import type { ApiKeyRow } from './tables.ts';

/** Where keys are on record. */
export type KeyStore = {
  find(id: string): Promise<KeyOnRecord | undefined>;
  /** The ids of the keys that may be good. */
  listIds(): Promise<readonly string[]>;
  /** Puts a key under the pepper for new ones. */
  rehash(row: ApiKeyRow, key: string): Promise<void>;
};

export type Partners = {
  /** Who holds the key of a request; a Refusal, saying no more than a stranger may know, where it is not to be let in. */
  readonly verify: Verify;
  /** What a caller that was verified here is held to; undefined where the general rules hold. */
  limitsOf(caller: Caller): CallerLimits | undefined;
};

export type PartnersOptions = {
  readonly store: KeyStore;
  readonly changes: Changes;
  readonly peppers: Peppers;
  readonly log: Log;
  /** The most that a key may ask for, whatever it says; 0 for any. */
  readonly ceilings?: RateLimits;
  /** How many keys are kept in memory. */
  readonly keysKept?: number;
};

/** The API key that comes with a request, in a header of its own or as a bearer token; undefined where none does. */
const apiKeyOf = ({ headers, bearer }: Credentials): string | undefined =>
  headers.get('x-api-key') ?? (bearer?.startsWith('wsk_') ? bearer : undefined);

/** A key on record, and what follows from it. */
type Known = {
  readonly row: ApiKeyRow;
  readonly approvals: Approvals;
  /** Why it shows nothing yet, or no longer. */
  readonly unapproved: Unapproved | undefined;
  readonly endsAt: number;
  readonly mayComeFrom: (address: string) => boolean;
  readonly caller: PartnerCaller;
};

/** A look-up under way, and how many changes had been heard of when it began. */
type LookUp = { readonly changes: number; readonly found: Promise<Known | undefined> };

export function createPartners(options: PartnersOptions): Partners {
  const { store, changes, peppers, log, ceilings = noCeilings, keysKept = 10_000 } = options;
  const kept = new LRUCache<string, Known>({ max: keysKept });
  const limits = new WeakMap<Caller, CallerLimits>();
  const ids = watchKeyIds(store.listIds, changes, log);
  const lookingUp = new Map<string, LookUp>();

  changes.observe((change) => {
    if (!change || change.table === 'api_keys') kept.clear();
    else if (change.table === 'agreements') forgetApproved();
  });

  /** Those of keys that departments have approved: one of them may have been taken back. */
  function forgetApproved() {
    for (const [id, { approvals }] of kept.entries()) if (approvals.length > 0) kept.delete(id);
  }

  /** Once for all that come with the same id at the same time; whoever comes after a change does not wait for what was asked before it. */
  function lookUpOnce(id: string, requestId: string | undefined): Promise<Known | undefined> {
    const underWay = lookingUp.get(id);
    if (underWay?.changes === changes.count) return underWay.found;
    const begun: LookUp = {
      changes: changes.count,
      found: lookUp(id, requestId).finally(() => {
        if (lookingUp.get(id) === begun) lookingUp.delete(id);
      }),
    };
    lookingUp.set(id, begun);
    return begun.found;
  }

  async function lookUp(id: string, requestId: string | undefined): Promise<Known | undefined> {
    const before = changes.count;
    const found = await store.find(id).catch((cause) => {
      log.error({ requestId, cause }, 'API keys cannot be checked.');
      const message = 'API keys cannot be checked at the moment. Try again in some seconds.';
      throw new Refusal('IDENTITY_UNAVAILABLE', message, {}, { 'retry-after': '10' });
    });
    if (!found) return undefined;
    const { row } = found;
    if (!peppers.knows(row))
      log.warn({ requestId, keyId: id }, 'An API key is under a pepper that is not configured here.');
    const known = knownOf(found);
    limits.set(known.caller, limitsIn(row, ceilings));
    // A change that is announced while the row is on its way may not be in it.
    if (changes.isCurrent() && changes.count === before) kept.set(id, known);
    return known;
  }

  async function moveToCurrentPepper(row: ApiKeyRow, { id, text }: KeyText, requestId: string | undefined) {
    await store.rehash(row, text).catch((cause) => {
      log.warn(
        { requestId, keyId: id, cause },
        'An API key could not be put under the new pepper; its next use tries again.',
      );
    });
  }

  async function verifyAnew(
    key: KeyText | undefined,
    inMemory: Known | undefined,
    { address = 'nowhere', failedAuth, requestId }: Credentials,
  ): Promise<PartnerCaller> {
    // Whoever makes up keys has to wait. Who comes from the same network with a key of this hub has not: a key that is
    // on record is looked up once, and whoever tries another secret for it is answered from memory.
    if (!key || !(await ids.has(key.id))) await failedAuth.holdUp(address);
    if (!key) throw await failedAuth.refuse(address, noKey);
    const known = inMemory ?? (await lookUpOnce(key.id, requestId));
    if (!peppers.verify(key.text, known?.row ?? nobody) || !known) {
      throw await failedAuth.refuse(address, noKey);
    }
    if (!peppers.isCurrent(known.row)) void moveToCurrentPepper(known.row, key, requestId);
    return admit(known, address);
  }

  return {
    verify(credentials) {
      const text = apiKeyOf(credentials);
      if (text === undefined) return undefined;
      const key = readKey(text);
      const inMemory = key && changes.isCurrent() ? kept.get(key.id) : undefined;
      // Before the count of failures: whoever tries keys must not lock out others at the same address.
      return key && inMemory && peppers.verify(key.text, inMemory.row)
        ? admit(inMemory, credentials.address ?? 'nowhere')
        : verifyAnew(key, inMemory, credentials);
    },
    limitsOf: (caller) => limits.get(caller),
  };
}

/** The same for a key that is none, that is mistyped, that is on record with another secret. */
const noKey = 'This is no API key of this hub. Send it as it was given to you.';

/** Takes as long to compare with as a key on record. */
const nobody = { digest: '', pepper: '' };

const modeOf: Readonly<Record<NonNullable<ApiKeyRow['documents']>, DocumentMode>> = {
  LOG_UNKNOWN: 'log',
  ALLOW_LIST: 'allow-list',
  IDS_ONLY: 'ids',
};

const noCeilings: RateLimits = { costPerMinute: 0, costPerDay: 0 };

/** An operator may have lowered a ceiling since a key was made. */
const below = (limit: number, ceiling: number) => (ceiling > 0 ? Math.min(limit, ceiling) : limit);

const limitsIn = (
  { costPerMinute, costPerDay, documents }: ApiKeyRow,
  ceilings: RateLimits,
): CallerLimits => ({
  ...(costPerMinute !== null && { costPerMinute: below(costPerMinute, ceilings.costPerMinute) }),
  ...(costPerDay !== null && { costPerDay: below(costPerDay, ceilings.costPerDay) }),
  ...(documents && { documentMode: modeOf[documents] }),
});

const knownOf = ({ row, approvals }: KeyOnRecord): Known => ({
  row,
  approvals,
  unapproved: whyUnapproved(row, approvals),
  endsAt: endOf(row),
  mayComeFrom: createNetworkCheck(row.addresses),
  caller: {
    kind: 'partner',
    keyId: row.id,
    partner: row.partner,
    isTest: row.environment === 'TEST',
    scopes: row.scopes,
    regions: row.regions,
    madeBy: row.department,
    ...(row.enterpriseId && {
      enterpriseId: row.enterpriseId,
      approvals: [
        { department: row.department, fields: row.ownFields },
        ...approvals
          .filter(({ state }) => state === 'ACTIVE')
          .map(({ id, owner, fields }) => ({ department: owner, agreement: id, fields })),
      ],
    }),
  },
});

/** Lets a rightful holder in, or tells it why not. */
function admit({ row, unapproved, endsAt, mayComeFrom, caller }: Known, address: string): PartnerCaller {
  const { revokedAt, revokedReason, overlapEndsAt } = row;
  if (revokedAt) throw badCredentials(told(row, `was revoked (${revokedReason}).`));
  if (endsAt <= Date.now()) {
    const how = overlapEndsAt ? 'was replaced by another, and ended' : 'expired';
    throw badCredentials(told(row, `${how} at ${new Date(endsAt).toISOString()}.`));
  }
  if (unapproved) {
    const { why, whyZh, ...departments } = unapproved;
    const messageZh = `密钥“${row.id}”${whyZh}。请联系发放部门${departmentNames[row.department]}。`;
    throw notAllowed(told(row, why), { ...departments, messageZh });
  }
  if (!mayComeFrom(address)) throw notAllowed(told(row, `may not be used from ${address}.`));
  return caller;
}

const told = ({ id, department }: ApiKeyRow, why: string) =>
  `API key "${id}" ${why} Ask ${departmentNames[department]}, which made it.`;
