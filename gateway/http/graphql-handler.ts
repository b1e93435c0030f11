import type { IncomingMessage } from 'node:http';
import { type ApolloServer, HeaderMap } from '@apollo/server';
import type { Caller } from '@wenshu/schema/caller.ts';
import { HubError } from '@wenshu/schema/errors.ts';
import type { GatewayContext } from '../context.ts';
import type { RequestRecord } from '../telemetry/request-record.ts';
import { isOwnRead } from './foreign-page.ts';
import { type Reply, refusal, refusalOf } from './reply.ts';
import { readBody } from './request.ts';
import type { Incoming } from './server.ts';

/** Hands a request to Apollo Server. https://www.apollographql.com/docs/apollo-server/integrations/building-integrations */
export const createGraphqlHandler =
  (
    server: ApolloServer<GatewayContext>,
    {
      maxBodyBytes,
      requestTimeoutMs,
      authenticate,
    }: {
      readonly maxBodyBytes: number;
      readonly requestTimeoutMs: number;
      readonly authenticate: (request: IncomingMessage) => Promise<Caller | undefined>;
    },
  ) =>
  async ({ request, search, requestId, signal }: Incoming, record: RequestRecord): Promise<Reply> => {
    const deadline = performance.now() + requestTimeoutMs;
    const headers = new HeaderMap();
    for (const [name, value] of Object.entries(request.headers)) {
      if (value !== undefined) headers.set(name, Array.isArray(value) ? value.join(', ') : value);
    }

    // Apollo Server would refuse it for want of a header that no page of another site can send.
    if (isOwnRead(request)) headers.set('apollo-require-preflight', 'read');

    const caller = await authenticate(request).catch(asHubError);
    if (caller instanceof HubError) return refusalOf(caller);

    const text = await readBody(request, maxBodyBytes);
    if (text === undefined) {
      const message = `The request is larger than ${maxBodyBytes} bytes.`;
      return refusal('BODY_TOO_LARGE', message, { connection: 'close' });
    }
    const body = parseBody(text, headers.get('content-type'));
    if (body === invalid) return refusal('BAD_REQUEST', 'The request body is not valid JSON.');

    const response = await server.executeHTTPGraphQLRequest({
      httpGraphQLRequest: { method: request.method ?? 'GET', headers, search, body },
      context: async () => ({ requestId, headers, deadline, signal, record, ...(caller && { caller }) }),
    });
    return {
      status: response.status ?? 200,
      headers: Object.fromEntries(response.headers),
      body: response.body.kind === 'complete' ? response.body.string : response.body.asyncIterator,
    };
  };

function asHubError(error: unknown): HubError {
  if (error instanceof HubError) return error;
  throw error;
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
