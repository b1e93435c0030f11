import { hash } from 'node:crypto';
import type { QueryPlan } from '@graphql-hive/router-query-planner';
import { LRUCache } from 'lru-cache';
import { type SomeValuesOf, withDefaults } from '../lib/setting.ts';
import { planningCut } from '../request/errors.ts';
import { shapeOf } from './operation-shape.ts';
import {
  PlannerDeath,
  type PlannerProcess,
  type PlannerQuestion,
  type PlannerTask,
  startPlannerProcess,
} from './planner-process.ts';
import { createPlanningQueue, own, type PlanningLimits } from './planning-queue.ts';
import { settings } from './settings.ts';

/**
 * The moved fields of one request: `@override(label:)` moves a field from one subgraph to another for some callers,
 * or for a percentage of requests.
 */
export type Rollout = {
  readonly labels: ReadonlySet<string>;
  readonly percentage: number;
  /** Requests with the same key have the same plan. */
  readonly key: string;
};

export type Planner = {
  plan(
    source: string,
    operationName: string | undefined,
    rollout: Rollout,
    asked?: PlanAsked,
  ): Promise<QueryPlan>;
  rollout(isActive: (label: string) => boolean): Rollout;
  close(): void;
};

export type PlanAsked = {
  /** The payer, to whom the planning time is charged; `''` for the gateway itself. */
  readonly payer: string;
  /** Returns the plan if another request made it while this one waited. */
  readonly known?: () => QueryPlan | undefined;
};

const nothingMoves: Rollout = { labels: new Set(), percentage: 0, key: '' };

/**
 * Operations that ended the planner are remembered, so that nobody can end it with them repeatedly. The memory
 * expires, because the machine may have been slow.
 */
const fatalKept = { max: 1_000, ttl: 600_000 };

/**
 * Opens the Rust planner of Hive Router, in a process that all graphs of this process share. There a panic costs one
 * operation, and a plan that takes forever can be stopped. Rejects with the planner's reason if it cannot use the
 * supergraph.
 */
export async function openPlanner(
  supergraph: string,
  given: SomeValuesOf<typeof settings> = {},
): Promise<Planner> {
  const { planTimeoutMs: timeoutMs, planBudgetMs: budgetMs } = withDefaults(settings, given);
  const limits = { waitMs: timeoutMs, budgetMs };
  const graph = hash('sha256', supergraph);
  const load = { kind: 'load', graph, supergraph } as const;
  const fatal = new LRUCache<string, PlannerDeath>(fatalKept);
  const shared = useGraph(graph, () => carryOut(load, load, timeoutMs, limits) as Promise<Overrides>);
  const { labels: allLabels, percentages: unsorted } = await shared.overrides;
  const percentages = unsorted.toSorted((a, b) => a - b);
  const isStatic = percentages.length === 0 && allLabels.length === 0;

  return {
    async plan(source, operationName, { labels, percentage }, { payer, known = () => undefined } = nobody) {
      const question: PlannerQuestion = { source, operationName, labels: [...labels], percentage };
      const exact = hashOf(question);
      // Copies with other aliases or values count as the same operation for the same payer only: another payer's copy
      // may be easier to plan.
      const ownShape = () => hashOf([payer, shapeOf(source), labels.size, percentage]);
      const death = fatal.get(exact) ?? (fatal.size > 0 ? fatal.get(ownShape()) : undefined);
      if (death) throw death;
      try {
        const task = { kind: 'plan', graph, ...question } as const;
        return (await carryOut(task, load, timeoutMs, limits, payer, known)) as QueryPlan;
      } catch (error) {
        if (error instanceof PlannerDeath) {
          fatal.set(exact, error);
          fatal.set(ownShape(), error);
        }
        throw error;
      }
    },
    rollout(isActive) {
      if (isStatic) return nothingMoves;
      const labels = allLabels.filter(isActive);
      const drawn = Math.random() * 100;
      // A field has moved if its percentage is above the drawn number, so all numbers of one range have the same
      // plan.
      const percentage = percentages.findLast((each) => each <= drawn) ?? 0;
      return { labels: new Set(labels), percentage, key: [percentage, ...labels].join() };
    },
    close: shared.release,
  };
}

const nobody: PlanAsked = { payer: own };

const hashOf = (value: unknown) => hash('sha256', JSON.stringify(value), 'base64');

/** The labels and percentages of `@override` in a supergraph. */
type Overrides = { readonly labels: readonly string[]; readonly percentages: readonly number[] };

/** The graphs in use, by the hash of their SDL. Graphs with the same SDL are loaded once. */
const graphsInUse = new Map<string, { users: number; readonly overrides: Promise<Overrides> }>();

/**
 * The time in milliseconds that a graph without users is kept, so that a restart or a return to it needs no loading.
 */
const unusedGraphMs = 30_000;

function useGraph(graph: string, load: () => Promise<Overrides>) {
  const used = graphsInUse.get(graph) ?? { users: 0, overrides: load() };
  graphsInUse.set(graph, used);
  used.users += 1;
  let isReleased = false;
  const forgetIfUnused = () => {
    if (used.users > 0 || graphsInUse.get(graph) !== used) return;
    graphsInUse.delete(graph);
    for (const process of processes) process?.forget(graph);
  };
  const release = () => {
    if (isReleased) return;
    isReleased = true;
    used.users -= 1;
    setTimeout(forgetIfUnused, unusedGraphMs).unref();
  };
  used.overrides.catch(() => graphsInUse.delete(graph));
  return { overrides: used.overrides, release };
}

/**
 * The planner processes. Each is started when it is first needed, and again after it ended. The second ends when it
 * is no longer needed.
 */
const processes: (PlannerProcess | undefined)[] = [];
const secondIdleMs = 30_000;
let secondIdle: NodeJS.Timeout | undefined;

/** Each process runs one task at a time, so that it is known which task ended it. */
const enqueue = createPlanningQueue();

function carryOut(
  task: PlannerTask,
  load: PlannerTask,
  timeoutMs: number,
  limits: PlanningLimits,
  payer: string = own,
  known: () => unknown = () => undefined,
): Promise<unknown> {
  const work = async (worker: number, cut: AbortSignal) => {
    const made = known();
    if (made !== undefined) return made;
    if (worker > 0) clearTimeout(secondIdle);
    cut.addEventListener('abort', () => processes[worker]?.close(), { once: true });
    try {
      return await tryOnce(worker, task, load, timeoutMs);
    } catch (error) {
      if (cut.aborted) throw planningCut();
      // A process can also be ended from outside, so a task is tried again in a new process.
      if (error instanceof PlannerDeath && !error.isTimeout)
        return await tryOnce(worker, task, load, timeoutMs);
      throw error;
    } finally {
      if (worker > 0) secondIdle = setTimeout(() => processes[worker]?.close(), secondIdleMs).unref();
    }
  };
  return enqueue(work, payer, limits);
}

async function tryOnce(
  worker: number,
  task: PlannerTask,
  load: PlannerTask,
  timeoutMs: number,
): Promise<unknown> {
  const process = startPlanner(worker);
  if (process.graphs.has(load.graph)) return await process.ask(task, timeoutMs);
  const loaded = await process.ask(load, timeoutMs);
  process.graphs.add(load.graph);
  return task === load ? loaded : await process.ask(task, timeoutMs);
}

/** Starts a planner process unless it runs; by default the first one. */
export function startPlanner(worker = 0): PlannerProcess {
  const running = processes[worker];
  if (running) return running;
  const started = startPlannerProcess(() => {
    if (processes[worker] === started) processes[worker] = undefined;
  });
  processes[worker] = started;
  return started;
}
