import type { Handler } from './incoming.ts';
import type { Reply } from './reply.ts';

const headers = {
  'content-type': 'text/html; charset=utf-8',
  'content-security-policy':
    "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'; base-uri 'none'",
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
};

/** What each address of the hub is for, in Chinese and English. */
const addresses: readonly (readonly [path: string, zh: string, en: string])[] = [
  ['/graphql', '以 POST 发送 JSON,查询本枢纽', 'Send a query as JSON by POST'],
  ['/graphiql', '在浏览器中试写查询', 'Write and try queries in a browser'],
  ['/schema.graphql', '图的结构(按调用方)', 'The schema, by caller'],
  [
    '/export',
    '以 POST 把一个列表导出为 CSV、NDJSON、XLSX 或 Parquet',
    'Export a list by POST as CSV, NDJSON, XLSX or Parquet',
  ],
  ['/healthz', '进程是否在运行', 'Whether the process runs'],
  ['/readyz', '能否应答', 'Whether it can answer'],
];

/** Whether a browser can read what is at a path; the others are asked by POST. */
const isRead = (path: string) => path !== '/graphql' && path !== '/export';

/** Creates the handler of `/`, a page that says what this is and where to go. */
export function serveFrontPage(paths: ReadonlySet<string>): Handler {
  const rows = addresses
    .filter(([path]) => paths.has(path))
    .map(
      ([path, zh, en]) =>
        `<tr><td>${isRead(path) ? `<a href="${path}"><code>${path}</code></a>` : `<code>${path}</code>`}</td><td>${zh}<br /><span lang="en">${en}</span></td></tr>`,
    );
  const body = pageWith(rows.join('\n'));
  return ({ request: { method = 'GET' } }): Reply =>
    method === 'GET' || method === 'HEAD'
      ? { status: 200, headers: { ...headers }, body }
      : { status: 405, headers: { ...headers, allow: 'GET, HEAD' }, body };
}

const pageWith = (rows: string) => `<!doctype html>
<html lang="zh">
<head>
<meta charset="utf-8" />
<meta name="viewport" content="width=device-width" />
<title>文枢 wenshu</title>
<style>
  body { font: 16px/1.6 system-ui, sans-serif; max-width: 46rem; margin: 3rem auto; padding: 0 1rem; color: #222; }
  h1 { margin-bottom: 0; }
  td { padding: 0.5rem 1.5rem 0.5rem 0; vertical-align: top; border-top: 1px solid #ddd; }
  [lang='en'] { color: #666; }
</style>
</head>
<body>
<h1>文枢 wenshu</h1>
<p>城市文化产业数据枢纽:一次提问,即可跨部门查询企业、园区、政策、活动与党建单位。<br />
<span lang="en">The hub for the culture industry of a city: one question reaches the enterprises, parks, policies, events and
party-building units of all agencies.</span></p>
<table>
${rows}
</table>
<p>提问须带令牌或 API 密钥:<code>authorization: Bearer …</code><br />
<span lang="en">Each question needs a token or an API key, unless the hub is open to everybody.</span></p>
</body>
</html>
`;
