import { hash } from 'node:crypto';
import { setTimeout as wait } from 'node:timers/promises';
import type { Database } from '@wenshu/kit/database.ts';
import type { Caller } from '@wenshu/schema/caller.ts';
import { createTurns, type Turns } from '@wenshu/schema/turns.ts';
import { AuditUnavailable } from '../../audit/group-commit.ts';
import type { AnswerEvent } from '../../audit/record.ts';
import type { Log } from '../../lib/log.ts';
import { callerOnRecord } from '../../request/caller-on-record.ts';
import type { AskAgencies } from '../across/ask-agencies.ts';
import { momentOf } from '../moment.ts';
import type { WorkflowType } from '../schema-types.ts';
import { waitAfter } from './back-off.ts';
import { type FindPartner, ownerOf } from './owner.ts';
import {
  deleteOldDeliveries,
  disable,
  type End,
  type Leased,
  leaseWebhooks,
  noteDelivered,
  noteFailed,
  release,
  renewLease,
  storeSecret,
} from './queue.ts';
import { type OutgoingEvent, readEvents } from './read-events.ts';
import type { WebhookSecrets } from './secrets.ts';
import type { Sender } from './send.ts';
import { createWakes, type Wakes, type Woken } from './wakes.ts';

/** What this process did since its start, for metrics. */
export type DeliveryFigures = {
  readonly delivered: number;
  readonly failed: number;
  readonly disabled: number;
};

export type DeliverOptions = {
  readonly db: Database;
  readonly ask: AskAgencies;
  readonly findPartner: FindPartner;
  readonly secrets: WebhookSecrets;
  readonly sender: Sender;
  /** Records a delivery before it is sent. Rejects with `AuditUnavailable` if it cannot be recorded. */
  readonly record: (event: AnswerEvent) => Promise<unknown>;
  readonly log: Log;
  readonly keptDays: number;
  /** The time in which a receiver must answer. */
  readonly timeoutMs: number;
  /** The time after which a webhook is looked at if nothing woke it, in milliseconds; 0 to look only when it is told to. */
  readonly everyMs: number;
};

export type Deliverer = {
  /** Looks for events now: there may be new ones of this type or, without one, of any. */
  wake(type?: WorkflowType): void;
  /** Delivers what there is now. For tests: the deliverer does it by itself. */
  once(): Promise<void>;
  figures(): DeliveryFigures;
  /** Stops after the requests that are under way. */
  close(): Promise<void>;
};

/** Webhooks that one gateway works on at once: each waits for its receiver. */
const mostAtOnce = 64;
/** Questions to the agencies at once, shared fairly between the owners. */
const mostQuestions = 4;
const pageSize = 20;
/** The time for which a page holds: rights are looked at anew after it. */
const pageHoldsMs = 500;
/** The time after which a webhook makes room for others. */
const turnMs = 10_000;
/** The wait after a failure of the hub itself. */
const troubledMs = 5_000;
/** The longest time between two looks for webhooks that are due, also in a deliverer that looks only when it is told to. */
const longestMs = 1_000;
/** The time for which events are gathered, so that many of them cause one look. */
const gatherMs = 50;
const cleanUpEveryMs = 3_600_000;

/**
 * Sends the events of webhooks, one after the other for each webhook: the next one is sent when the receiver took the
 * one before it. What is sent is read at that moment, as the owner sees it, so nothing is sent that the owner may not see
 * any more. The position is stored after the receiver took an event, so that each is sent at least once.
 */
export function deliverWebhooks(options: DeliverOptions): Deliverer {
  const { db, log, everyMs, keptDays } = options;
  const closing = new AbortController();
  const figures = { delivered: 0, failed: 0, disabled: 0 };
  const wakes = createWakes();
  const work = workOf(options, figures, wakes, closing.signal);
  const underWay = new Set<Promise<void>>();

  /** Begins with the webhooks that are due, and with those that are woken. Returns how many these are. */
  async function begin(woken: Woken): Promise<number> {
    const most = mostAtOnce - underWay.size;
    if (most <= 0 || closing.signal.aborted) return 0;
    const leased = await leaseWebhooks(db, { most, leaseMs: leaseMsOf(options), woken });
    for (const webhook of leased) {
      const working = work(webhook).finally(() => {
        underWay.delete(working);
        wakes.look();
      });
      underWay.add(working);
    }
    return leased.length;
  }

  async function run() {
    let cleanedUpAt = Number.NEGATIVE_INFINITY;
    while (!closing.signal.aborted) {
      try {
        await begin(wakes.take());
        if (performance.now() - cleanedUpAt > cleanUpEveryMs) {
          cleanedUpAt = performance.now();
          await deleteOldDeliveries(db, keptDays);
        }
      } catch (cause) {
        if (!closing.signal.aborted) log.warn({ cause }, 'Webhooks cannot be looked up.');
        wakes.add();
        await wait(longestMs, undefined, { signal: closing.signal }).catch(() => {});
      }
      await wakes.heard(Math.min(everyMs, longestMs), closing.signal);
      if (wakes.any) await wait(gatherMs, undefined, { signal: closing.signal }).catch(() => {});
    }
  }

  const running = everyMs > 0 ? run() : undefined;
  return {
    wake: wakes.add,
    async once() {
      let woken: Woken = 'ALL';
      while ((await begin(woken)) > 0 || underWay.size > 0) {
        woken = [];
        await Promise.all(underWay);
      }
    },
    figures: () => figures,
    async close() {
      closing.abort();
      await running;
      await Promise.all(underWay);
    },
  };
}

type Working = {
  readonly questions: Turns<number>;
  readonly figures: Counts;
  readonly wakes: Wakes;
  readonly closing: AbortSignal;
};
type Counts = { -readonly [Name in keyof DeliveryFigures]: number };

/** A lease outlasts a question, a request and what is stored after it. */
const leaseMsOf = ({ timeoutMs }: DeliverOptions) => 2 * timeoutMs + 15_000;

/** Creates the work on one webhook. It never rejects. */
function workOf(options: DeliverOptions, figures: Counts, wakes: Wakes, closing: AbortSignal) {
  const { db, log } = options;
  const questions = createTurns(mostQuestions, (index) => index);

  return async (leased: Leased): Promise<void> => {
    const end = performance.now() + turnMs;
    try {
      let held: Leased | undefined = leased;
      while (held && !closing.aborted && performance.now() < end) {
        held = await deliverPage(options, { questions, figures, wakes, closing }, held);
      }
      if (held) await release(db, held, { lookInMs: 0 });
    } catch (cause) {
      if (!closing.aborted) log.warn({ webhook: leased.id, cause }, 'A webhook could not be worked on.');
      await release(db, leased, { lookInMs: troubledMs }).catch(() => {});
    }
  };
}

/** Delivers a page of events. Returns the webhook if there may be more, and it is still this worker's. */
async function deliverPage(
  options: DeliverOptions,
  { questions, figures, wakes, closing }: Working,
  webhook: Leased,
): Promise<Leased | undefined> {
  const { db, ask, findPartner, everyMs } = options;
  const holdsUntil = performance.now() + pageHoldsMs;
  const wakesBefore = wakes.count;
  const caller = await ownerOf(webhook, findPartner);
  if (!caller) return end(options, webhook, 'OWNER_ENDED', figures);
  const page = await readInTurn(questions, webhook, () =>
    readEvents(ask, caller, webhook, pageSize, closing),
  ).catch((cause: unknown) => {
    if (isExpired(cause)) return undefined;
    throw cause;
  });
  if (!page) return end(options, webhook, 'CURSOR_EXPIRED', figures);
  let held: Leased | undefined = webhook;
  for (const event of page.events) {
    if (closing.aborted || performance.now() > holdsUntil) return held;
    held = await deliver(options, held, event, caller, figures);
    if (!held) return undefined;
  }
  if (page.hasMore) return held;
  // What was announced meanwhile may not be in the page.
  const lookInMs = wakes.count === wakesBefore ? everyMs || longestMs : gatherMs;
  // Positions expire with the events behind them, so that also one without events moves on.
  await release(db, held, { lookInMs, position: page.end });
  return undefined;
}

async function readInTurn<Read>(
  questions: Turns<number>,
  { department, keyId }: Leased,
  read: () => Promise<Read>,
): Promise<Read> {
  const owner = keyId ?? department;
  const turn = await questions.take(owner);
  try {
    return await read();
  } finally {
    questions.give(owner, turn);
  }
}

/** Delivers one event. Returns the webhook as it is after it, if it is still this worker's and the receiver took the event. */
async function deliver(
  options: DeliverOptions,
  held: Leased,
  event: OutgoingEvent,
  caller: Caller,
  figures: Counts,
): Promise<Leased | undefined> {
  const { db, secrets, sender, record, log } = options;
  const webhook = await renewLease(db, held, leaseMsOf(options));
  if (!webhook) return undefined;
  const headers = secrets.sign(webhook, event.id, event.body);
  const sealed = secrets.reseal(webhook.id, webhook.secret);
  if (!headers || sealed === undefined) return end(options, webhook, 'SECRET_UNREADABLE', figures);
  if (sealed !== webhook.secret) await storeSecret(db, webhook, sealed);
  try {
    await record(answerOf(event, caller));
  } catch (cause) {
    if (!(cause instanceof AuditUnavailable)) throw cause;
    await release(db, webhook, { lookInMs: troubledMs });
    return undefined;
  }
  const attempt = await sender.send({ url: webhook.url, headers, body: event.body });
  if (attempt.failure === undefined) {
    figures.delivered += 1;
    await noteDelivered(db, webhook, event, attempt);
    return { ...webhook, position: event.cursor, attempts: 0, failingSince: null };
  }
  figures.failed += 1;
  const next = afterFailure(webhook, attempt.status);
  await noteFailed(db, webhook, event, attempt, next);
  if ('end' in next) noteEnd(log, webhook, next.end, figures);
  return undefined;
}

const gone = 410;

function afterFailure({ attempts, failingSince }: Leased, status: number | undefined) {
  if (status === gone) return { end: 'GONE' as const };
  const failingMs = failingSince === null ? 0 : Date.now() - momentOf(failingSince);
  const waitMs = waitAfter(attempts + 1, failingMs);
  return waitMs === undefined ? { end: 'FAILED_FOR_LONG' as const } : { waitMs };
}

async function end({ db, log }: DeliverOptions, webhook: Leased, reason: End, figures: Counts) {
  await disable(db, webhook, reason);
  noteEnd(log, webhook, reason, figures);
  return undefined;
}

function noteEnd(log: Log, { id, department, keyId }: Leased, reason: End, figures: Counts) {
  figures.disabled += 1;
  log.warn({ webhook: id, department, keyId, reason }, 'A webhook was disabled.');
}

const isExpired = (cause: unknown) =>
  (cause as { readonly extensions?: { readonly code?: unknown } }).extensions?.code === 'CURSOR_EXPIRED';

/** The query whose answer a delivery is. */
const operation = {
  name: 'Webhook',
  hash: hash(
    'sha256',
    'query Webhook { changes { nodes { type id action stage version region { code } at } } }',
  ),
};

/** Returns the record of a delivery: like that of an answer to the owner. */
const answerOf = ({ id, body, typeName }: OutgoingEvent, caller: Caller): AnswerEvent => ({
  kind: 'answer',
  caller: callerOnRecord(caller),
  requestId: id,
  operation,
  decision: 'answered',
  errorCodes: [],
  denied: [],
  rows: { [typeName]: 1 },
  bytes: Buffer.byteLength(body),
  latencyMs: 0,
  fields: [],
});
