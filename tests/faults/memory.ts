import { rssBytesOf } from '../support/process-figures.ts';
import type { Figure } from './scenario.ts';

const everyMs = 25;
const megabyte = 1024 * 1024;
const mostMegabytes = 150;

/** Watches the memory of a process. */
export interface MemoryWatch extends Disposable {
  /** What it has taken at most is from now on the measure. */
  settle(): void;
  /** How much it took at most beyond that measure. */
  figure(): Figure;
}

export function watchMemory(pid: number): MemoryWatch {
  let most = 0;
  let settled = 0;
  const look = () => {
    most = Math.max(most, rssBytesOf(pid));
  };
  const timer = setInterval(look, everyMs);
  return {
    settle() {
      look();
      settled = most;
    },
    figure() {
      look();
      const megabytes = Math.round((most - settled) / megabyte);
      return {
        name: 'memory',
        text: `+${megabytes} MB`,
        isMet: megabytes < mostMegabytes,
        why: `more than ${mostMegabytes} MB`,
      };
    },
    [Symbol.dispose]: () => clearInterval(timer),
  };
}
