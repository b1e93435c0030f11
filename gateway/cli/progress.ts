/** How far a long piece of work is. */
export interface Progress {
  /** How many are done, of what `unit` says. */
  readonly done: number;
  /** How many there are in all, where that is known. */
  readonly total?: number | undefined;
  /** From 0 to 1; without it, what `done` is of `total`. */
  readonly fraction?: number;
  /** What is being done, in a few words. */
  readonly doing?: string;
  /** Nothing is done for so long. */
  readonly waits?: Waits | undefined;
}

type Waits = { readonly seconds: number; readonly for: string };

/** Tells a person how far work is. */
export interface ProgressLine {
  /** A wait is always told of, and counted down on a terminal until the next report. */
  report(progress: Progress): void;
  /** Says something that stays. */
  say(line: string): void;
  /** Leaves the terminal as it was. */
  end(): void;
}

type Terminal = { readonly isTTY?: boolean; readonly columns?: number; write(text: string): unknown };

const msBetweenFrames = 100;
const msBetweenLines = 5_000;
const clear = '\r\x1b[2K';

/**
 * Shows progress with rate and time left, from the first report on: on a terminal as one line that changes, elsewhere
 * as a plain line every few seconds. It goes to stderr, so that what a command prints can be piped.
 */
export function showProgress(
  unit: string,
  terminal: Terminal = process.stderr,
  now: () => number = performance.now.bind(performance),
): ProgressLine {
  let first: (Progress & { readonly at: number }) | undefined;
  let shownAt = terminal.isTTY ? Number.NEGATIVE_INFINITY : now();
  let countdown: NodeJS.Timeout | undefined;
  const show = (line: string) => {
    // A terminal that does not know how wide it is says 0.
    const width = (terminal.columns || Number.POSITIVE_INFINITY) - 1;
    terminal.write(terminal.isTTY ? clear + line.slice(0, width) : `${line}\n`);
  };
  const report = (progress: Progress) => {
    const { waits } = progress;
    // A line that says it waits must not stay when rows come.
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

/** The same, so much later: once a wait is over, it is not told of. */
function after(seconds: number, progress: Progress, waits: Waits): Progress {
  const left = waits.seconds - seconds;
  return { ...progress, waits: left > 0 ? { ...waits, seconds: left } : undefined };
}

/**
 * What was there before the first report was not done now: it counts for neither rate nor time left. A wait is time that
 * is taken already, so that what is left of the work, of which there will be more waits, does not seem quicker than it is.
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

/** `42 s` or `3 min 5 s`. */
export function duration(seconds: number): string {
  const whole = Math.round(seconds);
  return whole < 60 ? `${whole} s` : `${Math.floor(whole / 60)} min ${whole % 60} s`;
}
