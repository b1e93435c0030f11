import type { Reply } from './reply.ts';
import type { Handler, Incoming } from './server.ts';

/** One step on the way of a request: it answers the request itself, or hands it on, and may change the reply. */
export type Step = (incoming: Incoming, next: Handler) => Promise<Reply> | Reply;

/** Takes a request through these steps in this order; `last` answers it. */
export const inOrder = (steps: readonly Step[], last: Handler): Handler =>
  steps.reduceRight<Handler>((next, step) => (incoming) => step(incoming, next), last);
