import type { Running } from '../main.ts';

/** What a person sees when the hub is up. */
export function describeHub({ address }: Running): string {
  const graph = new URL('/graphql', address).href;
  return `
文枢 wenshu is up.

  Graph     ${graph}
  GraphiQL  ${new URL('/graphiql', address).href}

A first query:

  curl -s ${graph} -H 'content-type: application/json' \\
    -d '{"query":"{ parks(first: 3) { totalCount nodes { nameZh } } }"}'

Ctrl-C stops everything; the data stays.
`;
}
