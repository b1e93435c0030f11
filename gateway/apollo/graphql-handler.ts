import type { ApolloServer } from '@apollo/server';
import type { CheckDocument } from '../admission/check-document.ts';
import { isOwnRead } from '../http/foreign-page.ts';
import { refusal } from '../http/reply.ts';
import type { Handler } from '../http/server.ts';
import type { GatewayContext } from '../request/context.ts';

type HandlerOptions = {
  readonly requestTimeoutMs: number;
  readonly checkDocument: CheckDocument;
};

/**
 * Creates the handler that passes a request to Apollo Server. It rejects with a Refusal.
 * https://www.apollographql.com/docs/apollo-server/integrations/building-integrations
 */
export const createGraphqlHandler =
  (server: ApolloServer<GatewayContext>, { requestTimeoutMs, checkDocument }: HandlerOptions): Handler =>
  async (incoming) => {
    const { request, headers, search, requestId, clientAddress, signal, admitted, record, text } = incoming;
    const deadline = performance.now() + requestTimeoutMs;

    // Without this header Apollo Server would refuse the request, although no page of another site can send it.
    if (isOwnRead(request)) headers.set('apollo-require-preflight', 'read');

    const body = parseBody(text, headers.get('content-type'));
    if (body === invalid) return refusal('BAD_REQUEST', 'The request body is not valid JSON.');

    const context: GatewayContext = {
      requestId,
      headers,
      clientAddress,
      ...admitted,
      deadline,
      signal,
      ...(record && { record }),
    };
    const checked = checkDocument({ method: request.method ?? 'GET', search, body }, context);

    const response = await server.executeHTTPGraphQLRequest({
      httpGraphQLRequest: { ...checked, headers },
      context: async () => context,
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
