import { setTimeout as wait } from 'node:timers/promises';
import type { AuditLog } from '../audit/audit-log.ts';
import type { ChangeEvent, ChangeState } from '../audit/record.ts';
import { changeIdOf } from '../audit/unsettled.ts';
import type { AskOutcome } from '../graph/ask-outcome.ts';
import type { Log } from '../lib/log.ts';
import { authorOnRecord } from '../request/caller-on-record.ts';

export type SettleOptions = {
  readonly audit: AuditLog | undefined;
  readonly askOutcome: AskOutcome;
  readonly log: Log;
  /** The time after which no agency can still be making a change, in milliseconds. */
  readonly graceMs?: number;
  /** The time after which an agency is first asked again, in milliseconds. It doubles up to a minute. */
  readonly retryMs?: number;
};

export const withState = (event: ChangeEvent, state: ChangeState, code?: string): ChangeEvent => ({
  ...event,
  details: { ...event.details, state, ...(code !== undefined && { code }) },
});

/** Puts what became of a change on record. Nobody waits for it. */
export function noteChange(audit: AuditLog | undefined, event: ChangeEvent, log: Log): void {
  if (audit?.note(event) !== false) return;
  const { requestId, action } = event;
  log.warn({ requestId, action }, 'The outcome of a change is not on record, because the audit log is full.');
}

const longestMs = 60_000;

/** Finds out from the agencies what became of changes, by the keys of their mutations, until it is known of each. */
export function settleChanges({ audit, askOutcome, log, graceMs = 60_000, retryMs = 1_000 }: SettleOptions) {
  const open = new Map((audit?.unsettled ?? []).map((event) => [changeIdOf(event), event]));
  const closing = new AbortController();
  let running: Promise<void> | undefined;

  async function settle(event: ChangeEvent): Promise<void> {
    const author = authorOnRecord(event.caller);
    const { key, since } = event.details;
    const isOver = Date.now() - Date.parse(String(since)) > graceMs;
    const settled = (state: ChangeState, subject = event.subject) => {
      open.delete(changeIdOf(event));
      noteChange(audit, { ...withState(event, state), subject }, log);
    };
    if (!author || typeof key !== 'string') return void (isOver && settled('unknown'));
    try {
      const outcome = await askOutcome(event.action, author, key);
      if (outcome) settled('made', outcome.id);
      else if (isOver) settled('unmade');
    } catch (cause) {
      log.info({ requestId: event.requestId, cause }, 'The outcome of a change is not known yet.');
    }
  }

  const once = async () => {
    await Promise.all([...open.values()].map(settle));
    if (open.size > 0) running ??= run();
  };

  async function run() {
    for (let delayMs = retryMs; open.size > 0; delayMs = Math.min(2 * delayMs, longestMs)) {
      await wait(delayMs, undefined, { signal: closing.signal, ref: false }).catch(() => {});
      if (closing.signal.aborted) break;
      await Promise.all([...open.values()].map(settle));
    }
    running = undefined;
  }

  return {
    once,
    add(event: ChangeEvent) {
      const since = new Date().toISOString();
      open.set(changeIdOf(event), { ...event, details: { ...event.details, since } });
      running ??= run();
    },
    async close() {
      closing.abort();
      await running;
      // The next start finds them at the end of the log.
      for (const event of open.values()) noteChange(audit, withState(event, 'unknown'), log);
    },
  };
}
