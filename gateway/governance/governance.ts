import type { Log } from '../lib/log.ts';
import type { Authorize } from '../request/authorization.ts';
import { shapeOf } from '../supergraph/graph-shape.ts';
import { declaresSharing, readSharing } from '../supergraph/sharing.ts';
import type { Supergraph } from '../supergraph/supergraph.ts';
import { createAccessPolicies } from './access-policy.ts';
import { type Agreements, keepAgreements } from './agreements.ts';
import { createAuthorize } from './authorize.ts';
import { type AskGraph, keepRegions, type Regions } from './regions.ts';
import { createRowRules } from './row-rules.ts';

export type GovernanceOptions = {
  /** Without any, nothing conditional is seen by anybody but its owner. */
  readonly agreements?: Agreements | undefined;
  readonly log: Log;
};

export type Governance = {
  /** Enforces the `@sharing` of a supergraph; undefined for one that declares none, which is for everybody. */
  authorizeBy(supergraph: Pick<Supergraph, 'sdl' | 'document' | 'publicSchema'>): Authorize | undefined;
  readonly regions: Pick<Regions, 'isRegion' | 'isWithin'>;
  /** Reads what it has to know from the graph, once that can be asked. */
  start(graph: Pick<Supergraph, 'publicSchema'>, ask: AskGraph): void;
  close(): void;
};

export function createGovernance({ agreements = keepAgreements(), log }: GovernanceOptions): Governance {
  const regions = keepRegions(log);
  return {
    regions,
    authorizeBy({ sdl, document, publicSchema }) {
      if (!declaresSharing(sdl)) return undefined;
      const shape = shapeOf(publicSchema);
      const rowRules = createRowRules(publicSchema, shape, regions.isWithin);
      const model = { sharing: readSharing(document), rowRules, shape };
      return createAuthorize(publicSchema, model, createAccessPolicies(model, agreements));
    },
    start({ publicSchema }, ask) {
      if (publicSchema.getQueryType()?.getFields().regions) regions.start(ask);
    },
    close: regions.close,
  };
}
