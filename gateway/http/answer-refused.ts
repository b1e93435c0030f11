import { statusOf } from '@wenshu/schema/errors.ts';
import type { Eventual } from '../lib/maybe-promise.ts';
import { Refusal } from '../request/refusal.ts';
import { json, type Reply } from './reply.ts';

/** The answer to a request that is refused before Apollo Server sees it. */
export function replyTo(refusal: Refusal): Reply {
  const { http: _, ...extensions } = refusal.extensions;
  const errors = [{ message: refusal.message, extensions }];
  return json(statusOf[refusal.code], { errors }, { ...refusal.headers });
}

/** Answers a request that this handler refuses by throwing a Refusal. */
export const answerRefused =
  <Request extends unknown[]>(handler: (...request: Request) => Eventual<Reply>) =>
  async (...request: Request): Promise<Reply> => {
    try {
      return await handler(...request);
    } catch (cause) {
      if (cause instanceof Refusal) return replyTo(cause);
      throw cause;
    }
  };
