/** How far a long piece of work is. */
export interface Progress {
  /** What is being done, in a few words. */
  readonly doing: string;
  /** How many are done, of what `unit` says. */
  readonly done: number;
  /** From 0 to 1. */
  readonly fraction: number;
}

const msBetweenFrames = 100;
const msBetweenLines = 5_000;

/**
 * Shows progress with rate and time left: on a terminal as one line that changes, elsewhere as a plain line every few
 * seconds. It goes to stderr, so that what a command prints can be piped.
 */
export function showProgress(unit: string, stream: NodeJS.WriteStream = process.stderr) {
  const startedAt = performance.now();
  let shownAt = Number.NEGATIVE_INFINITY;
  return {
    report(progress: Progress) {
      const now = performance.now();
      if (now - shownAt < (stream.isTTY ? msBetweenFrames : msBetweenLines)) return;
      shownAt = now;
      const line = describe(progress, unit, (now - startedAt) / 1_000);
      stream.write(stream.isTTY ? `\r\x1b[2K${line.slice(0, stream.columns - 1)}` : `${line}\n`);
    },
    /** Leaves the terminal as it was. */
    end() {
      if (stream.isTTY) stream.write('\r\x1b[2K');
    },
  };
}

function describe({ doing, done, fraction }: Progress, unit: string, seconds: number): string {
  const rate = Math.round(done / Math.max(seconds, 1));
  const left =
    fraction > 0.01 && fraction < 1 ? `, about ${duration((seconds / fraction) * (1 - fraction))} left` : '';
  return `${Math.floor(fraction * 100)} %  ${done.toLocaleString('en')} ${unit}, ${rate.toLocaleString('en')}/s${left}  ${doing}`;
}

/** `42 s` or `3 min 5 s`. */
export function duration(seconds: number): string {
  const whole = Math.round(seconds);
  return whole < 60 ? `${whole} s` : `${Math.floor(whole / 60)} min ${whole % 60} s`;
}
