import type { GraphQLSchema } from 'graphql';
import type { Step } from '../http/step.ts';
import type { Log } from '../lib/log.ts';
import type { Supergraph } from '../supergraph/supergraph.ts';
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
  /** Returns its supergraph. */
  supergraphOf(schema: GraphQLSchema): Supergraph;
  /**
   * Calls `listener` with the current graph, and with each later one before it is used. A listener that throws must not
   * have changed anything.
   */
  announce(listener: (graph: Graph) => void): void;
  /**
   * Makes `next` the graph of new requests. An old graph is closed after the last request that may use it. If a
   * listener throws, the old graph stays, for all listeners, and `use` closes `next` and rejects.
   */
  use(next: Graph): Promise<void>;
  close(): Promise<void>;
};

type Generation = { readonly graph: Graph; holds: number };

/**
 * Creates a graph manager with its first graph. A request may start with one graph and be validated by its successor, never the reverse. So
 * graphs are closed in order, each when no request that started with it or before it remains.
 */
export function manageGraphs(first: Graph, log: Log): GraphManager {
  const onCloseFailed = (cause: unknown) => log.error({ cause }, 'A supergraph could not be closed.');
  const retired: Generation[] = [];
  const listeners: ((graph: Graph) => void)[] = [];
  let isClosed = false;
  let newest: Generation = { graph: first, holds: 0 };

  const generationOf = (graph: Graph) => retired.find((each) => each.graph === graph) ?? newest;

  function ofSchema(schema: GraphQLSchema): Graph {
    const { graph } = newest;
    if (graph.supergraph.publicSchema === schema) return graph;
    return retired.find((each) => each.graph.supergraph.publicSchema === schema)?.graph ?? graph;
  }

  function closeRetired() {
    while (retired[0]?.holds === 0) retired.shift()?.graph.close().catch(onCloseFailed);
  }

  /** No request comes in between, so none finds a listener with another graph than the rest. */
  function announceToAll(graph: Graph) {
    const informed: typeof listeners = [];
    try {
      for (const listener of listeners) {
        listener(graph);
        informed.push(listener);
      }
    } catch (cause) {
      for (const listener of informed) listener(newest.graph);
      throw cause;
    }
  }

  return {
    get current() {
      return newest.graph;
    },
    hold(graph) {
      const held = generationOf(graph);
      held.holds += 1;
      return () => {
        held.holds -= 1;
        closeRetired();
      };
    },
    ofSchema,
    supergraphOf: (schema) => ofSchema(schema).supergraph,
    announce(listener) {
      listener(newest.graph);
      listeners.push(listener);
    },
    async use(graph) {
      try {
        if (isClosed) throw new Error('The gateway has stopped.');
        announceToAll(graph);
      } catch (cause) {
        await graph.close().catch(onCloseFailed);
        throw cause;
      }
      const before = newest;
      newest = { graph, holds: 0 };
      retired.push(before);
      closeRetired();
      const isCurrent = () => newest.graph === graph && !isClosed;
      void planAhead(before.graph.executor, graph.executor, isCurrent);
    },
    async close() {
      isClosed = true;
      const open = [...retired.splice(0), newest];
      await Promise.all(open.map(({ graph }) => graph.close()));
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
