import { exitCodes } from '../run.ts';

/** Error that ends a query before its answer is complete, with the exit code. */
export class Failure extends Error {
  readonly exitCode: number;
  /** Delay before a retry, in milliseconds; undefined when a retry cannot help. */
  readonly retryAfterMs: number | undefined;

  constructor(kind: keyof typeof exitCodes, message: string, retryAfterMs?: number) {
    super(message);
    this.exitCode = exitCodes[kind];
    this.retryAfterMs = retryAfterMs;
  }
}
