import type { GraphQLSchema } from 'graphql';
import type { Step } from '../http/step.ts';
import type { Log } from '../lib/log.ts';
import type { Graph } from './open-graph.ts';
import { planAhead } from './plan-ahead.ts';

/** The graph for new requests, and older ones until their last request has ended. */
export type GraphManager = {
  /** Graph for new requests. */
  readonly current: Graph;
  /** Keeps every graph that `work` may use open until it has ended. */
  serve<T>(work: () => Promise<T>): Promise<T>;
  /** Returns the graph whose public schema validated a request. */
  ofSchema(schema: GraphQLSchema): Graph;
  /** Calls `listener` with the current graph now, and with each later one. If it throws, the old graph stays. */
  announce(listener: (graph: Graph) => void): void;
  /** Makes `next` the graph of new requests. The old graph is closed after the last request that may use it. */
  replace(next: Graph): void;
  close(): Promise<void>;
};

type Generation = { readonly graph: Graph; running: number };

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
  let generation: Generation = { graph: first, running: 0 };

  function closeRetired() {
    while (retired[0]?.running === 0) retired.shift()?.graph.close().catch(onCloseFailed);
  }

  return {
    get current() {
      return generation.graph;
    },
    async serve(work) {
      const started = generation;
      started.running += 1;
      try {
        return await work();
      } finally {
        started.running -= 1;
        closeRetired();
      }
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
      generation = { graph, running: 0 };
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
  (incoming, next) =>
    graphs.serve(async () => next(incoming));
