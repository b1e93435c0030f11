import type { Incoming } from '../../http/incoming.ts';
import type { Sink, StartOperation, Subscribed } from '../stream.ts';
import type { Asked } from './asked.ts';
import { encodeOnce } from './encode-once.ts';
import { inOneLine } from './event-stream.ts';
import type { PushedAnswer } from './pushed-answer.ts';
import { takeCredentials } from './renewal.ts';
import { tooManyOperations } from './too-many-operations.ts';

type Options = {
  readonly start: StartOperation;
  readonly operationsPerConnection: number;
  readonly startWaitMs: number;
};

/** An operation on a stream. */
type Operation = { readonly incoming: Incoming; subscribed: Subscribed | undefined; isCancelled: boolean };

/** An event stream that its owner has reserved, and the operations that run on it. */
export class ReservedStream {
  readonly owner: string;
  readonly answer: PushedAnswer;
  readonly #options: Options;
  readonly #onClose: () => void;
  readonly #expiry: NodeJS.Timeout;
  readonly #operations = new Map<string, Operation>();
  #isOpened = false;
  #isClosed = false;

  /** `onClose` is called once. */
  constructor(owner: string, answer: PushedAnswer, options: Options, onClose: () => void) {
    this.owner = owner;
    this.answer = answer;
    this.#options = options;
    this.#onClose = onClose;
    this.#expiry = setTimeout(() => this.close(), options.startWaitMs);
  }

  /** Whether the client has opened it. It can be opened once. */
  get isOpen(): boolean {
    return this.#isOpened;
  }

  open(): void {
    this.#isOpened = true;
    clearTimeout(this.#expiry);
  }

  has(id: string): boolean {
    return this.#operations.has(id);
  }

  /** Starts an operation whose id is free. Rejects with a Refusal. */
  async start(incoming: Incoming, asked: Asked, id: string): Promise<void> {
    const { start, operationsPerConnection } = this.#options;
    if (this.#operations.size >= operationsPerConnection) throw tooManyOperations(operationsPerConnection);
    const operation: Operation = { incoming, subscribed: undefined, isCancelled: false };
    this.#operations.set(id, operation);
    try {
      operation.subscribed = await start(incoming, asked, this.#sinkOf(operation, id));
    } catch (cause) {
      this.#forget(operation, id);
      throw cause;
    }
    if (operation.isCancelled) operation.subscribed.cancel();
  }

  cancel(id: string): void {
    const operation = this.#operations.get(id);
    if (operation) this.#cancel(operation, id);
  }

  /** Goes on with newer credentials of its owner. */
  renew(newer: Incoming): void {
    for (const { incoming, subscribed } of this.#operations.values()) {
      takeCredentials(incoming, newer);
      if (incoming.admitted) subscribed?.renew(incoming.admitted);
    }
  }

  /** Ends the stream and its operations. */
  close(): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    clearTimeout(this.#expiry);
    this.#onClose();
    this.answer.end();
    for (const [id, operation] of [...this.#operations]) this.#cancel(operation, id);
  }

  #cancel(operation: Operation, id: string): void {
    operation.isCancelled = true;
    this.#forget(operation, id);
    operation.subscribed?.cancel();
  }

  /** The id may be in use again. */
  #forget(operation: Operation, id: string): void {
    if (this.#operations.get(id) === operation) this.#operations.delete(id);
  }

  #sinkOf(operation: Operation, id: string): Sink {
    const { answer } = this;
    const head = Buffer.from(`event: next\ndata: {"id":${JSON.stringify(id)},"payload":`);
    const push = (payload: Uint8Array) => answer.push(Buffer.concat([head, payload, tail]));
    return {
      get pendingBytes() {
        return answer.pendingBytes;
      },
      next(event) {
        if (!operation.isCancelled) push(encodeLine(event));
      },
      end: (last) => {
        if (operation.isCancelled) return;
        if (last) push(encodeLine(last));
        answer.push(`event: complete\ndata: {"id":${JSON.stringify(id)}}\n\n`);
        operation.isCancelled = true;
        this.#forget(operation, id);
      },
      leave: () => this.close(),
    };
  }
}

const tail = Buffer.from('}\n\n');
const encodeLine = encodeOnce(({ text }) => inOneLine(text));
