import type { HeldSnapshot } from '@wenshu/schema/snapshot.ts';
import type { GatewayContext } from '../request/context.ts';
import type { GuardedSubgraph } from '../upstream/subgraph.ts';

/** Time of the data of each subgraph that was read: ISO 8601, or null when it keeps no snapshots. */
export type AsOf = Readonly<Record<string, string | null>>;

/** Snapshots of one export: one for each subgraph, from the first call to it. */
export type HeldSnapshots = {
  /**
   * Returns the snapshot's id; undefined for a subgraph that keeps none. Rejects when it could not be held, then for
   * the whole export.
   */
  idOf(name: string, subgraph: GuardedSubgraph): Promise<string | undefined>;
  readonly asOf: AsOf;
};

/** Holds snapshots until `signal` aborts. Reports a snapshot that is lost before that. */
export function holdSnapshots(
  context: GatewayContext,
  signal: AbortSignal,
  onLost: (subgraph: string) => void,
): HeldSnapshots {
  const held = new Map<string, Promise<HeldSnapshot | undefined>>();
  const asOf: Record<string, string | null> = {};

  async function open(name: string, subgraph: GuardedSubgraph): Promise<HeldSnapshot | undefined> {
    const snapshot = await subgraph.openSnapshot?.(context, signal);
    asOf[name] = snapshot?.asOf ?? null;
    void snapshot?.ended.then(() => {
      if (!signal.aborted) onLost(name);
    });
    return snapshot;
  }

  return {
    async idOf(name, subgraph) {
      const known = held.get(name) ?? open(name, subgraph);
      held.set(name, known);
      return (await known)?.id;
    },
    asOf,
  };
}
