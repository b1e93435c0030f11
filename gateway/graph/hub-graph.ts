import { createPlaces, type Places } from '../governance/places.ts';
import { type AskGraph, keepRegions, type Regions } from '../governance/regions.ts';
import type { Log } from '../lib/log.ts';
import type { AskForCaller } from '../request/ask-for-caller.ts';
import type { Supergraph } from '../supergraph/supergraph.ts';
import { askGraphAsGateway, askGraphForCaller } from './ask-graph.ts';
import { type GraphManager, manageGraphs } from './graph-manager.ts';
import type { Graph } from './open-graph.ts';

/**
 * The graph as the control plane and access control use it. It exists before the graph is open, because the graph has
 * the control plane as a subgraph.
 */
export type HubGraph = {
  /** The supergraph in use, or the first one. */
  readonly supergraph: Supergraph;
  /** The open graphs. Resolves when the first one is open. */
  readonly graphs: Promise<GraphManager>;
  /** Asks the graph in the gateway's own name. A question waits until the graph is open. */
  readonly ask: AskGraph;
  /** Asks the graph for a caller. A question waits until the graph is open. */
  readonly askForCaller: AskForCaller;
  readonly regions: Regions;
  readonly places: Places;
  /** Serves the first graph, which was opened over `supergraph`. */
  serve(first: Graph): GraphManager;
};

export function createHubGraph(supergraph: Supergraph, log: Log): HubGraph {
  const { promise: graphs, resolve } = Promise.withResolvers<GraphManager>();
  const ask = askGraphAsGateway(graphs);
  const regions = keepRegions(log);
  let inUse = () => supergraph;
  return {
    get supergraph() {
      return inUse();
    },
    graphs,
    ask,
    askForCaller: askGraphForCaller(graphs),
    regions,
    places: createPlaces(ask, regions),
    serve(first) {
      const manager = manageGraphs(first, log);
      inUse = () => manager.current.supergraph;
      resolve(manager);
      return manager;
    },
  };
}
