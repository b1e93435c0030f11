import type { ServerResponse } from 'node:http';
import type { Chunk, Reply } from '../../http/reply.ts';

export type Timing = {
  readonly heartbeatMs: number;
  /** The time in which a client must take a heartbeat. After it, the connection is closed. */
  readonly writeIdleMs: number;
};

/**
 * An answer that has no end yet: what is pushed is sent at once, and what is pushed before the head is sent comes after it. Heartbeats
 * come at fixed times, so that they do not tell whether there were events.
 */
export class PushedAnswer {
  readonly #heartbeat: Chunk;
  readonly #timing: Timing;
  #early: Chunk[] = [];
  #earlyBytes = 0;
  #response: ServerResponse | undefined;
  #hasEnded = false;
  /** The time for which the client has not taken the last heartbeat; undefined if it has. */
  #beatWaitMs: number | undefined;

  constructor(heartbeat: Chunk, timing: Timing) {
    this.#heartbeat = heartbeat;
    this.#timing = timing;
  }

  get isOpen(): boolean {
    return this.#response !== undefined;
  }

  get pendingBytes(): number {
    return this.#response?.writableLength ?? this.#earlyBytes;
  }

  push(part: Chunk): void {
    if (this.#hasEnded) return;
    if (this.#response) {
      this.#response.write(part);
      return;
    }
    this.#early.push(part);
    this.#earlyBytes += Buffer.byteLength(part);
  }

  end(): void {
    this.#hasEnded = true;
    this.#response?.end();
  }

  /** Makes the reply that sends this answer. `onClose` runs when it has ended, or the client has left. */
  reply(headers: Readonly<Record<string, string>>, onClose: () => void): Reply {
    return {
      status: 200,
      headers: { ...headers, 'cache-control': 'no-store', 'x-accel-buffering': 'no' },
      body: (response) => this.#sendOn(response),
      cancel: onClose,
    };
  }

  #sendOn(response: ServerResponse): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>();
    const timer = setInterval(() => this.#beat(response), this.#timing.heartbeatMs);
    response.on('error', () => {});
    response.once('close', () => {
      clearInterval(timer);
      this.#hasEnded = true;
      resolve();
    });
    this.#response = response;
    for (const part of this.#early) response.write(part);
    this.#early = [];
    if (this.#hasEnded) response.end();
    return promise;
  }

  #beat(response: ServerResponse): void {
    if (this.#hasEnded) return;
    const { heartbeatMs, writeIdleMs } = this.#timing;
    if (this.#beatWaitMs === undefined) {
      this.#beatWaitMs = 0;
      response.write(this.#heartbeat, () => {
        this.#beatWaitMs = undefined;
      });
      return;
    }
    this.#beatWaitMs += heartbeatMs;
    if (this.#beatWaitMs >= writeIdleMs) response.destroy();
  }
}
