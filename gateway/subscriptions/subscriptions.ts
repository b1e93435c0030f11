import type { RateLimit } from '../admission/rate-limit.ts';
import type { Incoming } from '../http/incoming.ts';
import type { Reply } from '../http/reply.ts';
import { type MaybePromise, mapMaybePromise } from '../lib/maybe-promise.ts';
import type { Admitted } from '../request/context.ts';
import type { AnswerAudit } from '../response/audit-answers.ts';
import { sortSteps } from '../response/operation-steps.ts';
import { limitSubscriptions, type SubscriptionLimits } from './limit-subscriptions.ts';
import { type OpenOptions, openOperation } from './open-operation.ts';
import { badCursor } from './reasons.ts';
import type { SharedStream, StreamOptions } from './shared-stream.ts';
import type { StartOperation } from './stream.ts';
import { writeEvent } from './stream-event.ts';
import { keepStreams } from './streams.ts';
import { type AnsweredEvent, Subscriber } from './subscriber.ts';
import { watchRights } from './watch-rights.ts';

export type SubscriptionsOptions = OpenOptions &
  Omit<StreamOptions, 'respond' | 'countsRows'> & {
    readonly limits: SubscriptionLimits;
    /** Charges a caller for an event. */
    readonly charge: RateLimit;
    /** Puts each delivery on record; undefined without an audit log. */
    readonly audit: AnswerAudit | undefined;
    /** Admits a subscriber again by its credentials; undefined where nobody authenticates. */
    readonly admitAgain: ((incoming: Incoming) => MaybePromise<Admitted>) | undefined;
  };

/** The subscriptions of a gateway. */
export type Subscriptions = {
  readonly start: StartOperation;
  /** Number of open subscriptions, and of streams that they share. */
  readonly open: () => { readonly subscriptions: number; readonly streams: number };
  /** Tells all clients to come back, to another gateway if there is one. Nothing is started any more. */
  leave(): void;
  close(): void;
};

/** A cursor is printable, so that it can stand in a header. */
const cursorForm = /^[\x21-\x7e]{1,1000}$/;

export function createSubscriptions(options: SubscriptionsOptions): Subscriptions {
  const { graphs, audit, charge, limits, admitAgain, log } = options;
  const { respond } = sortSteps(options.operationSteps);
  const streams = keepStreams({ ...options, respond, countsRows: audit !== undefined });
  const counted = limitSubscriptions(limits);
  /** The stream of each subscriber. */
  const streamOf = new WeakMap<Subscriber, SharedStream>();
  let isLeaving = false;

  const account = (incoming: Incoming, event: AnsweredEvent) => {
    const caller = incoming.admitted?.caller;
    return mapMaybePromise(caller ? charge(caller, event.cost) : {}, () => putOnRecord(incoming, event));
  };
  const putOnRecord = (incoming: Incoming, { record, text, cursor }: AnsweredEvent) => {
    if (!audit) return undefined;
    const reply: Reply = { status: 200, headers: {}, body: text };
    return mapMaybePromise(audit.answered(incoming, record, reply), ({ body }) =>
      body === text ? undefined : writeEvent(JSON.parse(String(body)), cursor),
    );
  };

  const start: StartOperation = async (incoming, { body, after }, sink) => {
    if (after !== undefined && !cursorForm.test(after)) throw badCursor();
    const opened = await openOperation(options, incoming, body);
    if ('text' in opened) {
      sink.next({ text: opened.text, cursor: undefined });
      sink.end();
      return { cancel() {}, renew() {} };
    }
    if (isLeaving) {
      sink.leave();
      return { cancel() {}, renew() {} };
    }
    const giveBack = counted.take(incoming);
    const subscriber = new Subscriber(
      incoming,
      sink,
      { account, bufferBytes: limits.bufferBytes },
      (ended) => {
        giveBack();
        streamOf.get(ended)?.remove(ended);
      },
    );
    streamOf.set(subscriber, streams.join(subscriber, opened, after));
    return {
      cancel: () => subscriber.cancel(),
      renew: (admitted) => {
        subscriber.incoming = { ...subscriber.incoming, admitted };
      },
    };
  };

  /** Moves a subscriber to a stream with its present rights, after what it has received. */
  async function resubscribe(stream: SharedStream, subscriber: Subscriber, admitted: Admitted) {
    const incoming = { ...subscriber.incoming, admitted };
    const { request, operation } = stream.opened;
    const asked = { ...request, context: { ...request.context, ...admitted } };
    const { position } = stream;
    const source = await graphs.ofSchema(request.schema).executor.findSource(asked);
    if (subscriber.hasEnded) return;
    subscriber.incoming = incoming;
    if ('errors' in source) {
      const errors = source.errors.map((error) => error.toJSON());
      return subscriber.endWith(writeEvent({ errors, data: null }, position));
    }
    const next = streams.join(subscriber, { request: asked, operation, source }, position);
    streamOf.set(subscriber, next);
    if (next !== stream) stream.remove(subscriber);
  }

  const watching = watchRights({
    streams: streams.all,
    admitAgain,
    resubscribe,
    onError: (cause) => log.error({ cause }, 'The rights of subscriptions could not be checked.'),
  });
  // A new supergraph takes over at the next turn: listeners are called before it is in use.
  graphs.announce(() => {
    setImmediate(() => {
      for (const stream of [...streams.all]) {
        stream.renew().catch((cause) => log.error({ cause }, 'A subscription could not be moved.'));
      }
    });
  });

  return {
    start,
    open: () => ({ subscriptions: counted.open(), streams: streams.all.size }),
    leave() {
      isLeaving = true;
      for (const stream of [...streams.all]) {
        for (const subscriber of [...stream.subscribers]) subscriber.leave();
      }
    },
    close() {
      this.leave();
      watching[Symbol.dispose]();
    },
  };
}
