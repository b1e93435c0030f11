import { setTimeout as wait } from 'node:timers/promises';
import { type Opening, type PageMark, readMarks } from '../../export/marks.ts';
import { count, type ProgressLine } from '../progress.ts';
import { Failure } from './failure.ts';
import { askHub, type HubOptions } from './hub-client.ts';

type ReceiveFlags = { readonly retries: number; readonly strict: boolean; readonly output?: string };

/** Receiver of rows. */
export type Sink = {
  begin(opening: Opening): Promise<void>;
  add(page: PageMark, rows: Buffer): Promise<void>;
  /** Cursor to continue from. */
  readonly cursor: string | null;
  readonly rows: number;
};

/** Receives an export to its end, and resumes it after interruptions. Resolves to the answer when it is not a table. */
export async function receiveAll(
  hub: HubOptions,
  question: Readonly<Record<string, unknown>>,
  sink: Sink,
  { retries, strict, output }: ReceiveFlags,
  progress: ProgressLine,
): Promise<unknown> {
  let triesLeft = retries;
  let hasBegun = sink.rows > 0;
  for (;;) {
    const before = sink.rows;
    try {
      const answer = await receiveOnce(hub, question, sink, strict, progress, () => (hasBegun = true));
      return answer;
    } catch (error) {
      hub.signal.throwIfAborted();
      const failure = error instanceof Failure ? error : new Failure('unreachable', brokenBy(error), 1_000);
      if (sink.rows > before) triesLeft = retries;
      const { retryAfterMs } = failure;
      if (!hasBegun || retryAfterMs === undefined) throw failure;
      if (triesLeft === 0) throw new Failure('interrupted', `${failure.message}${resumeHint(output)}`);
      // The delay doubles: 1, 2, 4 … times.
      const delayMs = retryAfterMs * 2 ** (retries - triesLeft);
      triesLeft -= 1;
      progress.say(`${failure.message} Continuing in ${Math.ceil(delayMs / 1000)} s.`);
      await wait(delayMs, undefined, { signal: hub.signal }).catch(() => {});
      hub.signal.throwIfAborted();
    }
  }
}

async function receiveOnce(
  hub: HubOptions,
  question: Readonly<Record<string, unknown>>,
  sink: Sink,
  isStrict: boolean,
  progress: ProgressLine,
  onBegin: () => void,
): Promise<unknown> {
  const response = await askHub(hub, { ...question, marks: true, after: sink.cursor });
  if (response.headers.get('content-type')?.startsWith('application/json')) return await response.json();
  let total: number | undefined;
  for await (const mark of readMarks(response.body as AsyncIterable<Uint8Array>)) {
    if (mark.kind === 'opening') {
      total = mark.opening.total;
      await sink.begin(mark.opening);
      onBegin();
    } else if (mark.kind === 'page') {
      if (isStrict && Object.keys(mark.page.errors).length > 0) {
        throw new Failure('partial', `Something is missing in the rows: ${listErrors(mark.page.errors)}.`);
      }
      await sink.add(mark.page, mark.rows);
      progress.report({ done: sink.rows, total });
    } else if (mark.kind === 'pause') {
      const waits = { seconds: mark.seconds, for: 'the rate limit of this minute' };
      progress.report({ done: sink.rows, total, waits });
    } else if (mark.kind === 'closing') {
      if (mark.closing.failure) throw failureOf(mark.closing.failure);
      return undefined;
    }
  }
  throw new Failure('unreachable', 'The connection to the hub broke.', 1_000);
}

/** Returns the failure that the hub reported in the middle of an export. */
function failureOf({ code, message }: { readonly code: string; readonly message: string }): Failure {
  const words = `${message} (${code})`;
  if (code === 'QUOTA_EXCEEDED' || code === 'RATE_LIMITED') return new Failure('refused', words);
  if (code === 'EXPORT_REFUSED') return new Failure('misused', words);
  return new Failure('interrupted', words, 1_000);
}

const brokenBy = (error: unknown) => {
  const { cause, message } = error as {
    readonly cause?: { readonly code?: string };
    readonly message?: string;
  };
  return `The connection to the hub broke (${cause?.code ?? message}).`;
};

export const resumeHint = (out: string | undefined) =>
  out ? ` The rows so far are in ${out}.part. Run the command again with --resume.` : '';

/** Lists error codes with their counts. */
export const listErrors = (errors: Readonly<Record<string, number>>) =>
  Object.entries(errors)
    .map(([code, times]) => `${code} ${count(times)} times`)
    .join(', ');
