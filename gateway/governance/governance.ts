import type { GraphQLSchema } from 'graphql';
import type { Touch } from '../audit/record.ts';
import type { GatewayContext } from '../context.ts';
import type { Restrict } from '../execution/restriction.ts';
import type { Supergraph } from '../execution/supergraph.ts';
import type { Log } from '../log.ts';
import type { Touches } from '../response/audit-answers.ts';
import { type Agreements, keepAgreements } from './agreements.ts';
import { shapeOf } from './graph-shape.ts';
import { type AskGraph, keepRegions } from './regions.ts';
import { createRestrict } from './restrict.ts';
import { createRights } from './rights.ts';
import { createRowRules } from './row-rules.ts';
import { declaresSharing, readSharing } from './sharing.ts';

export type GovernanceOptions = {
  /** Without any, nothing conditional is seen by anybody but its owner. */
  readonly agreements?: Agreements | undefined;
  readonly ask: AskGraph;
  readonly log: Log;
};

export type Governance = {
  /** Enforces the `@sharing` of a supergraph; undefined for one that declares none, which is for everybody. */
  restrictBy(supergraph: Pick<Supergraph, 'sdl' | 'document' | 'publicSchema'>): Restrict | undefined;
  /** What an operation reads that carries a sharing class. */
  readonly touches: Touches;
  /** To be called when the graph can be asked. */
  start(graph: Pick<Supergraph, 'publicSchema'>): void;
  close(): void;
};

export function createGovernance({ agreements = keepAgreements(), ask, log }: GovernanceOptions): Governance {
  const regions = keepRegions(ask, log);
  const readers = new WeakMap<GraphQLSchema, (context: GatewayContext) => readonly Touch[]>();
  return {
    restrictBy({ sdl, document, publicSchema }) {
      if (!declaresSharing(sdl)) return undefined;
      const shape = shapeOf(publicSchema);
      const rowRules = createRowRules(publicSchema, shape, regions.isWithin);
      const ground = { sharing: readSharing(document), rowRules, shape };
      const { restrict, seenBy } = createRestrict(publicSchema, ground, createRights(ground, agreements));
      readers.set(publicSchema, seenBy);
      return restrict;
    },
    touches: ({ schema, context }) => readers.get(schema)?.(context) ?? [],
    start({ publicSchema }) {
      if (publicSchema.getQueryType()?.getFields().regions) regions.start();
    },
    close: regions.close,
  };
}
