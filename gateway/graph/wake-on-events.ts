import type { FollowEvents, WakeOn } from '../request/agency-events.ts';

type Followed = { readonly listeners: Set<Parameters<WakeOn>[1]>; readonly closing: AbortController };

/** Creates the function that wakes listeners by the events of agencies. All listeners of an agency share one stream of its outbox. */
export function wakeOnEvents(follow: FollowEvents): WakeOn {
  const followed = new Map<string, Followed>();

  async function run(agency: string, { listeners, closing: { signal } }: Followed): Promise<void> {
    while (!signal.aborted) {
      try {
        // Each event wakes, and so does a stream that begins: what came before it is unknown.
        for await (const { event } of follow(agency, undefined, signal)) {
          for (const wake of [...listeners]) wake(event);
        }
      } catch {
        // The events after its position were deleted: it begins anew.
      }
    }
  }

  return (agency, listener) => {
    let each = followed.get(agency);
    if (!each) {
      each = { listeners: new Set(), closing: new AbortController() };
      followed.set(agency, each);
      void run(agency, each);
    }
    const { listeners, closing } = each;
    listeners.add(listener);
    return () => {
      listeners.delete(listener);
      if (listeners.size > 0) return;
      closing.abort();
      if (followed.get(agency) === each) followed.delete(agency);
    };
  };
}
