import type { AccessOptions } from '@wenshu/gateway/admission/admit.ts';
import type { GatewayOptions } from '@wenshu/gateway/gateway.ts';
import type { GatewayContext } from '@wenshu/gateway/request/context.ts';
import type { Subgraph } from '@wenshu/gateway/upstream/subgraph.ts';
import type { Answer } from './federation.ts';
import { startInProcess } from './federation.ts';

export type Asked = { readonly status: number; readonly challenge: string | null; readonly answer: Answer };

/** Starts a small hub with access control that records the contexts of its subgraphs. */
export async function startGuarded(access: AccessOptions, options: Partial<GatewayOptions> = {}) {
  const contexts: GatewayContext[] = [];
  const parks: Subgraph = async (_request, context) => {
    contexts.push(context);
    return { data: { name: 'East' } };
  };
  const hub = await startInProcess(
    { parks: { sdl: 'type Query { name: String }' } },
    { subgraphs: () => parks, access, ...options },
  );
  return {
    url: hub.url,
    /** Contexts of the questions to subgraphs. */
    contexts,
    async ask(headers: Readonly<Record<string, string>> = {}, query = '{ name }'): Promise<Asked> {
      const response = await fetch(`${hub.url}/graphql`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', connection: 'close', ...headers },
        body: JSON.stringify({ query }),
      });
      const answer = (await response.json()) as Answer;
      return { status: response.status, challenge: response.headers.get('www-authenticate'), answer };
    },
    get: (path: string, headers: Readonly<Record<string, string>> = {}) =>
      fetch(hub.url + path, { headers: { connection: 'close', ...headers } }),
    [Symbol.asyncDispose]: () => hub[Symbol.asyncDispose](),
  };
}

export const bearer = (token: string) => ({ authorization: `Bearer ${token}` });

/** Returns the answer of a refused request. */
export const refusedWith = (message: string, error: string | undefined = 'invalid_token'): Asked => ({
  status: 401,
  challenge: error ? `Bearer realm="wenshu", error="${error}"` : 'Bearer realm="wenshu"',
  answer: { errors: [{ message, extensions: { code: 'UNAUTHENTICATED' } }] },
});
