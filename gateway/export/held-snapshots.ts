import type { HeldSnapshot } from '@wenshu/schema/snapshot.ts';
import type { GatewayContext } from '../request/context.ts';
import type { GuardedSubgraph } from '../upstream/subgraph.ts';

/** Of each subgraph that was read, when its rows were as they were read: ISO 8601, or null where it keeps no snapshots. */
export type AsOf = Readonly<Record<string, string | null>>;

/** The snapshots that one export reads: of each subgraph one, from its first call on. */
export type HeldSnapshots = {
  /** Undefined for a subgraph that keeps none. Rejects where it could not be held; then it cannot for the whole export. */
  idOf(name: string, subgraph: GuardedSubgraph): Promise<string | undefined>;
  readonly asOf: AsOf;
};

/** Holds until `signal` aborts; tells where one is let go before that. */
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
