import { type ApolloServer, HeaderMap } from '@apollo/server';
import type { Caller } from '@wenshu/schema/caller.ts';
import type { Admit } from '../admission/admit.ts';
import { Refusal } from '../admission/refusal.ts';
import type { GatewayContext } from '../context.ts';
import type { RequestRecord } from '../telemetry/request-record.ts';
import { isOwnRead } from './foreign-page.ts';
import { type Reply, refusal } from './reply.ts';
import { readBody } from './request.ts';
import type { Incoming } from './server.ts';

/** Who asks, by the headers of a request. */
export type CallerOf = (headers: GatewayContext['headers']) => Caller | undefined;

type HandlerOptions = {
  readonly maxBodyBytes: number;
  readonly requestTimeoutMs: number;
  readonly admit: Admit;
  readonly callerOf?: CallerOf;
};

/** Hands a request to Apollo Server. https://www.apollographql.com/docs/apollo-server/integrations/building-integrations */
export const createGraphqlHandler =
  (
    server: ApolloServer<GatewayContext>,
    { maxBodyBytes, requestTimeoutMs, admit, callerOf = () => undefined }: HandlerOptions,
  ) =>
  async ({ request, search, requestId, signal }: Incoming, record: RequestRecord): Promise<Reply> => {
    const deadline = performance.now() + requestTimeoutMs;
    const headers = new HeaderMap();
    for (const [name, value] of Object.entries(request.headers)) {
      if (value !== undefined) headers.set(name, Array.isArray(value) ? value.join(', ') : value);
    }

    // Apollo Server would refuse it for want of a header that no page of another site can send.
    if (isOwnRead(request)) headers.set('apollo-require-preflight', 'read');

    const text = await readBody(request, maxBodyBytes);
    if (text === undefined) {
      const message = `The request is larger than ${maxBodyBytes} bytes.`;
      return refusal('BODY_TOO_LARGE', message, { connection: 'close' });
    }
    const body = parseBody(text, headers.get('content-type'));
    if (body === invalid) return refusal('BAD_REQUEST', 'The request body is not valid JSON.');

    const caller = callerOf(headers);
    const context: GatewayContext = {
      requestId,
      headers,
      ...(caller && { caller }),
      deadline,
      signal,
      record,
    };
    const admitted = tryAdmit(() => admit({ method: request.method ?? 'GET', search, body }, context));
    if (admitted instanceof Refusal) return admitted.toReply();

    const response = await server.executeHTTPGraphQLRequest({
      httpGraphQLRequest: { ...admitted, headers },
      context: async () => context,
    });
    return {
      status: response.status ?? 200,
      headers: Object.fromEntries(response.headers),
      body: response.body.kind === 'complete' ? response.body.string : response.body.asyncIterator,
    };
  };

function tryAdmit<T>(admit: () => T): T | Refusal {
  try {
    return admit();
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
