import type { KnownCodes } from '@wenshu/schema/unknown-code.ts';
import type { Log } from '../lib/log.ts';
import type { Supergraph } from '../supergraph/supergraph.ts';
import type { IsWithin } from './row-rules.ts';

/** Asks the graph in the hub's own name. Resolves to the data. */
export type AskGraph = (query: string, variables: Record<string, unknown>) => Promise<unknown>;

export type Regions = {
  readonly isWithin: IsWithin;
  /** Returns whether a region with this code exists; undefined while the regions are unknown. */
  isRegion(code: string): boolean | undefined;
  /** Resolves to the names of all regions if none has this code; undefined if one has it, or if they cannot be read. */
  without(code: string, ask: AskGraph): Promise<KnownCodes | undefined>;
  /** Starts to read the regions from the graph, now and at intervals. */
  start(ask: AskGraph): void;
  close(): void;
};

type Page = {
  readonly nodes: readonly {
    readonly code: string;
    readonly nameZh: string;
    readonly parent: { readonly code: string } | null;
  }[];
  readonly pageInfo: { readonly endCursor: string | null; readonly hasNextPage: boolean };
};

const query = `
  query HubRegions($after: String) {
    regions(first: 500, after: $after) {
      nodes { code nameZh parent { code } }
      pageInfo { endCursor hasNextPage }
    }
  }`;

/** Whether a graph has regions to read. */
export const hasRegions = ({ publicSchema }: Pick<Supergraph, 'publicSchema'>): boolean =>
  publicSchema.getQueryType()?.getFields().regions !== undefined;

const refreshMs = 10 * 60_000;
const retryMs = 5_000;

/** How old the regions may be when a code is unknown. It may be that of a new region. */
const maxAgeMs = 10_000;

type Known = {
  readonly names: KnownCodes;
  readonly parents: ReadonlyMap<string, string | undefined>;
};

/** Keeps the hierarchy of regions, which limits access. While it is unknown, nothing lies in any region. */
export function keepRegions(log: Log): Regions {
  let { names, parents }: Known = { names: new Map(), parents: new Map() };
  let readAt = Number.NEGATIVE_INFINITY;
  let reading: Promise<boolean> | undefined;
  let timer: NodeJS.Timeout | undefined;
  let isClosed = false;

  /** Resolves to whether the regions could be read. Concurrent readers share one reading. */
  const read = (ask: AskGraph): Promise<boolean> => {
    reading ??= readRegions(ask)
      .then((known) => {
        ({ names, parents } = known);
        return true;
      })
      .catch((cause) => {
        log.warn(
          { cause },
          'The regions could not be read: rights that are limited to a region stay as they are.',
        );
        return false;
      })
      .finally(() => {
        readAt = performance.now();
        reading = undefined;
      });
    return reading;
  };

  const refresh = async (ask: AskGraph) => {
    const wait = (await read(ask)) ? refreshMs : retryMs;
    if (!isClosed) timer = setTimeout(refresh, wait, ask).unref();
  };

  return {
    start: (ask) => void refresh(ask),
    isRegion: (code) => (parents.size === 0 ? undefined : parents.has(code)),
    async without(code, ask) {
      if (names.has(code)) return undefined;
      if (performance.now() - readAt > maxAgeMs) await read(ask);
      return names.size === 0 || names.has(code) ? undefined : names;
    },
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

async function readRegions(ask: AskGraph): Promise<Known> {
  const names = new Map<string, string>();
  const parents = new Map<string, string | undefined>();
  let after: string | null = null;
  do {
    const data = (await ask(query, { after })) as { readonly regions: Page | null };
    if (!data.regions) throw new Error('The graph did not answer for its regions.');
    for (const { code, nameZh, parent } of data.regions.nodes) {
      names.set(code, nameZh);
      parents.set(code, parent?.code);
    }
    after = data.regions.pageInfo.hasNextPage ? data.regions.pageInfo.endCursor : null;
  } while (after !== null);
  return { names, parents };
}
