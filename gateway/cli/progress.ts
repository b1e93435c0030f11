/** Progress of a long task. */
export interface Progress {
  /** Number of finished `unit`s. */
  readonly done: number;
  /** Total number; undefined when unknown. */
  readonly total?: number | undefined;
  /** Progress from 0 to 1. Default: `done` divided by `total`. */
  readonly fraction?: number;
  /** Short description of the current step. */
  readonly doing?: string;
  /** A pause in which nothing is done. */
  readonly waits?: Waits | undefined;
}

type Waits = { readonly seconds: number; readonly for: string };

/** Line that shows the progress of a task. */
export interface ProgressLine {
  /** Shows progress. A wait is always shown, and counted down on a terminal until the next report. */
  report(progress: Progress): void;
  /** Prints a line that stays. */
  say(line: string): void;
  /** Restores the terminal. */
  end(): void;
}

export type Terminal = { readonly isTTY?: boolean; readonly columns?: number; write(text: string): unknown };

const msBetweenFrames = 100;
const msBetweenLines = 5_000;
const clear = '\r\x1b[2K';

/**
 * Shows progress with rate and remaining time: on a terminal as one line that changes, elsewhere as a plain line every
 * few seconds. It writes to stderr, so that the output of a command can be piped.
 */
export function showProgress(
  unit: string,
  terminal: Terminal,
  now: () => number = performance.now.bind(performance),
): ProgressLine {
  let first: (Progress & { readonly at: number }) | undefined;
  let shownAt = terminal.isTTY ? Number.NEGATIVE_INFINITY : now();
  let countdown: NodeJS.Timeout | undefined;
  const show = (line: string) => {
    // A terminal of unknown width reports 0.
    const width = (terminal.columns || Number.POSITIVE_INFINITY) - 1;
    terminal.write(terminal.isTTY ? clear + line.slice(0, width) : `${line}\n`);
  };
  const report = (progress: Progress) => {
    const { waits } = progress;
    // A line that announces a wait must go when rows arrive.
    const isNews = waits !== undefined || countdown !== undefined;
    clearTimeout(countdown);
    countdown = undefined;
    const at = now();
    first ??= { ...progress, at };
    if (!isNews && at - shownAt < (terminal.isTTY ? msBetweenFrames : msBetweenLines)) return;
    shownAt = at;
    show(describe(progress, first, unit, (at - first.at) / 1_000));
    if (!waits || !terminal.isTTY) return;
    const tick = () => report(after((now() - at) / 1_000, progress, waits));
    countdown = setTimeout(tick, 1_000).unref();
  };
  const end = () => {
    clearTimeout(countdown);
    if (terminal.isTTY) terminal.write(clear);
  };
  return {
    report,
    say(line) {
      end();
      terminal.write(`${line}\n`);
    },
    end,
  };
}

/** Returns the progress some seconds later. A wait that is over is removed. */
function after(seconds: number, progress: Progress, waits: Waits): Progress {
  const left = waits.seconds - seconds;
  return { ...progress, waits: left > 0 ? { ...waits, seconds: left } : undefined };
}

/**
 * Describes progress. What was done before the first report counts for neither rate nor remaining time. Waits count as
 * elapsed time: more of them will come, so leaving them out would make the remaining time too short.
 */
function describe(progress: Progress, first: Progress, unit: string, secondsSoFar: number): string {
  const { done, total, doing, waits } = progress;
  const waitSeconds = waits?.seconds ?? 0;
  const seconds = secondsSoFar + waitSeconds;
  const fraction = fractionOf(progress);
  const parts = [
    fraction === undefined ? '' : `${Math.floor(fraction * 100)} %  `,
    `${count(done)}${total === undefined ? '' : ` of ${count(total)}`} ${unit}`,
  ];
  if (waits) parts.push(`, waits ${duration(waits.seconds)} for ${waits.for}`);
  else if (seconds > 0) parts.push(`, ${count(Math.round((done - first.done) / Math.max(seconds, 1)))}/s`);
  const gained = (fraction ?? 0) - (fractionOf(first) ?? 0);
  if (fraction !== undefined && fraction < 1 && gained > 0.01)
    parts.push(`, about ${duration(waitSeconds + (seconds / gained) * (1 - fraction))} left`);
  if (doing) parts.push(`  ${doing}`);
  return parts.join('');
}

const fractionOf = ({ done, total, fraction }: Progress): number | undefined =>
  fraction ?? (total ? Math.min(done / total, 1) : undefined);

export const count = (value: number): string => value.toLocaleString('en');

/** Formats a duration: `42 s` or `3 min 5 s`. */
export function duration(seconds: number): string {
  const whole = Math.round(seconds);
  return whole < 60 ? `${whole} s` : `${Math.floor(whole / 60)} min ${whole % 60} s`;
}
