import type { MemberName, SubgraphName } from './subgraph-sdl.ts';

/** The port on which each subgraph listens unless told otherwise. A new subgraph takes the next free one, and none moves. */
export const subgraphPorts = {
  enterprises: 4001,
  events: 4002,
  parks: 4003,
  party: 4004,
  policies: 4005,
} as const satisfies Readonly<Record<SubgraphName, number>>;

/**
 * Where the checked-in supergraph says that a member is. The hub's own part is asked in the gateway's process only,
 * so its address is one that there cannot be (RFC 6761).
 */
export const memberAddress = (name: MemberName): string =>
  name === 'hub' ? 'http://hub.invalid/graphql' : `http://localhost:${subgraphPorts[name]}/graphql`;
