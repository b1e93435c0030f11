import type { AccessMode } from '../process/access.ts';
import type { Config } from '../process/config.ts';
import type { RunningGateway } from '../process/main.ts';

/** Describes a started hub for the terminal. */
export function describeHub(
  { address, access, graphiql }: RunningGateway,
  { isTrial }: Pick<Config, 'isTrial'>,
): string {
  const graph = new URL('/graphql', address).href;
  return `
文枢 wenshu is up.

  Graph     ${graph}${graphiqlLine(access, graphiql)}
${isTrial ? trial : ''}
A first query:

  curl -s ${graph} -H 'content-type: application/json' \\${credentials[access.kind]}
    -d '{"query":"{ parks(first: 3) { totalCount nodes { nameZh } } }"}'

Ctrl-C stops everything; the data stays.
`;
}

const trial = `
  TRIAL=1: lists and numbers are of synthetic rows, where a question does not say which.
`;

function graphiqlLine({ kind }: AccessMode, graphiql: string | undefined): string {
  if (graphiql === undefined) return '';
  const howOften =
    kind === 'development' ? '\n            (opens once; npx wenshu graphiql prints another)' : '';
  return `\n  GraphiQL  ${graphiql}${howOften}`;
}

const credentials: Readonly<Record<AccessMode['kind'], string>> = {
  open: '',
  provider: `
    -H "authorization: Bearer $TOKEN" \\`,
  development: `
    -H "authorization: Bearer $(npx wenshu token --department PROPAGANDA --role viewer)" \\`,
};
