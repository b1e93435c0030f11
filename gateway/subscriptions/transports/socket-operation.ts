import { buildSchema, type ExecutionArgs, parse } from 'graphql';
import type { Incoming } from '../../http/incoming.ts';
import type { Subscribed } from '../stream.ts';

/** An operation on a WebSocket. To the library it is a stream without events, which ends when the operation does. */
export class SocketOperation {
  readonly incoming: Incoming;
  readonly #end = Promise.withResolvers<void>();
  #subscribed: Subscribed | undefined;
  #hasEnded = false;

  constructor(incoming: Incoming) {
    this.incoming = incoming;
  }

  get hasEnded(): boolean {
    return this.#hasEnded;
  }

  started(subscribed: Subscribed): void {
    this.#subscribed = subscribed;
    // The client or the operation was faster.
    if (this.#hasEnded) subscribed.cancel();
  }

  renew(): void {
    if (this.incoming.admitted) this.#subscribed?.renew(this.incoming.admitted);
  }

  /** Ends it from either side. */
  end(): void {
    if (this.#hasEnded) return;
    this.#hasEnded = true;
    this.#end.resolve();
    this.#subscribed?.cancel();
  }

  [Symbol.asyncIterator]() {
    return this;
  }

  async next(): Promise<IteratorResult<never, undefined>> {
    await this.#end.promise;
    return { done: true, value: undefined };
  }

  async return(): Promise<IteratorResult<never, undefined>> {
    this.end();
    return { done: true, value: undefined };
  }
}

// The library demands a document that it could run, and runs none.
const schema = buildSchema('type Query { stream: Boolean } type Subscription { stream: Boolean }');
const document = parse('subscription { stream }');

export const argumentsOf = (operation: SocketOperation): ExecutionArgs => ({
  schema,
  document,
  contextValue: operation,
});

export const openStreamOf = ({ contextValue }: ExecutionArgs) => contextValue as SocketOperation;
