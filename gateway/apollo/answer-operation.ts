import { type ApolloServer, HeaderMap } from '@apollo/server';
import type { GraphqlRequest } from '../admission/graphql-request.ts';
import { isOwnRead } from '../http/foreign-page.ts';
import type { AnswerOperation } from '../response/operation-steps.ts';
import { refusedInAskedLanguage } from '../response/speak-language.ts';
import type { OperationContext } from './apollo-gateway.ts';

/**
 * Creates the function that passes a request to Apollo Server, which answers it after `requestTimeoutMs` with the data
 * that has arrived. The function rejects with a Refusal.
 * https://www.apollographql.com/docs/apollo-server/integrations/building-integrations
 */
export const createAnswerOperation =
  (server: ApolloServer<OperationContext>, requestTimeoutMs: number): AnswerOperation =>
  async (incoming, body, steps) => {
    const { request, headers, search, requestId, clientAddress, signal, admitted, record } = incoming;
    const deadline = performance.now() + requestTimeoutMs;

    const context: OperationContext = {
      requestId,
      headers,
      clientAddress,
      ...admitted,
      deadline,
      signal,
      ...(record && { record }),
      steps,
    };
    let asked: GraphqlRequest = { method: request.method ?? 'GET', search, body };
    for (const step of steps.read) asked = step(asked, context);

    const apolloHeaders = new HeaderMap(headers);
    // Without this header Apollo Server would refuse the request, although no page of another site can send it.
    if (isOwnRead(request)) apolloHeaders.set('apollo-require-preflight', 'read');
    const response = await server.executeHTTPGraphQLRequest({
      httpGraphQLRequest: { ...asked, headers: apolloHeaders },
      context: async () => context,
    });
    const { status = 200, body: answered } = response;
    // Apollo Server refuses a request that holds no operation before it runs any step.
    const isRefused = (text: string) => status >= 400 && !text.includes('"messageZh"');
    const inLanguage = (text: string) => (isRefused(text) ? refusedInAskedLanguage(text, headers) : text);
    return {
      status,
      headers: Object.fromEntries(response.headers),
      body: answered.kind === 'complete' ? inLanguage(answered.string) : answered.asyncIterator,
    };
  };
