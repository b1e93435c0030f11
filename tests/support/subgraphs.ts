import { enterprisesSubgraph } from '@wenshu/enterprises/server.ts';
import { eventsSubgraph } from '@wenshu/events/server.ts';
import type { Subgraph, SubgraphOptions } from '@wenshu/kit/subgraph.ts';
import { parksSubgraph } from '@wenshu/parks/server.ts';
import { partySubgraph } from '@wenshu/party/server.ts';
import { policiesSubgraph } from '@wenshu/policies/server.ts';
import type { SubgraphName } from '@wenshu/schema/subgraph-sdl.ts';
import { readableDatabase } from './database.ts';
import { keyRing } from './signing.ts';

export const createSubgraphOf: Record<SubgraphName, (options: SubgraphOptions) => Subgraph> = {
  enterprises: enterprisesSubgraph,
  events: eventsSubgraph,
  parks: parksSubgraph,
  party: partySubgraph,
  policies: policiesSubgraph,
};

/** The keys of the gateway of every hub. */
export const gatewayKeys = keyRing('hub');

type OnStatement = (text: string) => void;

/** A subgraph that hubs of this process share, its address over HTTP once somebody needs it, and who counts its statements. */
type Shared = {
  readonly subgraph: Subgraph;
  readonly listeners: Set<OnStatement>;
  address?: Promise<string>;
};

const opened = new Map<SubgraphName, Shared>();

/**
 * Returns a subgraph over the rows that all tests read, opened once in a process and closed with it: most of a hub's start is opening
 * connections. `onStatement` is also called for other hubs' statements.
 */
export function shareSubgraph(name: SubgraphName, onStatement: OnStatement) {
  const shared = opened.get(name) ?? open(name);
  opened.set(name, shared);
  shared.listeners.add(onStatement);
  return {
    subgraph: shared.subgraph,
    address(): Promise<string> {
      shared.address ??= shared.subgraph.listen(0);
      return shared.address;
    },
    release: () => void shared.listeners.delete(onStatement),
  };
}

function open(name: SubgraphName): Shared {
  const listeners: Shared['listeners'] = new Set();
  const subgraph = createSubgraphOf[name]({
    url: readableDatabase().urls[name],
    onStatement(text) {
      for (const listener of listeners) listener(text);
    },
    onError: () => {},
    keys: gatewayKeys,
  });
  return { subgraph, listeners };
}
