import { readFileSync } from 'node:fs';
import { aggregatesSdl, sharedAggregatesSdl } from './aggregates.ts';
import { relationSdl } from './relations.ts';
import { sharingSdl } from './sharing.ts';

/** The five agencies' subgraphs. */
export const subgraphNames = ['enterprises', 'events', 'parks', 'party', 'policies'] as const;
export type SubgraphName = (typeof subgraphNames)[number];

const read = (path: string) => readFileSync(new URL(path, import.meta.url), 'utf8');

/** What every subgraph says alike. */
export const commonSdl = () =>
  [read('./common.graphql'), sharingSdl, relationSdl, sharedAggregatesSdl].join('\n');

/** What one subgraph says itself. */
export const ownSdl = (name: SubgraphName) => read(`../subgraphs/${name}/schema.graphql`);

/** The aggregates of one subgraph's lists, made from what the lists can be filtered by. */
export const aggregatesOf = (name: SubgraphName) => aggregatesSdl(`${commonSdl()}\n${ownSdl(name)}`);

/** The whole schema of a subgraph. */
export const subgraphSdl = (name: SubgraphName) => `${commonSdl()}\n${ownSdl(name)}\n${aggregatesOf(name)}`;
