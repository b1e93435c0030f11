import type { AccessOptions } from '@wenshu/gateway/admission/admit.ts';
import type { GatewayContext } from '@wenshu/gateway/request/context.ts';
import { type Answer, type HubOptions, startHub } from '../../support/hub.ts';

export type Asked = { readonly status: number; readonly challenge: string | null; readonly answer: Answer };

/** Starts a hub of one field. It keeps the contexts of its calls, and shows all that a caller is answered. */
export async function startGuarded(access: AccessOptions, options: HubOptions = {}) {
  const contexts: GatewayContext[] = [];
  const hub = await startHub({
    graph: {
      parks: { sdl: 'type Query { name: String }', resolvers: { Query: { name: () => 'East' } } },
    },
    access,
    onCall: (_name, _asked, _answered, context) => contexts.push(context),
    ...options,
  });
  return {
    url: hub.url,
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

/** Returns the answer of a refused request. */
export const refusedWith = (message: string, error: string | undefined = 'invalid_token'): Asked => ({
  status: 401,
  challenge: error ? `Bearer realm="wenshu", error="${error}"` : 'Bearer realm="wenshu"',
  answer: { errors: [{ message, extensions: { code: 'UNAUTHENTICATED' } }] },
});
