import type { GraphQLSchema } from 'graphql';
import type { Step } from '../http/step.ts';
import type { Log } from '../lib/log.ts';
import type { Graph } from './open-graph.ts';
import { planAhead } from './plan-ahead.ts';

/** The graph for new requests, and older ones until their last request has ended. */
export type GraphManager = {
  /** Graph for new requests. */
  readonly current: Graph;
  /** Keeps a graph in use and its successors open until the returned function is called. */
  hold(graph: Graph): () => void;
  /** Returns the graph whose public schema validated a request. */
  ofSchema(schema: GraphQLSchema): Graph;
  /** Calls `listener` with the current graph now, and with each later one. If it throws, the old graph stays. */
  announce(listener: (graph: Graph) => void): void;
  /** Makes `next` the graph of new requests. The old graph is closed after the last request that may use it. */
  replace(next: Graph): void;
  close(): Promise<void>;
};

type Generation = { readonly graph: Graph; holds: number };

/**
 * Creates a graph manager. A request may start with one graph and be validated by its successor, never the reverse. So
 * graphs are closed in order, each when no request that started with it or before it remains.
 */
export function manageGraphs(first: Graph, log: Log): GraphManager {
  const onCloseFailed = (cause: unknown) =>
    log.error({ cause }, 'A replaced supergraph could not be closed.');
  const retired: Generation[] = [];
  const listeners: ((graph: Graph) => void)[] = [];
  let isClosed = false;
  let generation: Generation = { graph: first, holds: 0 };

  function generationOf(graph: Graph): Generation {
    return retired.find((each) => each.graph === graph) ?? generation;
  }

  function closeRetired() {
    while (retired[0]?.holds === 0) retired.shift()?.graph.close().catch(onCloseFailed);
  }

  return {
    get current() {
      return generation.graph;
    },
    hold(graph) {
      const held = generationOf(graph);
      held.holds += 1;
      return () => {
        held.holds -= 1;
        closeRetired();
      };
    },
    ofSchema(schema) {
      const { graph } = generation;
      if (graph.supergraph.publicSchema === schema) return graph;
      return retired.find((each) => each.graph.supergraph.publicSchema === schema)?.graph ?? graph;
    },
    announce(listener) {
      listener(generation.graph);
      listeners.push(listener);
    },
    replace(graph) {
      for (const listener of listeners) listener(graph);
      const before = generation.graph;
      retired.push(generation);
      generation = { graph, holds: 0 };
      closeRetired();
      void planAhead(before.executor, graph.executor, () => generation.graph === graph && !isClosed);
    },
    async close() {
      isClosed = true;
      const graphs = [...retired, generation].map((each) => each.graph);
      retired.length = 0;
      await Promise.all(graphs.map((graph) => graph.close()));
    },
  };
}

/** Keeps the graph of a request open until its answer is sent. */
export const keepGraph =
  (graphs: GraphManager): Step =>
  async (incoming, next) => {
    const release = graphs.hold(graphs.current);
    try {
      return await next(incoming);
    } finally {
      release();
    }
  };
