import { readFileSync, writeFileSync } from 'node:fs';

/** The kernel counts processor time for user space in hundredths of a second. */
const ticksPerSecond = 100;

/** Processor time that a process has used so far, all threads, user and system. Linux only. */
export function cpuSecondsOf(pid: number): number {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
  // The second field is the name in brackets, which may hold blanks; user and system are the 14th and 15th.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return (Number(fields[11]) + Number(fields[12])) / ticksPerSecond;
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
