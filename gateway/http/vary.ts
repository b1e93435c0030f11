import { mapMaybePromise } from '../lib/maybe-promise.ts';
import type { Reply } from './reply.ts';
import type { Step } from './step.ts';

/** Notes that the answer depends on a request header, for caches. */
export function addVary({ headers }: Reply, name: string): void {
  headers.vary = headers.vary ? `${headers.vary}, ${name}` : name;
}

/** Notes on answers that may hold messages that these are in the language that was asked for. */
export const varyByLanguage: Step = (incoming, next) =>
  mapMaybePromise(next(incoming), (reply) => {
    if (reply.headers['content-type']?.includes('json')) addVary(reply, 'accept-language');
    return reply;
  });
