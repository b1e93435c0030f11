import { createHash } from 'node:crypto';
import type { QueryPlan } from '@graphql-hive/router-query-planner';
import { LRUCache } from 'lru-cache';
import { plannerBusy } from './errors.ts';
import {
  PlannerDeath,
  type PlannerProcess,
  type PlannerQuestion,
  type PlannerTask,
  startPlannerProcess,
} from './planner-process.ts';

/**
 * Which fields have moved, for one request: `@override(label:)` moves a field from one
 * subgraph to another for some callers, or for a percentage of requests.
 */
export type Rollout = {
  readonly labels: ReadonlySet<string>;
  readonly percentage: number;
  /** Requests with the same key have the same plan. */
  readonly key: string;
};

export type Planner = {
  plan(source: string, operationName: string | undefined, rollout: Rollout): Promise<QueryPlan>;
  rollout(isActive: (label: string) => boolean): Rollout;
  close(): void;
};

const nothingMoves: Rollout = { labels: new Set(), percentage: 0, key: '' };

/**
 * Operations that ended the planner are remembered, so that nobody ends it with them over and over.
 * Not for ever: it may have been the machine that was slow.
 */
const fatalKept = { max: 1_000, ttl: 600_000 };

/**
 * Plans with the Rust planner of Hive Router, in a process that all graphs of this one share:
 * there a panic costs one operation, and a plan that takes forever can be given up.
 * Rejects with the planner's reason where it cannot use the supergraph.
 */
export async function openPlanner(supergraph: string, timeoutMs: number): Promise<Planner> {
  const load = { kind: 'load', graph: ++graphsOpened, supergraph } as const;
  const { graph } = load;
  const fatal = new LRUCache<string, PlannerDeath>(fatalKept);

  const { labels: allLabels, percentages: unsorted } = (await carryOut(load, load, timeoutMs)) as {
    readonly labels: readonly string[];
    readonly percentages: readonly number[];
  };
  const percentages = unsorted.toSorted((a, b) => a - b);
  const isStatic = percentages.length === 0 && allLabels.length === 0;

  return {
    async plan(source, operationName, { labels, percentage }) {
      const question: PlannerQuestion = { source, operationName, labels: [...labels], percentage };
      const hash = createHash('sha256').update(JSON.stringify(question)).digest('base64');
      const death = fatal.get(hash);
      if (death) throw death;
      try {
        return (await carryOut({ kind: 'plan', graph, ...question }, load, timeoutMs)) as QueryPlan;
      } catch (error) {
        if (error instanceof PlannerDeath) fatal.set(hash, error);
        throw error;
      }
    },
    rollout(isActive) {
      if (isStatic) return nothingMoves;
      const labels = allLabels.filter(isActive);
      const drawn = Math.random() * 100;
      // A field has moved when its percentage is above the number drawn, so each range plans alike.
      const percentage = percentages.findLast((each) => each <= drawn) ?? 0;
      return { labels: new Set(labels), percentage, key: [percentage, ...labels].join() };
    },
    close: () => current?.forget(graph),
  };
}

let graphsOpened = 0;

/** Started when it is first needed, and anew after it ended. */
let current: PlannerProcess | undefined;

/** One task at a time: so it is known which one the process died of. */
let lastTurn: Promise<unknown> = Promise.resolve();

function carryOut(task: PlannerTask, load: PlannerTask, timeoutMs: number): Promise<unknown> {
  const waitsSince = performance.now();
  const turn = lastTurn.then(() => {
    if (performance.now() - waitsSince > timeoutMs) throw plannerBusy();
    // A process can also be ended from outside: so a task gets a second try, in a new one.
    return tryOnce(task, load, timeoutMs).catch((error) => {
      if (error instanceof PlannerDeath && !error.isTimeout) return tryOnce(task, load, timeoutMs);
      throw error;
    });
  });
  lastTurn = turn.catch(() => {});
  return turn;
}

async function tryOnce(task: PlannerTask, load: PlannerTask, timeoutMs: number): Promise<unknown> {
  const process = startPlanner();
  if (process.graphs.has(load.graph)) return await process.ask(task, timeoutMs);
  const loaded = await process.ask(load, timeoutMs);
  process.graphs.add(load.graph);
  return task === load ? loaded : await process.ask(task, timeoutMs);
}

/** Starts the process, unless it runs. */
export function startPlanner(): PlannerProcess {
  if (current) return current;
  const started = startPlannerProcess(() => {
    if (current === started) current = undefined;
  });
  current = started;
  return started;
}
