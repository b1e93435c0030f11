/** Sweeps that run from time to time, until they are stopped. */
export type Sweeping = {
  /** Stops, after the run that is under way. */
  stop(): Promise<void>;
};

/** Runs a sweep now, and again some time after each run. It keeps no process alive. */
export function startSweeping(
  run: () => Promise<unknown>,
  everyMs: number,
  onError: (error: unknown) => void,
): Sweeping {
  let isStopped = false;
  let timer: NodeJS.Timeout | undefined;
  let running: Promise<void> = Promise.resolve();
  const next = () => {
    running = run()
      .then(() => {}, onError)
      .finally(() => {
        if (!isStopped) timer = setTimeout(next, everyMs).unref();
      });
  };
  next();
  return {
    async stop() {
      isStopped = true;
      clearTimeout(timer);
      await running;
    },
  };
}
