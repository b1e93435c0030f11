import type { HubError } from '@wenshu/schema/errors.ts';
import type { FormattedExecutionResult } from 'graphql';
import { inAskedLanguage } from '../request/language.ts';
import { stringifyResult } from '../response/stringify.ts';
import type { StreamEvent } from './stream.ts';

/** Writes a result as the event after which a stream goes on at `cursor`. */
export const writeEvent = (result: FormattedExecutionResult, cursor: string | undefined): StreamEvent => ({
  text: stringifyResult(
    cursor === undefined ? result : { ...result, extensions: { ...result.extensions, cursor } },
  ).trimEnd(),
  cursor,
});

/** Writes the last event of a stream that ends for a reason. `asked` are the headers of its subscriber. */
export const writeReason = (
  reason: HubError,
  asked: ReadonlyMap<string, string>,
  cursor: string | undefined,
): StreamEvent => {
  const { http: _, ...extensions } = reason.extensions;
  return writeEvent({ errors: [inAskedLanguage({ message: reason.message, extensions }, asked)] }, cursor);
};
