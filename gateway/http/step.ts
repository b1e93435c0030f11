import type { Handler, Incoming } from './incoming.ts';
import type { Reply } from './reply.ts';

/** One step of the request pipeline. It answers the request itself or calls `next`, and may change the reply. */
export type Step = (incoming: Incoming, next: Handler) => Promise<Reply> | Reply;

/** Combines steps, in their order, into one handler; `last` answers the request. */
export const inOrder = (steps: readonly Step[], last: Handler): Handler =>
  steps.reduceRight<Handler>((next, step) => (incoming) => step(incoming, next), last);
