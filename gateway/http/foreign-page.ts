import type { IncomingMessage } from 'node:http';

/**
 * Whether a page of another site may have made a browser send this. Reading is harmless: a GET runs
 * queries only, and that page cannot see the answer. It is refused all the same where the browser
 * tells of it. https://developer.mozilla.org/en-US/docs/Web/HTTP/Reference/Headers/Sec-Fetch-Site
 */
export function isOwnRead({ method, headers }: Pick<IncomingMessage, 'method' | 'headers'>): boolean {
  const site = headers['sec-fetch-site'];
  return method === 'GET' && (site === undefined || site === 'same-origin' || site === 'none');
}
