import type { ApolloServer } from '@apollo/server';
import type { Examine } from '../admission/examine.ts';
import { Refusal } from '../admission/refusal.ts';
import type { GatewayContext } from '../context.ts';
import type { RequestRecord } from '../telemetry/request-record.ts';
import { isOwnRead } from './foreign-page.ts';
import { type Reply, refusal } from './reply.ts';
import { headersOf } from './request.ts';
import type { Incoming } from './server.ts';

type HandlerOptions = {
  readonly requestTimeoutMs: number;
  readonly examine: Examine;
};

/** Hands a request to Apollo Server. https://www.apollographql.com/docs/apollo-server/integrations/building-integrations */
export const createGraphqlHandler =
  (server: ApolloServer<GatewayContext>, { requestTimeoutMs, examine }: HandlerOptions) =>
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

    const context: GatewayContext = {
      requestId,
      headers,
      ...admitted,
      deadline,
      signal,
      record,
    };
    const examined = tryToExamine(() => examine({ method: request.method ?? 'GET', search, body }, context));
    if (examined instanceof Refusal) return examined.toReply();

    const response = await server.executeHTTPGraphQLRequest({
      httpGraphQLRequest: { ...examined, headers },
      context: async () => context,
    });
    return {
      status: response.status ?? 200,
      headers: Object.fromEntries(response.headers),
      body: response.body.kind === 'complete' ? response.body.string : response.body.asyncIterator,
    };
  };

function tryToExamine<T>(examine: () => T): T | Refusal {
  try {
    return examine();
  } catch (error) {
    if (error instanceof Refusal) return error;
    throw error;
  }
}

const invalid = Symbol('invalid JSON');

function parseBody(text: string, contentType: string | undefined): unknown {
  if (text === '' || !contentType?.trimStart().toLowerCase().startsWith('application/json')) return undefined;
  try {
    return JSON.parse(text);
  } catch {
    return invalid;
  }
}
