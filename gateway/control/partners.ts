import { type Caller, departmentNames, type PartnerCaller } from '@wenshu/schema/caller.ts';
import type { Words } from '@wenshu/schema/errors.ts';
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

/** Store of keys. */
export type KeyStore = {
  find(id: string): Promise<KeyOnRecord | undefined>;
  /** Lists the ids of the keys that may be valid. */
  listIds(): Promise<readonly string[]>;
  /** Stores a key's digest under the current pepper. */
  rehash(row: ApiKeyRow, key: string): Promise<void>;
};

export type Partners = {
  /**
   * Verifies the key of a request. Throws or rejects with a Refusal that shows no key data to an unauthenticated
   * caller.
   */
  readonly verify: Verify;
  /** Returns the caller of a key that works now, whatever its networks are; undefined if it does not. Asks the database. */
  callerOf(id: string): Promise<PartnerCaller | undefined>;
  /** Limits of a caller that was verified here; undefined when only the general limits apply. */
  limitsOf(caller: Caller): CallerLimits | undefined;
};

export type PartnersOptions = {
  readonly store: KeyStore;
  readonly changes: Changes;
  readonly peppers: Peppers;
  readonly log: Log;
  /** Maximum limits of a key, whatever its own terms say; 0 means no maximum. */
  readonly ceilings?: RateLimits;
  /** Number of keys kept in memory. */
  readonly keysKept?: number;
  /** Current time in milliseconds since 1970. Default: `Date.now`. */
  readonly now?: (() => number) | undefined;
};

/** Returns the API key of a request, from its own header or a bearer token; undefined without one. */
const apiKeyOf = ({ headers, bearer }: Credentials): string | undefined =>
  headers.get('x-api-key') ?? (bearer?.startsWith('wsk_') ? bearer : undefined);

/** A stored key and the values derived from it. */
type Known = {
  readonly row: ApiKeyRow;
  readonly approvals: Approvals;
  /** Reason why the key shows nothing now. */
  readonly unapproved: Unapproved | undefined;
  readonly endsAt: number;
  readonly mayComeFrom: (address: string) => boolean;
  readonly caller: PartnerCaller;
};

/** A look-up in progress, and the number of known changes when it began. */
type LookUp = { readonly changes: number; readonly found: Promise<Known | undefined> };

export function createPartners(options: PartnersOptions): Partners {
  const { store, changes, peppers, log, ceilings = noCeilings, keysKept = 10_000, now = Date.now } = options;
  const kept = new LRUCache<string, Known>({ max: keysKept });
  const limits = new WeakMap<Caller, CallerLimits>();
  const ids = watchKeyIds(store.listIds, changes, log);

  changes.observe((change) => {
    if (!change || change.table === 'api_keys') kept.clear();
    else if (change.table === 'agreements') forgetApproved();
  });

  /** Forgets keys with approvals, because one of these may have been revoked. */
  function forgetApproved() {
    for (const [id, { approvals }] of kept.entries()) if (approvals.length > 0) kept.delete(id);
  }

  async function lookUp(id: string, requestId: string | undefined): Promise<Known | undefined> {
    const before = changes.count;
    const found = await store.find(id).catch((cause) => {
      log.error({ requestId, cause }, 'API keys cannot be checked.');
      const message = 'API keys cannot be checked at the moment. Try again in some seconds.';
      const messageZh = '暂时无法核验密钥。请数秒后再试。';
      throw new Refusal('IDENTITY_UNAVAILABLE', message, { messageZh }, { 'retry-after': '10' });
    });
    if (!found) return undefined;
    const { row } = found;
    if (!peppers.knows(row))
      log.warn({ requestId, keyId: id }, 'An API key was hashed with a pepper that is not configured here.');
    const known = knownOf(found);
    limits.set(known.caller, limitsIn(row, ceilings));
    // A row may lack a change that was announced while it was read.
    if (changes.isCurrent() && changes.count === before) kept.set(id, known);
    return known;
  }

  async function moveToCurrentPepper(row: ApiKeyRow, { id, text }: KeyText, requestId: string | undefined) {
    await store.rehash(row, text).catch((cause) => {
      log.warn(
        { requestId, keyId: id, cause },
        'An API key could not be hashed with the new pepper. Its next use tries again.',
      );
    });
  }

  const lookUpOnce = shareLookUps(changes, lookUp);

  async function verifyAnew(
    key: KeyText | undefined,
    inMemory: Known | undefined,
    { address, failedAuth, requestId }: Credentials,
  ): Promise<PartnerCaller> {
    // A client that invents keys must wait. A client in the same network with a key of this hub need not: a stored key
    // is looked up once, and a wrong secret for it is then refused from memory.
    if (!key || !(await ids.has(key.id))) await failedAuth.holdUp(address);
    if (!key) throw await failedAuth.refuse(address, noKey);
    const known = inMemory ?? (await lookUpOnce(key.id, requestId));
    if (!peppers.verify(key.text, known?.row ?? nobody) || !known) {
      throw await failedAuth.refuse(address, noKey);
    }
    if (!peppers.isCurrent(known.row)) void moveToCurrentPepper(known.row, key, requestId);
    return admit(known, address, now());
  }

  return {
    verify(credentials) {
      const text = apiKeyOf(credentials);
      if (text === undefined) return undefined;
      const key = readKey(text);
      const inMemory = key && changes.isCurrent() ? kept.get(key.id) : undefined;
      // Keys in memory are verified before failures are counted: a client that guesses keys must not lock out others at
      // the same address.
      return key && inMemory && peppers.verify(key.text, inMemory.row)
        ? admit(inMemory, credentials.address, now())
        : verifyAnew(key, inMemory, credentials);
    },
    async callerOf(id) {
      const found = await store.find(id);
      if (!found) return undefined;
      const { row, endsAt, unapproved, caller } = knownOf(found);
      return row.revokedAt || endsAt <= now() || unapproved ? undefined : caller;
    },
    limitsOf: (caller) => limits.get(caller),
  };
}

/**
 * Shares a look-up among concurrent requests with the same id. A request after a change does not use a look-up from
 * before it.
 */
function shareLookUps(
  changes: Changes,
  lookUp: (id: string, requestId: string | undefined) => LookUp['found'],
): typeof lookUp {
  const lookingUp = new Map<string, LookUp>();
  return (id, requestId) => {
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
  };
}

/** The answer is the same for a malformed, mistyped or unknown key, and for a wrong secret. */
const noKey: Words = {
  message: 'This is not an API key of this hub. Send the key exactly as you received it.',
  messageZh: '这不是本系统的密钥。请原样发送您收到的密钥。',
};

/** Stored digest for unknown keys, so that comparing takes as long as with a stored key. */
const nobody = { digest: '', pepper: '' };

const modeOf: Readonly<Record<NonNullable<ApiKeyRow['documents']>, DocumentMode>> = {
  LOG_UNKNOWN: 'log',
  ALLOW_LIST: 'allow-list',
  IDS_ONLY: 'ids',
};

const noCeilings: RateLimits = { costPerMinute: 0, costPerDay: 0 };

/** Applies a ceiling, which an operator may have lowered since the key was made. */
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
      actions: row.actions,
      approvals: [
        { department: row.department, fields: row.ownFields },
        ...approvals
          .filter(({ state }) => state === 'ACTIVE')
          .map(({ id, owner, fields }) => ({ department: owner, agreement: id, fields })),
      ],
    }),
  },
});

/** Returns the caller of a valid key, or throws the reason why it is refused. */
function admit(
  { row, unapproved, endsAt, mayComeFrom, caller }: Known,
  address: string,
  now: number,
): PartnerCaller {
  const { revokedAt, revokedReason, overlapEndsAt } = row;
  if (revokedAt) {
    const why = wordsFor(row, `was revoked (${revokedReason}).`, `已吊销(${revokedReason})`);
    throw badCredentials(why.message, { messageZh: why.messageZh });
  }
  if (endsAt <= now) {
    const end = new Date(endsAt).toISOString();
    const [how, howZh] = overlapEndsAt
      ? ['was replaced by another, and ended', '已被替换,失效于']
      : ['expired', '已过期,到期时间为'];
    const why = wordsFor(row, `${how} at ${end}.`, `${howZh} ${end}`);
    throw badCredentials(why.message, { messageZh: why.messageZh });
  }
  if (unapproved) {
    const { why, whyZh, ...departments } = unapproved;
    const { message, messageZh } = wordsFor(row, why, whyZh);
    throw notAllowed(message, { ...departments, messageZh });
  }
  if (!mayComeFrom(address)) {
    const why = wordsFor(row, `may not be used from ${address}.`, `不能从 ${address} 使用`);
    throw notAllowed(why.message, { messageZh: why.messageZh });
  }
  return caller;
}

const wordsFor = ({ id, department }: ApiKeyRow, why: string, whyZh: string): Words => ({
  message: `API key "${id}" ${why} Ask ${departmentNames[department]}, which made it.`,
  messageZh: `密钥“${id}”${whyZh}。请联系发放部门${departmentNames[department]}。`,
});
