import { createPlaces, type Places } from '../governance/places.ts';
import { type AskGraph, keepRegions, type Regions } from '../governance/regions.ts';
import type { Log } from '../lib/log.ts';
import { askGraphAsGateway } from './ask-graph.ts';
import { type GraphManager, manageGraphs } from './graph-manager.ts';

/**
 * The graph as the gateway and its control plane use it. It exists before its first supergraph is open, because that
 * supergraph has the control plane as a subgraph.
 */
export type HubGraph = {
  readonly graphs: GraphManager;
  /** Asks the graph in the gateway's own name. */
  readonly ask: AskGraph;
  readonly regions: Regions;
  readonly places: Places;
};

export function createHubGraph(log: Log): HubGraph {
  const graphs = manageGraphs(log);
  const ask = askGraphAsGateway(graphs);
  const regions = keepRegions(log);
  return { graphs, ask, regions, places: createPlaces(ask, regions) };
}
