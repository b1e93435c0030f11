import type { GraphQLFormattedError } from 'graphql';
import { inAskedLanguage } from '../request/language.ts';
import { graphqlMessageInChinese } from './graphql-messages.ts';
import type { ResponseStep } from './response-step.ts';

/** Gives each error its Chinese message, and `message` in the language that the caller prefers. */
export const speakLanguage: ResponseStep = ({ response: { body }, contextValue: { headers } }) => {
  if (body.kind !== 'single' || !body.singleResult.errors) return;
  body.singleResult.errors = body.singleResult.errors.map((error) =>
    inAskedLanguage(withChinese(error), headers),
  );
};

/** Adds the Chinese message to an error of graphql-js or Apollo Server. Other errors have one. */
export function withChinese(error: GraphQLFormattedError): GraphQLFormattedError {
  const { message, extensions } = error;
  const own = extensions?.messageZh;
  const messageZh = graphqlMessageInChinese(message, typeof own === 'string' ? own : undefined);
  return messageZh === undefined ? error : { ...error, extensions: { ...extensions, messageZh } };
}

/**
 * Returns the text of an answer that Apollo Server refused before any step saw it, with its errors in both languages.
 */
export function refusedInAskedLanguage(text: string, headers: ReadonlyMap<string, string>): string {
  const { errors, ...rest } = JSON.parse(text) as { errors?: readonly GraphQLFormattedError[] };
  return JSON.stringify({
    errors: errors?.map((error) => inAskedLanguage(withChinese(error), headers)),
    ...rest,
  });
}
