import { type Caller, departmentNames } from '@wenshu/schema/caller.ts';
import { andThen, type Eventual } from '../and-then.ts';
import type { CountedUsage, RateCounters, Usage, UsageWindow } from './rate-store.ts';
import { Refusal } from './refusal.ts';

/** How much a caller may ask for, in query cost; 0 for as much as it likes. */
export type RateLimits = {
  readonly costPerMinute: number;
  readonly costPerDay: number;
};

/** Of all callers of a kind. */
export type RateLimitsByKind = Readonly<Record<Caller['kind'], RateLimits>>;

export const standardRateLimits: RateLimitsByKind = {
  department: { costPerMinute: 1_000_000, costPerDay: 200_000_000 },
  partner: { costPerMinute: 100_000, costPerDay: 5_000_000 },
};

export type RateLimitOptions = {
  readonly limitsOf: (caller: Caller) => RateLimits;
  readonly counters: RateCounters;
  /** How many gateways share the store: each allows its part of a limit while the store is down. */
  readonly gateways: number;
  /** Before the name of a caller, where something is counted apart from its questions. */
  readonly countedAs?: string;
};

type Headers = Readonly<Record<string, string>>;

const windows = [
  { name: 'minute', seconds: 60, limit: 'costPerMinute', code: 'RATE_LIMITED' },
  { name: 'day', seconds: 86_400, limit: 'costPerDay', code: 'QUOTA_EXCEEDED' },
] as const satisfies readonly (UsageWindow & { limit: keyof RateLimits; code: string })[];

type Window = (typeof windows)[number];

/** How much of a window is used up. */
type State = Usage & { readonly window: Window; readonly limit: number };

/**
 * Takes the cost of an operation from what its caller may ask for: a department together, a partner for each
 * key. Gives the headers that tell what is left, at once where nothing is counted elsewhere; throws a Refusal, which
 * costs the caller nothing. https://datatracker.ietf.org/doc/draft-ietf-httpapi-ratelimit-headers/11/
 */
export function createRateLimit({ limitsOf, counters, gateways, countedAs = '' }: RateLimitOptions) {
  return (caller: Caller, cost: number): Eventual<Headers> => {
    const limits = limitsOf(caller);
    const limited = windows.filter(({ limit }) => limits[limit] > 0);
    const who = caller.kind === 'partner' ? `key:${caller.keyId}` : `department:${caller.department}`;
    const name = `${countedAs}${who}`;

    const settle = ({ usages, isShared }: CountedUsage): Eventual<Headers> => {
      const states = usages.map(({ used, resetMs }, i): State => {
        const window = limited[i] as Window;
        const whole = limits[window.limit];
        return { used, resetMs, window, limit: isShared ? whole : Math.ceil(whole / gateways) };
      });
      const exceeded = states.findLast(({ used, limit }) => used > limit);
      return exceeded ? refuse(exceeded, states) : headersOf(states);
    };
    const refuse = async (exceeded: State, states: readonly State[]): Promise<never> => {
      await counters.add(limited, name, -cost);
      throw refusalOf(
        caller,
        cost,
        exceeded,
        states.map((state) => ({ ...state, used: state.used - cost })),
      );
    };
    return andThen(counters.add(limited, name, cost), settle);
  };
}

export type RateLimit = ReturnType<typeof createRateLimit>;

function headersOf(states: readonly State[]): Headers {
  if (states.length === 0) return {};
  let policy = '';
  let ratelimit = '';
  for (const { window, limit, used, resetMs } of states) {
    const comma = policy === '' ? '' : ', ';
    // The unit is no registered one, so the draft's own parameter for it may not say so.
    policy += `${comma}"${window.name}";q=${limit};w=${window.seconds};wenshu-unit="cost"`;
    ratelimit += `${comma}"${window.name}";r=${Math.max(0, limit - used)};t=${Math.max(0, Math.ceil(resetMs / 1_000))}`;
  }
  return { 'ratelimit-policy': policy, ratelimit };
}

function refusalOf(
  caller: Caller,
  cost: number,
  { window, limit, used, resetMs }: State,
  states: readonly State[],
) {
  const who = caller.kind === 'partner' ? `Key ${caller.keyId}` : departmentNames[caller.department];
  const left = Math.max(0, limit - used + cost);
  const retryAfter = Math.max(1, Math.ceil(resetMs / 1000));
  const advice = cost > limit ? 'Ask for less at a time.' : `Try again in ${retryAfter} s.`;
  return new Refusal(
    window.code,
    `${who} may ask for ${limit} of query cost a ${window.name}, and has ${left} left; this operation costs ${cost}. ${advice}`,
    { limit, left, cost },
    { ...headersOf(states), 'retry-after': String(retryAfter) },
  );
}
