import { readFileSync } from 'node:fs';
import { relationSdl } from './relations.ts';
import { sharingSdl } from './sharing.ts';

/** The five agencies' subgraphs. */
export const subgraphNames = ['enterprises', 'events', 'parks', 'party', 'policies'] as const;
export type SubgraphName = (typeof subgraphNames)[number];

const read = (path: string) => readFileSync(new URL(path, import.meta.url), 'utf8');

/** What every subgraph says alike. */
export const commonSdl = () => `${read('./common.graphql')}\n${sharingSdl}\n${relationSdl}`;

/** What one subgraph says itself. */
export const ownSdl = (name: SubgraphName) => read(`../subgraphs/${name}/schema.graphql`);

/** The whole schema of a subgraph. */
export const subgraphSdl = (name: SubgraphName) => `${commonSdl()}\n${ownSdl(name)}`;
