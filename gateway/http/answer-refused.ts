import { statusOf } from '@wenshu/schema/errors.ts';
import { inAskedLanguage } from '../request/language.ts';
import { Refusal } from '../request/refusal.ts';
import { json, type Reply } from './reply.ts';
import type { Step } from './step.ts';

/** Makes the reply to a request that is refused before Apollo Server sees it. `asked` are its headers. */
export function replyTo(refusal: Refusal, asked: ReadonlyMap<string, string>): Reply {
  const { http: _, ...extensions } = refusal.extensions;
  const errors = [inAskedLanguage({ message: refusal.message, extensions }, asked)];
  return json(statusOf[refusal.code], { errors }, { ...refusal.headers });
}

/** Answers a request that a later step refuses by throwing a Refusal. */
export const answerRefusals: Step = async (incoming, next) => {
  try {
    return await next(incoming);
  } catch (cause) {
    if (cause instanceof Refusal) return replyTo(cause, incoming.headers);
    throw cause;
  }
};
