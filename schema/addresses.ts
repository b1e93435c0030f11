import type { MemberName, SubgraphName } from './subgraph-sdl.ts';

/** Default port of each subgraph. A new subgraph takes the next free port; no existing port changes. */
export const subgraphPorts = {
  enterprises: 4001,
  events: 4002,
  parks: 4003,
  party: 4004,
  policies: 4005,
} as const satisfies Readonly<Record<SubgraphName, number>>;

/**
 * Returns the address of a member in the checked-in supergraph. The control plane is called only inside the gateway's process, so its
 * address uses a name that cannot exist (RFC 6761).
 */
export const memberAddress = (name: MemberName): string =>
  name === 'control' ? 'http://control.invalid/graphql' : `http://localhost:${subgraphPorts[name]}/graphql`;
