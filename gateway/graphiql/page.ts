import { readdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { trialPurpose } from '../lib/trial-purpose.ts';

/** The page of a trial hub states the purpose of the agreements that the hub brings, so that the examples answer. */
const statedPurpose = JSON.stringify({ 'x-wenshu-purpose': trialPurpose }, null, 2);

const require = createRequire(import.meta.url);
const examplesFolder = new URL('../examples/', import.meta.url);

/** How callers authenticate. It decides which advice the page gives to an unauthenticated caller. */
export type CallersOf = 'open' | 'provider' | 'development';

const advice: Readonly<Record<CallersOf, string>> = {
  open: '',
  provider:
    '请在页面下方的 Headers 中填写身份提供方签发的令牌。 Put a token of the identity provider into the Headers tab below: {"authorization": "Bearer …"}.',
  development:
    '请打开终端中显示的一次性链接,或运行 npx wenshu graphiql 获取新链接。 Open the one-time link that the terminal shows; npx wenshu graphiql prints a new one. Or put a token into the Headers tab below.',
};

/**
 * Renders GraphiQL for `/graphql`, with the example queries as its first tabs. The page is the same for everybody, so
 * it contains nothing about the caller.
 */
export function renderPage(callers: CallersOf): string {
  const {
    renderGraphiQL,
  }: typeof import('@graphql-yoga/render-graphiql') = require('@graphql-yoga/render-graphiql');
  const headers = callers === 'development' ? statedPurpose : undefined;
  const page = renderGraphiQL({
    endpoint: '/graphql',
    title: '文枢 wenshu',
    defaultTabs: readExamples().map((query) => ({ query, ...(headers && { headers }) })),
    credentials: 'same-origin',
    ...(headers && { defaultHeaders: headers }),
  });
  return page
    .trimStart()
    .replace('<head>', () => `<head>${style}`)
    .replace('<div id="root">', () => `${adviceBar(callers)}<div id="root">`);
}

/** The page fills the window; elements that its editor adds below it would cause scroll bars. */
const style = `<style>
  body { overflow: hidden; }
  #advice { position: fixed; z-index: 1; inset: auto 0 0 0; padding: 8px 16px; background: #fff3c4; color: #3d2e00; font: 14px/1.5 sans-serif; }
</style>`;

/** Returns the bar shown when the graph does not know the caller. */
const adviceBar = (callers: CallersOf) =>
  advice[callers] &&
  `<p id="advice" role="status" hidden>${advice[callers]}</p>
  <script>
    fetch('/graphql?query={__typename}', { headers: { 'apollo-require-preflight': '1' } }).then(({ status }) => {
      document.getElementById('advice').hidden = status !== 401;
    });
  </script>`;

/** Reads the example queries in the order of their file names. */
export const readExamples = (): string[] =>
  readdirSync(examplesFolder)
    .filter((name) => name.endsWith('.graphql'))
    .sort()
    .map((name) => readFileSync(new URL(name, examplesFolder), 'utf8'));
