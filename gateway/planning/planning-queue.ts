import { LRUCache } from 'lru-cache';
import { plannerBusy, planningSpent } from '../request/errors.ts';

/** What planning for one caller may take from others. */
export type PlanningLimits = {
  /** How long a task may wait for its turn. */
  readonly waitMs: number;
  /** How long planning for one payer may take in a minute. */
  readonly budgetMs: number;
};

/** Work on one of the workers, by its number; it ends early when `cut` aborts. */
type Work = (worker: number, cut: AbortSignal) => Promise<unknown>;

type Task = {
  readonly payer: string;
  readonly work: Work;
  readonly result: PromiseWithResolvers<unknown>;
  readonly budgetMs: number;
  readonly timer: NodeJS.Timeout;
};

type Running = { readonly payer: string; readonly startedAt: number; readonly cut: AbortController };

/** Of one payer. */
const maxWaiting = 64;

const windowMs = 60_000;

/** After this time a task keeps others from planning: a second worker goes on with them. */
const patienceMs = 250;
const workers = 2;

/** Who has used so much more than somebody who waits makes room for him. */
const fairMs = 1_000;

/** The gateway's own tasks cost nothing, are never refused for want of a budget, and are never cut off. */
export const own = '';

/**
 * Runs one task of each payer at a time, next that of who has used least in this minute. All run on the first worker,
 * unless what runs there takes long: so one caller alone holds up nobody. Several who hold all workers do neither: while somebody
 * waits who has used `fairMs` less, the task of who has used most is cut off.
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

  /** Of payers of whom none is running. */
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
