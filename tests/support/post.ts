import { inBothLanguages } from './both-languages.ts';

/** Asks a gateway over HTTP, and gives all of its answer. */
export async function post(
  url: string,
  body: Readonly<Record<string, unknown>> | readonly unknown[] | string,
  headers: Readonly<Record<string, string>> = {},
) {
  const response = await fetch(`${url}/graphql`, {
    method: 'POST',
    body: typeof body === 'string' ? body : JSON.stringify(body),
    headers: { connection: 'close', 'content-type': 'application/json', ...headers },
  });
  return { status: response.status, headers: response.headers, body: inBothLanguages(await response.json()) };
}
