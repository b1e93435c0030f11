import type { Department } from '@wenshu/schema/caller.ts';
import type { Changes } from '../hub/changes.ts';
import type { Log } from '../log.ts';

/** What an active agreement lets a department see. */
export type Grant = {
  readonly agreementId: string;
  /** Coordinates, as in `Park.tenants`. */
  readonly fields: readonly string[];
  /** The region, with all below it, that the grant is limited to, by its code. */
  readonly region?: string;
  /** The park that the grant is limited to, by its id. */
  readonly park?: string;
  /** 用途: what the department may use the fields for. */
  readonly purpose: string;
  /** When it ends, in milliseconds since 1970. */
  readonly endsAt: number;
};

/** The agreements in force, as they are known in this process. */
export type Agreements = {
  /** The grants of a department at a moment in milliseconds since 1970; the same array while nothing changes. */
  activeFor(department: Department, at: number): readonly Grant[];
  /** Another number whenever the grants in force are others, also when one ends. */
  readonly version: number;
};

export type AgreementsInMemory = Agreements & {
  /** Puts other grants in the place of all that are known; the version stays where they are the same. */
  replace(grants: ReadonlyMap<Department, readonly Grant[]>): void;
};

/** Agreements that are only as new as the last call of `replace`. */
export function keepAgreements(now: () => number = Date.now): AgreementsInMemory {
  let known: ReadonlyMap<Department, readonly Grant[]> = new Map();
  let seen = textOf(known);
  let nextEnd = Number.POSITIVE_INFINITY;
  let version = 0;

  const take = (grants: ReadonlyMap<Department, readonly Grant[]>) => {
    const at = now();
    known = new Map([...grants].map(([department, each]) => [department, inForce(each, at)]));
    nextEnd = Math.min(...[...known.values()].flat().map(({ endsAt }) => endsAt));
    const text = textOf(known);
    if (text !== seen) version++;
    seen = text;
  };

  return {
    activeFor: (department, at) => inForce(known.get(department) ?? none, at),
    get version() {
      if (now() >= nextEnd) take(known);
      return version;
    },
    replace: take,
  };
}

export type WatchedAgreements = Agreements & { close(): Promise<void> };

const rereadMs = 30_000;
/** While changes are not heard, the database is asked so often. */
const unheardMs = 500;
/** Without an answer of the database for so long nothing is known to be in force. */
const trustedMs = 60_000;

/**
 * The agreements on record, known anew at each change; resolves when they have been asked for once. Grants that the database has not
 * confirmed for a minute hold no longer: an owner may have revoked them meanwhile.
 */
export async function watchAgreements(
  list: () => Promise<ReadonlyMap<Department, readonly Grant[]>>,
  changes: Changes,
  log: Log,
): Promise<WatchedAgreements> {
  const known = keepAgreements();
  let readAt = Number.NEGATIVE_INFINITY;
  let reading: Promise<void> | undefined;
  let isStale = false;
  let isFailing = false;

  /** Reads once more after a read under way, which may have begun before the change. */
  const reread = (): Promise<void> => {
    isStale = true;
    reading ??= readWhileStale().finally(() => {
      reading = undefined;
    });
    return reading;
  };
  async function readWhileStale() {
    while (isStale) {
      isStale = false;
      const startedAt = performance.now();
      try {
        known.replace(await list());
        readAt = startedAt;
        isFailing = false;
      } catch (cause) {
        if (!isFailing) log.warn({ cause }, 'The agreements cannot be read.');
        isFailing = true;
        if (performance.now() - readAt > trustedMs) known.replace(new Map());
      }
    }
  }

  changes.observe((change) => {
    if (!change || change.table === 'agreements') void reread();
  });
  const timer = setInterval(() => {
    if (!changes.isCurrent() || performance.now() - readAt > rereadMs) void reread();
  }, unheardMs).unref();

  await reread();
  return {
    activeFor: known.activeFor,
    get version() {
      return known.version;
    },
    async close() {
      clearInterval(timer);
      await reading;
    },
  };
}

const none: readonly Grant[] = [];

const inForce = (grants: readonly Grant[], at: number) =>
  grants.every(({ endsAt }) => endsAt > at) ? grants : grants.filter(({ endsAt }) => endsAt > at);

const textOf = (grants: ReadonlyMap<Department, readonly Grant[]>) =>
  JSON.stringify([...grants].filter(([, each]) => each.length > 0).sort());
