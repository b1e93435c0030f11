import { LRUCache } from 'lru-cache';
import { plannerBusy, planningSpent } from '../request/errors.ts';

/** What planning for one caller may take from others. */
export type PlanningLimits = {
  /** How long a task may wait for its turn. */
  readonly waitMs: number;
  /** How long planning for one account may take in a minute. */
  readonly budgetMs: number;
};

/** Work on one of the workers, by its number. */
type Work = (worker: number) => Promise<unknown>;

type Task = {
  readonly account: string;
  readonly work: Work;
  readonly result: PromiseWithResolvers<unknown>;
  readonly budgetMs: number;
  readonly timer: NodeJS.Timeout;
};

/** Of one account. */
const maxWaiting = 64;

const windowMs = 60_000;

/** After this time a task keeps others from planning: a second worker goes on with them. */
const patienceMs = 250;
const workers = 2;

/** The gateway's own tasks are never refused for want of a budget. */
const own = '';

/**
 * Takes tasks of accounts in turn, one of each at a time. All run on the first worker, unless what runs there takes long:
 * so one caller alone holds up nobody.
 */
export function createPlanningQueue() {
  /** In the order of their turn. */
  const waiting = new Map<string, Task[]>();
  const running = new Map<number, { readonly account: string; readonly startedAt: number }>();
  const spent = new LRUCache<string, number>({ max: 10_000, ttl: windowMs, noUpdateTTL: true });

  const isSpent = (account: string, budgetMs: number) =>
    account !== own && (spent.get(account) ?? 0) >= budgetMs;

  function leave(task: Task) {
    const others = (waiting.get(task.account) ?? []).filter((each) => each !== task);
    if (others.length > 0) waiting.set(task.account, others);
    else waiting.delete(task.account);
  }

  /** Of the account whose turn it is; that goes to the end of the line. */
  function takeNext(): Task | undefined {
    const isBusy = new Set([...running.values()].map(({ account }) => account));
    for (const [account, tasks] of waiting) {
      const [task, ...rest] = tasks;
      if (!task || isBusy.has(account)) continue;
      waiting.delete(account);
      if (rest.length > 0) waiting.set(account, rest);
      return task;
    }
    return undefined;
  }

  function freeWorker(): number | undefined {
    const now = performance.now();
    const areSlow = [...running.values()].every(({ startedAt }) => now - startedAt >= patienceMs);
    if (running.size > 0 && !areSlow) return undefined;
    return Array.from({ length: workers }, (_, i) => i).find((worker) => !running.has(worker));
  }

  function startNext() {
    for (let worker = freeWorker(); worker !== undefined; worker = freeWorker()) {
      const task = takeNext();
      if (!task) return;
      clearTimeout(task.timer);
      if (isSpent(task.account, task.budgetMs)) task.result.reject(refusalFor(task.account));
      else void run(task, worker);
    }
  }

  async function run({ account, work, result }: Task, worker: number) {
    const startedAt = performance.now();
    running.set(worker, { account, startedAt });
    const impatience = setTimeout(startNext, patienceMs + 1);
    await work(worker).then(result.resolve, result.reject);
    clearTimeout(impatience);
    running.delete(worker);
    spent.set(account, (spent.get(account) ?? 0) + performance.now() - startedAt);
    startNext();
  }

  const refusalFor = (account: string) =>
    planningSpent(Math.max(1, Math.ceil(spent.getRemainingTTL(account) / 1_000)));

  return (
    work: Work,
    account: string | undefined,
    { waitMs, budgetMs }: PlanningLimits,
  ): Promise<unknown> => {
    const whose = account ?? own;
    if (isSpent(whose, budgetMs)) return Promise.reject(refusalFor(whose));
    const tasks = waiting.get(whose) ?? [];
    if (whose !== own && tasks.length >= maxWaiting) return Promise.reject(plannerBusy());
    const result = Promise.withResolvers<unknown>();
    const timer = setTimeout(() => {
      leave(task);
      result.reject(plannerBusy());
    }, waitMs);
    const task: Task = { account: whose, work, result, budgetMs, timer };
    waiting.set(whose, [...tasks, task]);
    startNext();
    return result.promise;
  };
}
