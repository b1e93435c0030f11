import type { Log } from '../lib/log.ts';
import type { IsWithin } from './row-rules.ts';

/** Asks the graph in the hub's own name. Resolves to the data. */
export type AskGraph = (query: string, variables: Record<string, unknown>) => Promise<unknown>;

export type Regions = {
  readonly isWithin: IsWithin;
  /** Returns whether a region with this code exists; undefined while the regions are unknown. */
  isRegion(code: string): boolean | undefined;
  /** Starts to read the regions from the graph, now and at intervals. */
  start(ask: AskGraph): void;
  close(): void;
};

type Page = {
  readonly nodes: readonly { readonly code: string; readonly parent: { readonly code: string } | null }[];
  readonly pageInfo: { readonly endCursor: string | null; readonly hasNextPage: boolean };
};

const query = `
  query HubRegions($after: String) {
    regions(first: 500, after: $after) {
      nodes { code parent { code } }
      pageInfo { endCursor hasNextPage }
    }
  }`;

const refreshMs = 10 * 60_000;
const retryMs = 5_000;

/** Keeps the hierarchy of regions, which limits access. While it is unknown, nothing lies in any region. */
export function keepRegions(log: Log): Regions {
  let parents: ReadonlyMap<string, string | undefined> = new Map();
  let timer: NodeJS.Timeout | undefined;
  let isClosed = false;

  const refresh = async (ask: AskGraph) => {
    let wait = refreshMs;
    try {
      parents = await readParents(ask);
    } catch (cause) {
      wait = retryMs;
      log.warn(
        { cause },
        'The regions could not be read: rights that are limited to a region stay as they are.',
      );
    }
    if (!isClosed) timer = setTimeout(refresh, wait, ask).unref();
  };

  return {
    start: (ask) => void refresh(ask),
    isRegion: (code) => (parents.size === 0 ? undefined : parents.has(code)),
    isWithin(region, container) {
      let at: string | undefined = region;
      // A cycle of regions, which should not exist, must not hang the gateway.
      for (let steps = 0; at !== undefined && steps < 10; steps++) {
        if (at === container) return parents.has(container);
        at = parents.get(at);
      }
      return false;
    },
    close() {
      isClosed = true;
      clearTimeout(timer);
    },
  };
}

async function readParents(ask: AskGraph): Promise<ReadonlyMap<string, string | undefined>> {
  const parents = new Map<string, string | undefined>();
  let after: string | null = null;
  do {
    const data = (await ask(query, { after })) as { readonly regions: Page | null };
    if (!data.regions) throw new Error('The graph did not answer for its regions.');
    for (const { code, parent } of data.regions.nodes) parents.set(code, parent?.code);
    after = data.regions.pageInfo.hasNextPage ? data.regions.pageInfo.endCursor : null;
  } while (after !== null);
  return parents;
}
