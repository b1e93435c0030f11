import { readdirSync, readFileSync, writeFileSync } from 'node:fs';

/** Processor time that the threads of a process have used so far, user and system. Linux only. */
export const cpuSecondsOf = (pid: number): number =>
  readdirSync(`/proc/${pid}/task`)
    .map((thread) => Number(readFileSync(`/proc/${pid}/task/${thread}/schedstat`, 'utf8').split(' ')[0]))
    .reduce((sum, nanoseconds) => sum + nanoseconds, 0) / 1e9;

/** The same of a process with all that it started, those that have ended included (to a hundredth of a second). Linux only. */
export function cpuSecondsOfTree(pid: number): number {
  const childrenOf = Map.groupBy(
    readdirSync('/proc').filter(isNumber).flatMap(statOf),
    ({ parent }) => parent,
  );
  const ended = (id: number) => statOf(String(id)).reduce((sum, { endedSeconds }) => sum + endedSeconds, 0);
  const sum = (id: number): number =>
    (childrenOf.get(id) ?? []).reduce((total, child) => total + sum(child.pid), cpuIfRunning(id) + ended(id));
  return sum(pid);
}

const isNumber = (name: string) => /^\d+$/.test(name);

/** Returns undefined for a process that has just ended. */
function statOf(pid: string) {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return [
      {
        pid: Number(pid),
        parent: Number(fields[1]),
        endedSeconds: (Number(fields[13]) + Number(fields[14])) / 100,
      },
    ];
  } catch {
    return [];
  }
}

function cpuIfRunning(pid: number): number {
  try {
    return cpuSecondsOf(pid);
  } catch {
    return 0;
  }
}

/** Memory that a process holds now. */
export const rssBytesOf = (pid: number): number => bytesOf(pid, 'VmRSS');

/** The most memory that a process held since `forgetPeakRss`, or since it began. */
export const peakRssBytesOf = (pid: number): number => bytesOf(pid, 'VmHWM');

/** https://www.kernel.org/doc/html/latest/filesystems/proc.html#proc-pid-clear-refs */
export const forgetPeakRss = (pid: number): void => writeFileSync(`/proc/${pid}/clear_refs`, '5');

function bytesOf(pid: number, line: 'VmRSS' | 'VmHWM'): number {
  const status = readFileSync(`/proc/${pid}/status`, 'utf8');
  return Number(status.match(new RegExp(`^${line}:\\s+(\\d+) kB`, 'm'))?.[1]) * 1024;
}
