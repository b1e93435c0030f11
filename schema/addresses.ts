import { type SubgraphName, subgraphNames } from './subgraph-sdl.ts';

/** The port on which a subgraph apart listens unless told otherwise: 4001 and on, in alphabetical order. */
export const subgraphPort = (name: SubgraphName): number => 4001 + subgraphNames.indexOf(name);

/** Where the checked-in supergraph says that a subgraph is. */
export const subgraphAddress = (name: SubgraphName): string =>
  `http://localhost:${subgraphPort(name)}/graphql`;
