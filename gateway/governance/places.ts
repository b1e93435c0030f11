import type { AskGraph, Regions } from './regions.ts';

/** The locations that the graph knows. */
export type Places = Pick<Regions, 'isRegion' | 'isWithin'> & {
  /**
   * Resolves to the region code of an enterprise; null if it has no region, undefined if there is no such enterprise.
   */
  regionOfEnterprise(id: string): Promise<string | null | undefined>;
};

type Found = { readonly enterprise: { readonly region: { readonly code: string } | null } | null };

const query = `
  query HubEnterprise($id: ID!) {
    enterprise(id: $id) {
      region { code }
    }
  }`;

export const createPlaces = (
  ask: AskGraph,
  { isRegion, isWithin }: Pick<Regions, 'isRegion' | 'isWithin'>,
): Places => ({
  isRegion,
  isWithin,
  async regionOfEnterprise(id) {
    const { enterprise } = (await ask(query, { id })) as Found;
    return enterprise ? (enterprise.region?.code ?? null) : undefined;
  },
});
