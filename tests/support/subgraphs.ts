import { enterprisesSubgraph } from '@wenshu/enterprises/server.ts';
import { eventsSubgraph } from '@wenshu/events/server.ts';
import type { Subgraph, SubgraphOptions } from '@wenshu/kit/subgraph.ts';
import { parksSubgraph } from '@wenshu/parks/server.ts';
import { partySubgraph } from '@wenshu/party/server.ts';
import { policiesSubgraph } from '@wenshu/policies/server.ts';
import { type SubgraphName, subgraphNames } from '@wenshu/schema/subgraph-sdl.ts';
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

type OnStatement = (name: SubgraphName) => void;

/** A subgraph that hubs of this process share, with its address over HTTP once somebody needs it. */
type Shared = { readonly subgraph: Subgraph; address?: Promise<string> };

const listeners = new Set<OnStatement>();
let opened: ReadonlyMap<SubgraphName, Shared> | undefined;

/**
 * The subgraphs over the rows that all tests read, opened once in a process and closed with it: most of what a hub
 * costs to start is their connections. Hubs that want anything else of their subgraphs open their own.
 */
export function shareSubgraphs(onStatement: OnStatement) {
  const subgraphs = (opened ??= openAll());
  listeners.add(onStatement);
  return {
    subgraphOf: (name: SubgraphName) => sharedOf(subgraphs, name).subgraph,
    addressOf(name: SubgraphName): Promise<string> {
      const shared = sharedOf(subgraphs, name);
      return (shared.address ??= shared.subgraph.listen(0));
    },
    release: () => void listeners.delete(onStatement),
  };
}

function sharedOf(subgraphs: ReadonlyMap<SubgraphName, Shared>, name: SubgraphName): Shared {
  const shared = subgraphs.get(name);
  if (!shared) throw new Error(`There is no subgraph ${name}.`);
  return shared;
}

function openAll(): ReadonlyMap<SubgraphName, Shared> {
  const { urls } = readableDatabase();
  return new Map(
    subgraphNames.map((name) => {
      const onStatement = () => {
        for (const listener of listeners) listener(name);
      };
      const url = urls[name];
      return [name, { subgraph: createSubgraphOf[name]({ url, onStatement, onError, keys: gatewayKeys }) }];
    }),
  );
}

const onError = () => {};
