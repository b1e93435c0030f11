import type { HubError } from '@wenshu/schema/errors.ts';
import type { Incoming } from '../http/incoming.ts';
import type { MaybePromise } from '../lib/maybe-promise.ts';
import type { RequestRecord } from '../request/record.ts';
import { Refusal } from '../request/refusal.ts';
import { slowReader } from './reasons.ts';
import type { Sink, StreamEvent } from './stream.ts';
import { writeReason } from './stream-event.ts';

/** An event with its record, as each of its subscribers is charged for it and has it on record. */
export type AnsweredEvent = StreamEvent & { readonly record: RequestRecord; readonly cost: number };

/**
 * Charges a delivery and puts it on record. Returns or resolves to undefined when the event may be sent, and otherwise to the event that
 * ends the stream. Throws or rejects with a Refusal, too.
 */
export type Account = (incoming: Incoming, event: AnsweredEvent) => MaybePromise<StreamEvent | undefined>;

/** Events that may wait for the record of an earlier one. */
const mostWaiting = 1_000;

/** One client of a stream. Many share a stream, so it holds little. */
export class Subscriber {
  /** The request that subscribed, with the present credentials. */
  incoming: Incoming;
  readonly #sink: Sink;
  readonly #account: Account;
  readonly #bufferBytes: number;
  readonly #onEnd: (subscriber: Subscriber) => void;
  #cursor: string | undefined;
  #waiting = 0;
  #last: Promise<void> | undefined;
  #hasEnded = false;

  constructor(
    incoming: Incoming,
    sink: Sink,
    { account, bufferBytes }: { readonly account: Account; readonly bufferBytes: number },
    onEnd: (subscriber: Subscriber) => void,
  ) {
    this.incoming = incoming;
    this.#sink = sink;
    this.#account = account;
    this.#bufferBytes = bufferBytes;
    this.#onEnd = onEnd;
  }

  get hasEnded(): boolean {
    return this.#hasEnded;
  }

  begin(cursor: string): void {
    if (this.#cursor !== undefined || this.#hasEnded) return;
    this.#cursor = cursor;
    this.#sink.begin?.(cursor);
  }

  /** Sends an event when it is charged and on record. Events keep their order. */
  deliver(event: AnsweredEvent): void {
    if (this.#hasEnded) return;
    if (this.#sink.pendingBytes > this.#bufferBytes || this.#waiting > mostWaiting) this.end(slowReader());
    else if (this.#last) this.#afterLast(() => this.#settle(event));
    else {
      const settled = this.#settle(event);
      if (settled) this.#afterLast(() => settled);
    }
  }

  #afterLast(next: () => Promise<void> | undefined): void {
    this.#waiting += 1;
    const settled = Promise.resolve(this.#last)
      .then(next)
      .catch((cause) => this.#fail(cause))
      .then(() => {
        this.#waiting -= 1;
        if (this.#last === settled) this.#last = undefined;
      });
    this.#last = settled;
  }

  #settle(event: AnsweredEvent): Promise<void> | undefined {
    if (this.#hasEnded) return undefined;
    try {
      const accounted = this.#account(this.incoming, event);
      if (accounted instanceof Promise) return accounted.then((refused) => this.#send(event, refused));
      this.#send(event, accounted);
    } catch (cause) {
      this.#fail(cause);
    }
    return undefined;
  }

  #send(event: StreamEvent, refused: StreamEvent | undefined): void {
    if (this.#hasEnded) return;
    if (refused) this.#finish(refused);
    else {
      this.#cursor = event.cursor ?? this.#cursor;
      this.#sink.next(event);
    }
  }

  #fail(cause: unknown): void {
    if (!(cause instanceof Refusal)) throw cause;
    this.end(cause);
  }

  /** Ends the stream for a reason, or because its source has ended. */
  end(reason?: HubError): void {
    this.#finish(reason && writeReason(reason, this.incoming.headers, this.#cursor));
  }

  /** Ends the stream with a last event, after those that wait. */
  endWith(last: StreamEvent | undefined): void {
    if (this.#last) this.#afterLast(async () => this.#finish(last));
    else this.#finish(last);
  }

  /** Ends the stream so that its client comes back by itself. */
  leave(): void {
    if (this.#hasEnded) return;
    this.#stop();
    this.#sink.leave();
  }

  /** Ends the stream because its client left. */
  cancel(): void {
    if (!this.#hasEnded) this.#stop();
  }

  #finish(last: StreamEvent | undefined): void {
    if (this.#hasEnded) return;
    this.#stop();
    this.#sink.end(last);
  }

  #stop(): void {
    this.#hasEnded = true;
    this.#onEnd(this);
  }
}
