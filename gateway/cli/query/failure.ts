import { exitCodes } from '../run.ts';

/** Why a query ends without all of its answer, and what the shell is told. */
export class Failure extends Error {
  readonly exitCode: number;
  /** Whether it may go well when it is tried again, and after how long. */
  readonly retryAfterMs: number | undefined;

  constructor(kind: keyof typeof exitCodes, message: string, retryAfterMs?: number) {
    super(message);
    this.exitCode = exitCodes[kind];
    this.retryAfterMs = retryAfterMs;
  }
}
