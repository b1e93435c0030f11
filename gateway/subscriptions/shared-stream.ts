import { randomUUID } from 'node:crypto';
import { setTimeout as wait } from 'node:timers/promises';
import { HubError } from '@wenshu/schema/errors.ts';
import { type GraphQLError, validate } from 'graphql';
import type { ExecutionRequest } from '../execution/execution.ts';
import type { Source } from '../execution/source.ts';
import type { GraphManager } from '../graph/graph-manager.ts';
import type { Graph } from '../graph/open-graph.ts';
import type { Log } from '../lib/log.ts';
import type { GatewayContext } from '../request/context.ts';
import { SubgraphFailure } from '../request/errors.ts';
import type { CallListener } from '../request/record.ts';
import { openRecord } from '../request/record.ts';
import type { ResponseStep } from '../response/response-step.ts';
import type { StreamedEvent } from '../upstream/subgraph.ts';
import type { OpenedSubscription } from './open-operation.ts';
import { schemaChanged, subscriptionEnded } from './reasons.ts';
import type { StreamEvent } from './stream.ts';
import { writeEvent } from './stream-event.ts';
import type { AnsweredEvent, Subscriber } from './subscriber.ts';

export type StreamOptions = {
  readonly graphs: GraphManager;
  /** The steps of an answer before it is sent. */
  readonly respond: readonly ResponseStep[];
  /** Time for the answer of one event, in milliseconds. */
  readonly requestTimeoutMs: number;
  /** Whether the entities of answers are counted, for the audit log. */
  readonly countsRows: boolean;
  readonly listener: CallListener | undefined;
  readonly log: Log;
};

/** Waits between two attempts to open a source, in milliseconds. */
const firstWaitMs = 100;
const longestWaitMs = 5_000;

/**
 * One source, one execution and one text for each event, for all subscribers with the same operation, variables and rights. A source that
 * breaks is opened again after the last position. It ends with its last subscriber.
 */
export class SharedStream {
  readonly #opened: OpenedSubscription;
  readonly #options: StreamOptions;
  readonly #onEnd: () => void;
  readonly #closing = new AbortController();
  readonly #subscribers = new Set<Subscriber>();
  readonly #cost: number;
  #graph: Graph;
  #release: () => void;
  #source: Source;
  #position: string | undefined;
  /** Aborts the source that is open, so that another is opened after the last position. */
  #reopening = new AbortController();

  constructor(
    opened: OpenedSubscription,
    after: string | undefined,
    options: StreamOptions,
    onEnd: () => void,
  ) {
    this.#opened = opened;
    this.#options = options;
    this.#onEnd = onEnd;
    this.#source = opened.source;
    this.#position = after;
    this.#cost = opened.request.context.record?.cost ?? 0;
    this.#graph = options.graphs.ofSchema(opened.request.schema);
    this.#release = options.graphs.hold(this.#graph);
    void this.#run();
  }

  /** The position of the last event that was delivered; undefined before there is one. */
  get position(): string | undefined {
    return this.#position;
  }

  get rights(): string {
    return this.#source.rights;
  }

  get opened(): OpenedSubscription {
    return this.#opened;
  }

  get subscribers(): ReadonlySet<Subscriber> {
    return this.#subscribers;
  }

  add(subscriber: Subscriber): void {
    this.#subscribers.add(subscriber);
    if (this.#position !== undefined) subscriber.begin(this.#position);
  }

  remove(subscriber: Subscriber): void {
    this.#subscribers.delete(subscriber);
    if (this.#subscribers.size === 0) this.close();
  }

  /** Ends the source. Subscribers that are left are not told. */
  close(): void {
    if (this.#closing.signal.aborted) return;
    this.#closing.abort();
    this.#reopening.abort();
    this.#release();
    this.#onEnd();
  }

  /** Whether the caller's rights are no longer those under which the source was opened. */
  hasOtherRights(): boolean {
    return this.#graph.executor.rightsOf(this.#request()) !== this.#source.rights;
  }

  /**
   * Opens the source anew after the last position, with the present rights and in the present graph. Ends all subscribers where the
   * operation is not allowed or not valid any more.
   */
  async renew(): Promise<void> {
    const { graphs } = this.#options;
    const { current } = graphs;
    if (current !== this.#graph) {
      if (!isValidIn(current, this.#opened)) return this.#endAll(schemaChanged());
      const release = graphs.hold(current);
      this.#release();
      [this.#graph, this.#release] = [current, release];
    }
    const found = await this.#graph.executor.findSource(this.#request());
    if (this.#closing.signal.aborted) return;
    if ('errors' in found) return this.#endWithErrors(found.errors);
    const isSame = found.rights === this.#source.rights && this.#position === undefined;
    this.#source = found;
    // A source without positions cannot go on without a gap.
    if (this.#position === undefined && !isSame) return this.#endAll(subscriptionEnded());
    this.#reopening.abort();
  }

  async #run(): Promise<void> {
    let failures = 0;
    while (!this.#closing.signal.aborted) {
      const reopening = new AbortController();
      this.#reopening = reopening;
      try {
        for await (const event of this.#open(reopening.signal)) {
          if (reopening.signal.aborted) break;
          failures = 0;
          await this.#take(event, reopening.signal);
        }
        if (!reopening.signal.aborted) return this.#finish(undefined);
      } catch (cause) {
        if (this.#closing.signal.aborted) return;
        if (reopening.signal.aborted) continue;
        if (!(cause instanceof SubgraphFailure)) {
          this.#options.log.error({ cause }, 'A subscription failed.');
          return this.#endAll(
            new HubError('INTERNAL_SERVER_ERROR', 'The subscription failed. The cause is in the log.', {
              messageZh: '订阅失败。原因见日志。',
            }),
          );
        }
        if (this.#position === undefined) return this.#endAll(failureAsReason(cause));
        const longMs = Math.min(firstWaitMs * 2 ** failures++, longestWaitMs);
        await wait(longMs * (0.5 + Math.random() / 2), undefined, {
          signal: reopening.signal,
        }).catch(() => {});
      }
    }
  }

  #open(signal: AbortSignal): AsyncIterable<StreamedEvent> {
    const { subgraph, request } = this.#source;
    const asked = this.#graph.subgraphs.get(subgraph);
    if (!asked?.openStream) throw new SubgraphFailure('failed', subgraph, cannotStream);
    return asked.openStream({ ...request, after: this.#position, signal }, this.#context());
  }

  /** Answers an event and delivers the answer, unless its row is hidden. */
  async #take(event: StreamedEvent, reopened: AbortSignal): Promise<void> {
    const { position, data, errors = [] } = event;
    if (data === undefined && errors.length === 0) return this.#moveTo(position);
    const request = this.#request();
    const { rights, isHidden, ...answer } = await this.#graph.executor.answerEvent(request, event);
    if (reopened.aborted) return;
    // The event is read again with the new rights: they may need other fields of it.
    if (rights !== this.#source.rights) return this.renew();
    if (!isHidden) {
      const { text, cursor } = this.#write(request, answer, position);
      const { record } = request.context;
      if (record) this.#deliver({ text, cursor, record, cost: this.#cost });
    }
    this.#moveTo(position);
  }

  #deliver(event: AnsweredEvent): void {
    for (const subscriber of this.#subscribers) subscriber.deliver(event);
  }

  #moveTo(position: string | undefined): void {
    if (position === undefined) return;
    const isFirst = this.#position === undefined;
    this.#position = position;
    if (isFirst) for (const subscriber of this.#subscribers) subscriber.begin(position);
  }

  #write(
    { document, documentKey, context }: ExecutionRequest,
    answer: { readonly data?: unknown; readonly errors?: readonly GraphQLError[] },
    cursor: string | undefined,
  ): StreamEvent {
    const { schema } = this.#opened.request;
    const singleResult = {
      ...(answer.errors && { errors: answer.errors.map((error) => error.toJSON()) }),
      data: (answer.data ?? null) as Record<string, unknown> | null,
    };
    const body = { kind: 'single' as const, singleResult };
    for (const step of this.#options.respond) {
      step({
        request: {},
        schema,
        document,
        operation: this.#opened.operation,
        queryHash: documentKey,
        ...(answer.errors && { errors: answer.errors }),
        response: { http: {}, body },
        contextValue: context,
      });
    }
    return writeEvent(body.singleResult, cursor);
  }

  /** The request of one event, with a record of its own. */
  #request(): ExecutionRequest {
    return { ...this.#opened.request, context: this.#context() };
  }

  #context(): GatewayContext {
    const { requestTimeoutMs, countsRows, listener } = this.#options;
    const requestId = randomUUID();
    const record = openRecord({
      requestId,
      wantsExplanation: false,
      trace: undefined,
      passedOn: undefined,
      listener,
      countsRows,
    });
    const { context } = this.#opened.request;
    return {
      ...context,
      requestId,
      record,
      deadline: performance.now() + requestTimeoutMs,
      signal: this.#closing.signal,
    };
  }

  #endWithErrors(errors: readonly GraphQLError[]): void {
    const request = this.#request();
    this.#finish(this.#write(request, { errors }, this.#position));
  }

  #endAll(reason: HubError): void {
    for (const subscriber of [...this.#subscribers]) subscriber.end(reason);
    this.close();
  }

  #finish(last: StreamEvent | undefined): void {
    for (const subscriber of [...this.#subscribers]) subscriber.endWith(last);
    this.close();
  }
}

/** graphql-js finds nothing wrong in a subscription where a schema has none at all. */
const isValidIn = ({ supergraph: { publicSchema } }: Graph, { request: { document } }: OpenedSubscription) =>
  Boolean(publicSchema.getSubscriptionType()) && validate(publicSchema, document).length === 0;

const cannotStream = {
  message: 'does not serve subscriptions over this connection.',
  messageZh: '不支持经此连接订阅。',
};

const failureAsReason = ({ code, message, messageZh, subgraph }: SubgraphFailure) =>
  new HubError(code, message, { messageZh, subgraph });
