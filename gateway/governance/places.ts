import type { AskGraph, Regions } from './regions.ts';

/** Where things are, as the graph knows it. */
export type Places = Pick<Regions, 'isRegion' | 'isWithin'> & {
  /** The code of the region that an enterprise is in; null where none is known, undefined where there is no such enterprise. */
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
