import { execFileSync } from 'node:child_process';
import { poll } from './poll.ts';

function listProcesses() {
  const text = execFileSync('ps', ['-A', '-o', 'pid=,ppid=,stat=,time=,args='], { encoding: 'utf8' });
  return text.split('\n').flatMap((line) => {
    const [pid, parent, state, cpu, ...command] = line.trim().split(/\s+/);
    // A zombie has ended; only nobody has asked after it yet.
    if (!cpu || state?.startsWith('Z')) return [];
    return {
      pid: Number(pid),
      parent: Number(parent),
      cpuSeconds: secondsOf(cpu),
      command: command.join(' '),
    };
  });
}

/** `00:01:02` or `1:02.34` */
const secondsOf = (time: string) => time.split(':').reduce((sum, part) => sum * 60 + Number(part), 0);

/** The process that plans for the gateways in process `parent`, awaited. */
export const plannerOf = (parent: number): Promise<number> =>
  poll(
    () =>
      listProcesses().find((each) => each.parent === parent && each.command.includes('planner-child'))?.pid,
  );

/** More of the processor's time than it takes to start. */
const busySeconds = 1;

export const untilBusy = (pid: number): Promise<true> =>
  poll(() => listProcesses().some((each) => each.pid === pid && each.cpuSeconds >= busySeconds) || undefined);

export const untilEnded = (pid: number): Promise<true> =>
  poll(() => (listProcesses().some((each) => each.pid === pid) ? undefined : true));
