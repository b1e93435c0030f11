import { type MemberName, type SubgraphName, subgraphNames } from './subgraph-sdl.ts';

/** The port on which a subgraph apart listens unless told otherwise: 4001 and on, in alphabetical order. */
export const subgraphPort = (name: SubgraphName): number => 4001 + subgraphNames.indexOf(name);

/**
 * Where the checked-in supergraph says that a member is. The hub's own part is asked in the gateway's process only,
 * so its address is one that there cannot be (RFC 6761).
 */
export const memberAddress = (name: MemberName): string =>
  name === 'hub' ? 'http://hub.invalid/graphql' : `http://localhost:${subgraphPort(name)}/graphql`;
