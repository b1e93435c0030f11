import { type Caller, departmentNames, payerOf } from '@wenshu/schema/caller.ts';
import { type MaybePromise, mapMaybePromise } from '../lib/maybe-promise.ts';
import { memoize } from '../lib/memoize.ts';
import { defaultsOf, type ValuesOf } from '../lib/setting.ts';
import { Refusal } from '../request/refusal.ts';
import type { CountedUsage, RateCounters } from './rate-store.ts';
import type { Usage, UsageWindow } from './rate-stores/store.ts';
import { settings } from './settings.ts';

/** Query cost that a caller may use in each window; 0 means no limit. */
export type RateLimits = RateLimitsByKind[keyof RateLimitsByKind];

/**
 * Limits by kind of caller. A user with a token has the limits of a department; an anonymous caller has those of a
 * partner.
 */
export type RateLimitsByKind = ValuesOf<typeof settings.requestLimits.rateLimits>;

export const kindOfLimits = ({ kind }: Caller): keyof RateLimitsByKind =>
  kind === 'department' || kind === 'user' ? 'department' : 'partner';

export const standardRateLimits: RateLimitsByKind = defaultsOf(settings.requestLimits.rateLimits);

export type RateLimitOptions = {
  readonly limitsOf: (caller: Caller) => RateLimits;
  readonly counters: RateCounters;
  /** Number of gateways that share the store. While the store is down, each allows its fraction of a limit. */
  readonly gateways: number;
  /** Prefix of the caller's name in the store, for a separate count. */
  readonly countedAs?: string;
};

type Headers = Readonly<Record<string, string>>;

const windows = [
  { name: 'minute', nameZh: '分钟', seconds: 60, limit: 'costPerMinute', code: 'RATE_LIMITED' },
  { name: 'day', nameZh: '日', seconds: 86_400, limit: 'costPerDay', code: 'QUOTA_EXCEEDED' },
] as const satisfies readonly (UsageWindow & { nameZh: string; limit: keyof RateLimits; code: string })[];

type Window = (typeof windows)[number];

/** The limits of a caller, and the name under which its usage is counted. */
type Account = {
  readonly name: string;
  readonly windows: readonly Window[];
  /** Limit of each window. */
  readonly limits: readonly number[];
  /** Text of the header that describes the limits. */
  readonly policy: string;
};

/**
 * Creates the rate limit, which charges the cost of an operation to its caller: a department as a whole, a partner for
 * each key. It returns the rate limit headers, without a promise when usage is counted in this process. It throws a
 * Refusal, which costs the caller nothing. https://datatracker.ietf.org/doc/draft-ietf-httpapi-ratelimit-headers/11/
 */
export function createRateLimit({ limitsOf, counters, gateways, countedAs = '' }: RateLimitOptions) {
  function accountFor(caller: Caller, isShared: boolean): Account {
    const limitOf = limitsOf(caller);
    const limited = windows.filter(({ limit }) => limitOf[limit] > 0);
    const limits = limited.map(({ limit }) =>
      isShared ? limitOf[limit] : Math.ceil(limitOf[limit] / gateways),
    );
    return {
      name: `${countedAs}${quotaOf(caller)}`,
      windows: limited,
      limits,
      policy: policyOf(limited, limits),
    };
  }
  // The limits of a cached caller stay the same for as long as it is cached.
  const together = memoize((caller: Caller) => accountFor(caller, true));
  const apart = memoize((caller: Caller) => accountFor(caller, false));

  return (caller: Caller, cost: number): MaybePromise<Headers> => {
    const { windows, name } = together(caller);

    const settle = ({ usages, isShared }: CountedUsage): MaybePromise<Headers> => {
      const account = (isShared ? together : apart)(caller);
      const isWithin = usages.every(({ used }, i) => used <= (account.limits[i] ?? 0));
      return isWithin ? headersOf(account, usages) : refuse(account, usages);
    };
    const refuse = async (account: Account, usages: readonly Usage[]): Promise<never> => {
      await counters.add(windows, name, -cost);
      throw refusalOf(caller, cost, account, usages);
    };
    return mapMaybePromise(counters.add(windows, name, cost), settle);
  };
}

export type RateLimit = ReturnType<typeof createRateLimit>;

// The unit is not registered, so the parameter that the draft has for units cannot be used.
const policyOf = (limited: readonly Window[], limits: readonly number[]) =>
  limited
    .map(({ name, seconds }, i) => `"${name}";q=${limits[i]};w=${seconds};wenshu-unit="cost"`)
    .join(', ');

function headersOf({ windows, limits, policy }: Account, usages: readonly Usage[]): Headers {
  if (windows.length === 0) return {};
  let ratelimit = '';
  for (const [i, { used, resetMs }] of usages.entries()) {
    const left = Math.max(0, (limits[i] ?? 0) - used);
    const window = windows[i] as Window;
    ratelimit += `${i === 0 ? '' : ', '}"${window.name}";r=${left};t=${secondsLeft(resetMs, window)}`;
  }
  return { 'ratelimit-policy': policy, ratelimit };
}

/** Rounds up to whole seconds, and never beyond the window: its end is kept in fractions of a millisecond. */
const secondsLeft = (resetMs: number, { seconds }: Window): number =>
  Math.min(seconds, Math.max(0, Math.ceil(resetMs / 1_000)));

/** Returns the name of the account: one for a department, one for every other caller. */
const quotaOf = (caller: Caller): string =>
  caller.kind === 'department' ? `department:${caller.department}` : payerOf(caller);

function nameOf(caller: Caller): string {
  switch (caller.kind) {
    case 'department':
      return departmentNames[caller.department];
    case 'partner':
      return `Key ${caller.keyId}`;
    case 'user':
      return caller.user;
    case 'anonymous':
      return caller.network;
    case 'system':
      return 'wenshu';
  }
}

/** Describes the longest window that is exceeded. */
function refusalOf(caller: Caller, cost: number, account: Account, usages: readonly Usage[]) {
  const before = usages.map(({ used, resetMs }) => ({ used: used - cost, resetMs }));
  const exceeded = usages.findLastIndex(({ used }, i) => used > (account.limits[i] ?? 0));
  const window = account.windows[exceeded] as Window;
  const limit = account.limits[exceeded] as number;
  const { used, resetMs } = before[exceeded] as Usage;
  const who = nameOf(caller);
  const left = Math.max(0, limit - used);
  const retryAfter = Math.max(1, secondsLeft(resetMs, window));
  const [advice, adviceZh] =
    cost > limit
      ? ['Ask for less at a time.', '请减少单次查询的内容。']
      : [`Try again in ${retryAfter} s.`, `请在 ${retryAfter} 秒后再试。`];
  return new Refusal(
    window.code,
    `${who} may use a query cost of ${limit} a ${window.name}, and has ${left} left. This operation costs ${cost}. ${advice}`,
    {
      limit,
      left,
      cost,
      messageZh: `${who} 的查询成本上限为每${window.nameZh} ${limit},还剩 ${left}。该操作的成本为 ${cost}。${adviceZh}`,
    },
    { ...headersOf(account, before), 'retry-after': String(retryAfter) },
  );
}
