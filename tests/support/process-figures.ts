import { readdirSync, readFileSync, writeFileSync } from 'node:fs';

/** Processor time that the threads of a process have used so far, user and system. Linux only. */
export const cpuSecondsOf = (pid: number): number =>
  readdirSync(`/proc/${pid}/task`)
    .map((thread) => Number(readFileSync(`/proc/${pid}/task/${thread}/schedstat`, 'utf8').split(' ')[0]))
    .reduce((sum, nanoseconds) => sum + nanoseconds, 0) / 1e9;

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
