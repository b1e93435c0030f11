import { workflowTypes } from '@wenshu/schema/workflow-types.ts';
import type { AgencyEvent, WakeOn } from '../../request/agency-events.ts';

/** Wakes those who wait for events of agencies. It says that there may be some; who is woken asks the agencies as the caller whom it serves. */
export type Feed = {
  /** Begins to listen to events that `concerns` accepts. It is called without an event where any may have come. */
  listen(concerns?: (event: AgencyEvent) => boolean): Ear;
};

export type Ear = Disposable & {
  /** Resolves when something was heard since the last call, when `mostMs` have passed, or when the signal aborts. */
  heard(signal: AbortSignal | undefined, mostMs?: number): Promise<void>;
};

/** Creates a feed. However many listen, each agency's outbox is read once. */
export const createFeed = (agencies: readonly string[], wakeOn: WakeOn): Feed => ({
  listen(concerns = () => true) {
    let isHeard = true;
    let wake = () => {};
    const stops = agencies.map((agency) =>
      wakeOn(agency, (event) => {
        if (event && !concerns(event)) return;
        isHeard = true;
        wake();
      }),
    );
    return {
      async heard(signal, mostMs) {
        const { promise, resolve } = Promise.withResolvers<void>();
        wake = resolve;
        const timer = mostMs === undefined ? undefined : setTimeout(resolve, mostMs);
        const onAbort = () => resolve();
        signal?.addEventListener('abort', onAbort);
        if (!isHeard && !signal?.aborted) await promise;
        isHeard = false;
        clearTimeout(timer);
        signal?.removeEventListener('abort', onAbort);
      },
      [Symbol.dispose]: () => {
        for (const stop of stops) stop();
      },
    };
  },
});

/** The subgraphs with workflows, the control plane itself among them. */
export const agenciesWithEvents: readonly string[] = [...new Set<string>(Object.values(workflowTypes))];
