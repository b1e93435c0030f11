import { trialPurpose } from '../lib/trial-purpose.ts';
import type { AccessMode } from '../process/access.ts';
import type { Config } from '../process/config.ts';
import type { RunningGateway } from '../process/main.ts';

/** Describes a started hub for the terminal. Its commands work in another terminal as they stand. */
export function describeHub(
  { address, access, graphiql }: RunningGateway,
  { isTrial }: Pick<Config, 'isTrial'>,
  { WENSHU_DATA }: NodeJS.ProcessEnv,
): string {
  const graph = new URL('/graphql', address).href;
  const wenshu = `${WENSHU_DATA ? `WENSHU_DATA=${quoted(WENSHU_DATA)} ` : ''}npx wenshu`;
  const isDevelopment = access.kind === 'development';
  return `
文枢 wenshu is up.

  Graph     ${graph}${graphiqlLine(access, graphiql, wenshu)}
${isTrial ? trial : ''}
A first query:

  curl -s ${graph} -H 'content-type: application/json' \\${credentialsOf(access, wenshu)}
    -d '{"query":"{ parks(first: 3) { totalCount nodes { nameZh } } }"}'
${isDevelopment ? agreementsLine(wenshu) : ''}
Ctrl-C stops everything; the data stays.
`;
}

const quoted = (path: string) => (/^[\w./-]+$/.test(path) ? path : `'${path.replaceAll("'", `'\\''`)}'`);

const trial = `
  TRIAL=1: lists and numbers are of synthetic rows, where a question does not say which.
`;

function graphiqlLine({ kind }: AccessMode, graphiql: string | undefined, wenshu: string): string {
  if (graphiql === undefined) return '';
  const howOften =
    kind === 'development' ? `\n            (opens once; ${wenshu} graphiql prints another)` : '';
  return `\n  GraphiQL  ${graphiql}${howOften}`;
}

function credentialsOf({ kind }: AccessMode, wenshu: string): string {
  switch (kind) {
    case 'open':
      return '';
    case 'provider':
      return `
    -H "authorization: Bearer $TOKEN" \\`;
    case 'development':
      return `
    -H "authorization: Bearer $(${wenshu} token --department PROPAGANDA --role viewer)" \\`;
  }
}

const agreementsLine = (wenshu: string) => `
Data that departments share by agreement: add -H 'x-wenshu-purpose: ${trialPurpose}'. The hub made these agreements for
trial. A test key sees a small synthetic city:

  ${wenshu} keys create --test --department PROPAGANDA --partner trial --contact me@example.com \\
    --scope Park Enterprise Event --expires 30d
`;
