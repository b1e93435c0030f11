import type { GraphQLSchema } from 'graphql';
import type { Step } from '../http/step.ts';
import type { Log } from '../lib/log.ts';
import type { Graph } from './open-graph.ts';
import { planAhead } from './plan-ahead.ts';

/** The graph that requests are answered from, and those before it until their last request has ended. */
export type GraphManager = {
  /** What new requests are answered from. */
  readonly current: Graph;
  /** Keeps every graph that `work` may come to use open until it has ended. */
  serve<T>(work: () => Promise<T>): Promise<T>;
  /** The graph whose public schema a request was validated against. */
  ofSchema(schema: GraphQLSchema): Graph;
  /** Told of the current graph now, and of each that succeeds it; where it throws, the old one stays. */
  announce(listener: (graph: Graph) => void): void;
  /** New requests get `next`; the old graph is closed after the last request that may use it. */
  replace(next: Graph): void;
  close(): Promise<void>;
};

type Generation = { readonly graph: Graph; running: number };

/**
 * A request may start under one graph and be validated against its successor, never the other way round:
 * so graphs are closed in their order, each when no request is left that started under it or before it.
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

/** Keeps the graph that a request may use open until the request has its answer. */
export const keepGraph =
  (graphs: GraphManager): Step =>
  (incoming, next) =>
    graphs.serve(async () => next(incoming));
