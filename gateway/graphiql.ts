import { readdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';

const require = createRequire(import.meta.url);
const examplesFolder = new URL('examples/', import.meta.url);

/** All that GraphiQL needs comes with the page: agency networks are closed, so the browser may ask nobody else. */
const contentSecurityPolicy = [
  "default-src 'none'",
  "script-src 'unsafe-inline' blob:",
  "style-src 'unsafe-inline'",
  'worker-src blob:',
  'img-src data:',
  'font-src data:',
  "connect-src 'self'",
].join('; ');

/** GraphiQL for the graph at `endpoint`, with the example queries as its first tabs; it sends these headers. */
export function createGraphiql(endpoint = '/graphql'): (headers?: Record<string, string>) => string {
  let page: string | undefined;
  // Rendered when first asked for: the page is nine megabytes, and most gateways never show it.
  return (headers) => {
    if (headers) return renderPage(endpoint, headers);
    page ??= renderPage(endpoint);
    return page;
  };
}

function renderPage(endpoint: string, headers: Record<string, string> = {}): string {
  const {
    renderGraphiQL,
  }: typeof import('@graphql-yoga/render-graphiql') = require('@graphql-yoga/render-graphiql');
  const defaultTabs = readExamples().map((query) => ({ query }));
  const page = renderGraphiQL({ endpoint, title: '文枢 wenshu', defaultTabs, additionalHeaders: headers });
  const policy = `<meta http-equiv="Content-Security-Policy" content="${contentSecurityPolicy}" />`;
  // The page is as large as the window, and what its editor puts below it would bring scroll bars.
  const style = '<style>body { overflow: hidden; }</style>';
  return page.trimStart().replace('<head>', () => `<head>${policy}${style}`);
}

/** The example queries, in the order of their file names. */
export const readExamples = (): string[] =>
  readdirSync(examplesFolder)
    .filter((name) => name.endsWith('.graphql'))
    .sort()
    .map((name) => readFileSync(new URL(name, examplesFolder), 'utf8'));
