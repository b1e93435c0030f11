/** Tells a person how far an export is. */
export type Progress = {
  at(rows: number, total: number | undefined): void;
  /** Says something that stays. */
  say(line: string): void;
};

type Terminal = { readonly isTTY?: boolean; write(text: string): unknown };

const refreshMs = { terminal: 200, lines: 10_000 };

/** On a terminal one line that changes, otherwise a line now and then. */
export function createProgress(
  terminal: Terminal,
  now: () => number = performance.now.bind(performance),
): Progress {
  const startedAt = now();
  let shownAt = terminal.isTTY ? 0 : startedAt;
  let first: number | undefined;
  const clear = terminal.isTTY ? '\r\x1b[2K' : '';
  return {
    at(rows, total) {
      first ??= rows;
      if (now() - shownAt < (terminal.isTTY ? refreshMs.terminal : refreshMs.lines)) return;
      shownAt = now();
      const perSecond = (rows - first) / Math.max((shownAt - startedAt) / 1000, 0.001);
      const left =
        total === undefined || perSecond === 0 ? '' : `, ${secondsText((total - rows) / perSecond)} left`;
      const of = total === undefined ? '' : ` of ${count(total)}`;
      terminal.write(
        `${clear}${count(rows)}${of} rows, ${count(Math.round(perSecond))} a second${left}${clear ? '' : '\n'}`,
      );
    },
    say(line) {
      terminal.write(`${clear}${line}\n`);
    },
  };
}

export const count = (value: number) => value.toLocaleString('en');

function secondsText(seconds: number): string {
  const whole = Math.max(0, Math.round(seconds));
  return whole < 90 ? `${whole} s` : `${Math.round(whole / 60)} min`;
}
