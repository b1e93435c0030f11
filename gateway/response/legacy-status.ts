import type { ResponseStep } from './response-step.ts';

/**
 * Sets the status 200 for a caller that accepts only `application/json`, even when the document is wrong. For such
 * callers the status describes HTTP only, and some of them do not read the body of another status.
 * https://graphql.github.io/graphql-over-http/draft/#sec-application-json
 */
export const giveLegacyStatus: ResponseStep = ({ request, response: { http, body } }) => {
  if (http.status !== 400 || body.kind !== 'single') return;
  if (!takesOnlyJson(request.http?.headers.get('accept'))) return;
  const codes = body.singleResult.errors?.map(({ extensions }) => String(extensions?.code));
  if (codes?.every((code) => aboutDocument.has(code))) http.status = 200;
};

const aboutDocument = new Set([
  'BAD_USER_INPUT',
  'GRAPHQL_PARSE_FAILED',
  'GRAPHQL_VALIDATION_FAILED',
  'OPERATION_RESOLUTION_FAILURE',
]);

const takesOnlyJson = (accept = '') => /^\s*application\/json\s*(;[^,]*)?$/i.test(accept);
