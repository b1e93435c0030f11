import type { Log } from '../lib/log.ts';
import type { Restrict } from '../request/authorization.ts';
import { shapeOf } from '../supergraph/graph-shape.ts';
import { declaresSharing, readSharing } from '../supergraph/sharing.ts';
import type { Supergraph } from '../supergraph/supergraph.ts';
import { type Agreements, keepAgreements } from './agreements.ts';
import { type AskGraph, keepRegions, type Regions } from './regions.ts';
import { createRestrict } from './restrict.ts';
import { createRights } from './rights.ts';
import { createRowRules } from './row-rules.ts';

export type GovernanceOptions = {
  /** Without any, nothing conditional is seen by anybody but its owner. */
  readonly agreements?: Agreements | undefined;
  readonly log: Log;
};

export type Governance = {
  /** Enforces the `@sharing` of a supergraph; undefined for one that declares none, which is for everybody. */
  restrictBy(supergraph: Pick<Supergraph, 'sdl' | 'document' | 'publicSchema'>): Restrict | undefined;
  readonly regions: Pick<Regions, 'isRegion' | 'isWithin'>;
  /** Reads what it has to know from the graph, once that can be asked. */
  start(graph: Pick<Supergraph, 'publicSchema'>, ask: AskGraph): void;
  close(): void;
};

export function createGovernance({ agreements = keepAgreements(), log }: GovernanceOptions): Governance {
  const regions = keepRegions(log);
  return {
    regions,
    restrictBy({ sdl, document, publicSchema }) {
      if (!declaresSharing(sdl)) return undefined;
      const shape = shapeOf(publicSchema);
      const rowRules = createRowRules(publicSchema, shape, regions.isWithin);
      const ground = { sharing: readSharing(document), rowRules, shape };
      return createRestrict(publicSchema, ground, createRights(ground, agreements));
    },
    start({ publicSchema }, ask) {
      if (publicSchema.getQueryType()?.getFields().regions) regions.start(ask);
    },
    close: regions.close,
  };
}
