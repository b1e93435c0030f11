import { inChinese } from '@wenshu/schema/messages-zh.ts';
import type { GraphQLFormattedError } from 'graphql';

type Headers = Pick<ReadonlyMap<string, string>, 'get'>;

/**
 * Returns an error as its caller wants to read it: `message` in the language that the header `accept-language` prefers,
 * and the Chinese one always in `extensions.messageZh`.
 */
export function inAskedLanguage(
  error: GraphQLFormattedError,
  headers: Headers | undefined,
): GraphQLFormattedError {
  const { message, extensions = {} } = error;
  const messageZh = inChinese(message, extensions);
  return {
    ...error,
    message: prefersChinese(headers) ? messageZh : message,
    extensions: { ...extensions, messageZh },
  };
}

/** Whether the header `accept-language` prefers Chinese to English, which is the default. */
export function prefersChinese(headers: Headers | undefined): boolean {
  const accepted = headers?.get('accept-language');
  if (!accepted) return false;
  return weightOf('zh', accepted) > weightOf('en', accepted);
}

/** Returns the highest weight of a language in `accept-language`: https://www.rfc-editor.org/rfc/rfc9110#section-12.5.4 */
function weightOf(language: string, accepted: string): number {
  const weights = accepted.split(',').flatMap((range) => {
    const [tag = '', ...parameters] = range.split(';').map((part) => part.trim().toLowerCase());
    if (tag !== language && !tag.startsWith(`${language}-`)) return [];
    const weight = Number(parameters.find((each) => each.startsWith('q='))?.slice(2) ?? 1);
    return Number.isNaN(weight) ? [] : [weight];
  });
  return Math.max(0, ...weights);
}
