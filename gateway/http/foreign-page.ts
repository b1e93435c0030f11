import type { IncomingMessage } from 'node:http';

/**
 * Returns whether a request is a GET that no page of another site made a browser send. Such a GET would be harmless,
 * because it runs only queries and the page cannot read the answer. The gateway refuses it all the same when the
 * browser declares it. https://developer.mozilla.org/en-US/docs/Web/HTTP/Reference/Headers/Sec-Fetch-Site
 */
export function isOwnRead({ method, headers }: Pick<IncomingMessage, 'method' | 'headers'>): boolean {
  const site = headers['sec-fetch-site'];
  return method === 'GET' && (site === undefined || site === 'same-origin' || site === 'none');
}
