import type { Folders } from '@wenshu/schema/schema-types.ts';

const inSubgraphs = (name: string) => new URL(`../../subgraphs/${name}/`, import.meta.url);

/** Where the composition finds its members. The gateway itself answers the control plane. */
export const memberFolders: Folders = {
  enterprises: inSubgraphs('enterprises'),
  events: inSubgraphs('events'),
  parks: inSubgraphs('parks'),
  party: inSubgraphs('party'),
  policies: inSubgraphs('policies'),
  control: new URL('../control/', import.meta.url),
  kit: inSubgraphs('kit'),
};
