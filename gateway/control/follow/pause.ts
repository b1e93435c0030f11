/** Waits that others can end early. */
export type Pause = {
  /** Waits for some time, or until `closing` aborts. If it may end early, `end` ends it, also when it was called since the last wait. */
  wait(longestMs: number, options: { readonly mayEndEarly: boolean }): Promise<void>;
  end(): void;
};

const nothing = () => {};

export function createPause(closing: AbortSignal): Pause {
  let isOver = false;
  let endEarly = nothing;
  let endNow = nothing;
  closing.addEventListener('abort', () => endNow());
  return {
    async wait(longestMs, { mayEndEarly }) {
      const { promise, resolve } = Promise.withResolvers<void>();
      const timer = setTimeout(resolve, longestMs);
      endNow = resolve;
      if (mayEndEarly) endEarly = resolve;
      if (closing.aborted || (mayEndEarly && isOver)) resolve();
      await promise;
      clearTimeout(timer);
      endEarly = nothing;
      isOver = false;
    },
    end() {
      isOver = true;
      endEarly();
    },
  };
}
