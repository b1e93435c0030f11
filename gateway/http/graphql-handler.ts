import type { ApolloServer } from '@apollo/server';
import type { GatewayContext } from '../context.ts';
import type { RequestRecord } from '../telemetry/request-record.ts';
import { isOwnRead } from './foreign-page.ts';
import { type Reply, refusal } from './reply.ts';
import { headersOf } from './request.ts';
import type { Incoming } from './server.ts';

/** Hands a request to Apollo Server. https://www.apollographql.com/docs/apollo-server/integrations/building-integrations */
export const createGraphqlHandler =
  (server: ApolloServer<GatewayContext>, { requestTimeoutMs }: { readonly requestTimeoutMs: number }) =>
  async (
    { request, search, requestId, signal, admitted }: Incoming,
    record: RequestRecord,
    text: string,
  ): Promise<Reply> => {
    const deadline = performance.now() + requestTimeoutMs;
    const headers = headersOf(request);

    // Apollo Server would refuse it for want of a header that no page of another site can send.
    if (isOwnRead(request)) headers.set('apollo-require-preflight', 'read');

    const body = parseBody(text, headers.get('content-type'));
    if (body === invalid) return refusal('BAD_REQUEST', 'The request body is not valid JSON.');

    const response = await server.executeHTTPGraphQLRequest({
      httpGraphQLRequest: { method: request.method ?? 'GET', headers, search, body },
      context: async () => ({ requestId, headers, ...admitted, deadline, signal, record }),
    });
    return {
      status: response.status ?? 200,
      headers: Object.fromEntries(response.headers),
      body: response.body.kind === 'complete' ? response.body.string : response.body.asyncIterator,
    };
  };

const invalid = Symbol('invalid JSON');

function parseBody(text: string, contentType: string | undefined): unknown {
  if (text === '' || !contentType?.trimStart().toLowerCase().startsWith('application/json')) return undefined;
  try {
    return JSON.parse(text);
  } catch {
    return invalid;
  }
}
