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
}

/** Tells a person how far work is. */
export interface ProgressLine {
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
  const end = () => {
    if (terminal.isTTY) terminal.write(clear);
  };
  return {
    report(progress) {
      const at = now();
      first ??= { ...progress, at };
      if (at - shownAt < (terminal.isTTY ? msBetweenFrames : msBetweenLines)) return;
      shownAt = at;
      const line = describe(progress, first, unit, (at - first.at) / 1_000);
      terminal.write(
        terminal.isTTY
          ? clear + line.slice(0, (terminal.columns ?? Number.POSITIVE_INFINITY) - 1)
          : `${line}\n`,
      );
    },
    say(line) {
      end();
      terminal.write(`${line}\n`);
    },
    end,
  };
}

/** What was there before the first report was not done now: it counts for neither rate nor time left. */
function describe(progress: Progress, first: Progress, unit: string, seconds: number): string {
  const { done, total, doing } = progress;
  const fraction = fractionOf(progress);
  const parts = [
    fraction === undefined ? '' : `${Math.floor(fraction * 100)} %  `,
    `${count(done)}${total === undefined ? '' : ` of ${count(total)}`} ${unit}`,
  ];
  if (seconds > 0) parts.push(`, ${count(Math.round((done - first.done) / Math.max(seconds, 1)))}/s`);
  const gained = (fraction ?? 0) - (fractionOf(first) ?? 0);
  if (fraction !== undefined && fraction < 1 && gained > 0.01)
    parts.push(`, about ${duration((seconds / gained) * (1 - fraction))} left`);
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
