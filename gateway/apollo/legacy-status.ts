import type { GraphQLRequestContextWillSendResponse } from '@apollo/server';

/**
 * A caller that takes `application/json` and nothing else gets 200 also where its document is wrong:
 * to such callers a status speaks of HTTP, and some of them read no body that comes with another.
 * https://graphql.github.io/graphql-over-http/draft/#sec-application-json
 */
export function giveLegacyStatus({
  request,
  response: { http, body },
}: GraphQLRequestContextWillSendResponse<object>): void {
  if (http.status !== 400 || body.kind !== 'single') return;
  if (!takesOnlyJson(request.http?.headers.get('accept'))) return;
  const codes = body.singleResult.errors?.map(({ extensions }) => String(extensions?.code));
  if (codes?.every((code) => aboutDocument.has(code))) http.status = 200;
}

const aboutDocument = new Set([
  'BAD_USER_INPUT',
  'GRAPHQL_PARSE_FAILED',
  'GRAPHQL_VALIDATION_FAILED',
  'OPERATION_RESOLUTION_FAILURE',
]);

const takesOnlyJson = (accept = '') => /^\s*application\/json\s*(;[^,]*)?$/i.test(accept);
