import { parse } from 'graphql';
import { listConnections } from './aggregates.ts';

/** Returns the field `completeness` for the connection of every list of a subgraph, as SDL that extends its own. */
export const completenessSdl = (subgraphSdl: string): string =>
  listConnections(parse(subgraphSdl, { noLocation: true }))
    .map(({ name, isShareable }) => completenessField(name, isShareable))
    .join('\n');

const completenessField = (connection: string, isShareable: boolean) =>
  `extend type ${connection}${isShareable ? ' @shareable' : ''} {
  "就所问的范围而言,记录是否齐全。 How complete the records are for what was asked."
  completeness: Completeness @cost(weight: 5)
}`;
