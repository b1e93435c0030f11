import type { BrowserSessions } from '../admission/browser-sessions.ts';
import { codingFor } from '../http/compress-answers.ts';
import type { Handler } from '../http/incoming.ts';
import type { Reply } from '../http/reply.ts';
import type { CallersOf } from './page.ts';
import { openPage } from './page-bytes.ts';

/** The page loads nothing from other hosts, because agency networks are closed. */
const contentSecurityPolicy = [
  "default-src 'none'",
  "script-src 'unsafe-inline' blob:",
  "style-src 'unsafe-inline'",
  'worker-src blob:',
  'img-src data:',
  'font-src data:',
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');

const pageHeaders = {
  'content-type': 'text/html; charset=utf-8',
  'content-security-policy': contentSecurityPolicy,
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
};

/** Creates the handler of `/graphiql`: the page, and one-time links that open a session if there are sessions. */
export function serveGraphiql(callers: CallersOf, sessions: BrowserSessions | undefined): Handler {
  const page = openPage(callers);
  return async ({ request, search }) => {
    const { method = 'GET' } = request;
    if (method !== 'GET' && method !== 'HEAD') return onlyGet();
    const link = new URLSearchParams(search).get('once');
    if (link !== null) return openSession(sessions, method, link);
    const { identity, gzip } = await page();
    const isPacked = codingFor(request.headers, ['gzip']) !== undefined;
    const coding = { vary: 'accept-encoding', ...(isPacked && { 'content-encoding': 'gzip' }) };
    return { status: 200, headers: { ...pageHeaders, ...coding }, body: isPacked ? gzip : identity };
  };
}

/** Opens a session. Only a browser that navigates to the link uses it up, not a program that checks it. */
async function openSession(
  sessions: BrowserSessions | undefined,
  method: string,
  link: string,
): Promise<Reply> {
  const cookie = method === 'GET' ? await sessions?.open(link) : undefined;
  const kept = { ...pageHeaders, 'cache-control': 'no-store' };
  if (cookie === undefined) return { status: 403, headers: kept, body: linkIsOver };
  return { status: 303, headers: { ...kept, location: '/graphiql', 'set-cookie': cookie }, body: '' };
}

const linkIsOver = `<!doctype html><html lang="zh"><meta charset="utf-8" /><title>文枢 wenshu</title>
<p>此链接已使用、已过期或不属于本中枢。请运行 <code>npx wenshu graphiql</code> 获取新链接。</p>
<p>This link was used, is over, or is not of this hub. <code>npx wenshu graphiql</code> prints a new one.</p></html>
`;

const onlyGet = (): Reply => ({
  status: 405,
  headers: { 'content-type': 'text/plain; charset=utf-8', allow: 'GET, HEAD' },
  body: 'GraphiQL is asked for by GET.\n',
});
