import { LRUCache } from 'lru-cache';
import { plannerBusy, planningSpent } from '../request/errors.ts';

/** The limits of planning for one payer. */
export type PlanningLimits = {
  /** The time in milliseconds that a task may wait. */
  readonly waitMs: number;
  /** The planning time in milliseconds of one payer in a minute. */
  readonly budgetMs: number;
};

/** Runs on the worker with this number. It ends early when `cut` aborts. */
type Work = (worker: number, cut: AbortSignal) => Promise<unknown>;

type Task = {
  readonly payer: string;
  readonly work: Work;
  readonly result: PromiseWithResolvers<unknown>;
  readonly budgetMs: number;
  readonly timer: NodeJS.Timeout;
};

type Running = { readonly payer: string; readonly startedAt: number; readonly cut: AbortController };

/** The number of tasks of one payer that may wait. */
const maxWaiting = 64;

const windowMs = 60_000;

/** The time in milliseconds after which a running task counts as long, so that a second worker runs the others. */
const patienceMs = 250;
const workers = 2;

/** A payer that has used this many milliseconds more than one that waits is cut off for it. */
const fairMs = 1_000;

/** The payer of the gateway's own tasks. They are free, are never refused for their budget, and are never cut off. */
export const own = '';

/**
 * Creates the planning queue. It runs one task of each payer at a time; next is the payer that has used least in this
 * minute. All tasks run on the first worker unless its task takes long, so that one payer alone delays nobody. When
 * several payers occupy all workers, and a payer waits that has used `fairMs` less, the task of the payer that has
 * used most is cut off.
 */
export function createPlanningQueue() {
  const waiting = new Set<Task>();
  const running = new Map<number, Running>();
  const spent = new LRUCache<string, number>({ max: 10_000, ttl: windowMs, noUpdateTTL: true });
  let impatience: NodeJS.Timeout | undefined;

  const usedBy = (payer: string) => (payer === own ? 0 : (spent.get(payer) ?? 0));
  const usedWith = ({ payer, startedAt }: Running) =>
    payer === own ? 0 : usedBy(payer) + performance.now() - startedAt;
  const isSpent = ({ payer, budgetMs }: Pick<Task, 'payer' | 'budgetMs'>) =>
    payer !== own && usedBy(payer) >= budgetMs;

  /** Finds the next task among payers without a running task. */
  function findNext(): Task | undefined {
    const areBusy = new Set([...running.values()].map(({ payer }) => payer));
    let next: Task | undefined;
    for (const task of waiting) {
      if (areBusy.has(task.payer)) continue;
      if (!next || usedBy(task.payer) < usedBy(next.payer)) next = task;
    }
    return next;
  }

  function freeWorker(): number | undefined {
    const now = performance.now();
    const areSlow = [...running.values()].every(({ startedAt }) => now - startedAt >= patienceMs);
    if (running.size > 0 && !areSlow) return undefined;
    return Array.from({ length: workers }, (_, i) => i).find((worker) => !running.has(worker));
  }

  function arrange() {
    clearTimeout(impatience);
    for (let next = findNext(); next; next = findNext()) {
      const worker = freeWorker();
      if (worker === undefined) {
        makeRoomFor(next);
        impatience = setTimeout(arrange, patienceMs + 1);
        return;
      }
      waiting.delete(next);
      clearTimeout(next.timer);
      if (isSpent(next)) next.result.reject(refusalFor(next.payer));
      else void run(next, worker);
    }
  }

  function makeRoomFor({ payer }: Task) {
    if (running.size < workers) return;
    const [most] = [...running.values()].toSorted((a, b) => usedWith(b) - usedWith(a));
    if (most && usedWith(most) >= usedBy(payer) + fairMs) most.cut.abort();
  }

  async function run({ payer, work, result }: Task, worker: number) {
    const startedAt = performance.now();
    const cut = new AbortController();
    running.set(worker, { payer, startedAt, cut });
    await work(worker, cut.signal).then(result.resolve, result.reject);
    running.delete(worker);
    spent.set(payer, (spent.get(payer) ?? 0) + performance.now() - startedAt);
    arrange();
  }

  const refusalFor = (payer: string) =>
    planningSpent(Math.max(1, Math.ceil(spent.getRemainingTTL(payer) / 1_000)));

  return (work: Work, payer: string, { waitMs, budgetMs }: PlanningLimits): Promise<unknown> => {
    if (isSpent({ payer, budgetMs })) return Promise.reject(refusalFor(payer));
    const ownWaiting = [...waiting].filter((task) => task.payer === payer).length;
    if (payer !== own && ownWaiting >= maxWaiting) return Promise.reject(plannerBusy());
    const result = Promise.withResolvers<unknown>();
    const timer = setTimeout(() => {
      waiting.delete(task);
      result.reject(plannerBusy());
    }, waitMs);
    const task: Task = { payer, work, result, budgetMs, timer };
    waiting.add(task);
    arrange();
    return result.promise;
  };
}
