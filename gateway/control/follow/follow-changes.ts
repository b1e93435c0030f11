import type { Database } from '@wenshu/kit/database.ts';
import { eq, sql } from 'drizzle-orm';
import type { Json } from '../../lib/json.ts';
import type { Log } from '../../lib/log.ts';
import type { AgencyEvent, WakeOn } from '../../request/agency-events.ts';
import { rulePositions } from '../tables.ts';
import { createPause } from './pause.ts';
import { inputOf, type Rule } from './rule.ts';

/** An error of a mutation or a query, as callers get it. */
export type FollowError = { readonly code: string; readonly message: string };

/** How a rule is doing, for metrics. */
export type RuleStatus = {
  readonly rule: string;
  /** Events that were carried out, and that the agency refused for good, since the start of this process. */
  readonly done: number;
  readonly refused: number;
  /** Attempts in a row that failed. The rule waits at the same event. */
  readonly failing: number;
};

export type FollowOptions = {
  readonly db: Database;
  readonly rules: readonly Rule[];
  /** Reads a page of an agency's outbox. Rejects if the agency does not answer. */
  readonly readEvents: (
    on: Rule['on'],
    after: string | undefined,
    first: number,
  ) => Promise<readonly AgencyEvent[]>;
  /** Asks the graph in the hub's own name. Rejects if something is missing. */
  readonly ask: (query: string, variables: Json) => Promise<unknown>;
  /** Carries out a mutation as the hub itself. Returns its errors. */
  readonly act: (mutation: string, input: Json) => Promise<readonly FollowError[]>;
  /** Wakes a rule when the outbox of its agency may have grown. Without it, a rule only looks from time to time. */
  readonly wakeOn?: WakeOn;
  readonly log: Log;
  /** The longest time between two looks at an outbox, in milliseconds. */
  readonly everyMs?: number;
  /** The first wait after a failure, in milliseconds. It doubles up to a minute. */
  readonly retryMs?: number;
};

export type Follower = {
  /** Carries out what stands in the outboxes now. For tests: the follower does it by itself. */
  once(): Promise<void>;
  status(): readonly RuleStatus[];
  /** Stops after the event that is under way. */
  close(): Promise<void>;
};

const pageSize = 100;
const longestMs = 60_000;

/** Codes that mean that the same mutation can succeed later. Any other refusal is final. */
const passing = new Set([
  'AUDIT_UNAVAILABLE',
  'EVIDENCE_MISSING',
  'INTERNAL_SERVER_ERROR',
  'OVERLOADED',
  'SUBGRAPH_TIMEOUT',
  'SUBGRAPH_UNAVAILABLE',
]);

/**
 * Carries out rules: reads the outbox of an agency from the rule's position on, and asks another agency for the mutation
 * of the rule, with the event as its key. The position is stored after the mutation, so each event is carried out at
 * least once, and by its key not twice. The row of the position is locked meanwhile: one process works on a rule.
 */
export function followChanges(options: FollowOptions): Follower {
  const { rules, everyMs = 10_000, retryMs = 1_000, log } = options;
  const closing = new AbortController();
  const status = new Map(rules.map(({ name }) => [name, { rule: name, done: 0, refused: 0, failing: 0 }]));
  const followed = rules.map((rule) => ({
    rule,
    counts: status.get(rule.name) ?? { rule: rule.name, done: 0, refused: 0, failing: 0 },
  }));

  async function run({ rule, counts }: (typeof followed)[number]) {
    const pause = createPause(closing.signal);
    const stopWaking = options.wakeOn?.(rule.on.agency, pause.end);
    while (!closing.signal.aborted) {
      let waitMs = everyMs;
      try {
        await followRule(options, rule, counts, closing.signal);
        counts.failing = 0;
      } catch (cause) {
        if (counts.failing === 0) log.warn({ rule: rule.name, cause }, 'A rule failed. It is tried again.');
        waitMs = Math.min(retryMs * 2 ** counts.failing++, longestMs);
      }
      await pause.wait(waitMs, { mayEndEarly: counts.failing === 0 });
    }
    stopWaking?.();
  }

  const running = everyMs > 0 ? Promise.all(followed.map(run)) : undefined;
  return {
    once: async () => {
      await Promise.all(
        followed.map(({ rule, counts }) => followRule(options, rule, counts, closing.signal)),
      );
    },
    status: () => [...status.values()],
    async close() {
      closing.abort();
      await running;
    },
  };
}

type Counts = { done: number; refused: number };

async function followRule(
  options: FollowOptions,
  rule: Rule,
  counts: Counts,
  closing: AbortSignal,
): Promise<void> {
  let isMore = true;
  while (isMore && !closing.aborted) {
    isMore = await inTurn(options.db, rule.name, async (position, keep) => {
      const events = await options.readEvents(rule.on, position, pageSize);
      for (const event of events) {
        if (closing.aborted) return false;
        if (event.action === rule.on.action) await carryOutRule(options, rule, event, counts);
        await keep(event.cursor);
      }
      return events.length === pageSize;
    });
  }
}

/**
 * Runs work with the position of a rule, unless another process has it. What `keep` stored stays also when the work
 * fails after it.
 */
async function inTurn(
  db: Database,
  rule: string,
  work: (position: string | undefined, keep: (cursor: string) => Promise<void>) => Promise<boolean>,
): Promise<boolean> {
  await db.insert(rulePositions).values({ rule }).onConflictDoNothing();
  let failure: unknown;
  const isMore = await db.transaction(async (tx) => {
    const [held] = await tx
      .select({ position: rulePositions.position })
      .from(rulePositions)
      .where(eq(rulePositions.rule, rule))
      .for('update', { skipLocked: true });
    if (!held) return false;
    const keep = async (position: string) => {
      await tx
        .update(rulePositions)
        .set({ position, updatedAt: sql`now()` })
        .where(eq(rulePositions.rule, rule));
    };
    return work(held.position ?? undefined, keep).catch((error: unknown) => {
      failure = error;
      return false;
    });
  });
  if (failure !== undefined) throw failure;
  return isMore;
}

const variablesOf = ({ id, version }: AgencyEvent): Json => ({ id, version });

async function carryOutRule(
  { ask, act, log }: FollowOptions,
  rule: Rule,
  event: AgencyEvent,
  counts: Counts,
): Promise<void> {
  const data = rule.ask === undefined ? {} : ((await ask(rule.ask, variablesOf(event))) as Json);
  const [error] = await act(rule.mutation, inputOf(rule, event, data));
  if (!error) {
    counts.done += 1;
    return;
  }
  if (passing.has(error.code)) throw new Error(`${rule.mutation}: ${error.code} ${error.message}`);
  counts.refused += 1;
  const { name, mutation } = rule;
  const { code } = error;
  log.error({ rule: name, mutation, code, event: event.cursor, id: event.id }, 'A rule was refused.');
}
