import type { Authorize } from '../request/authorization.ts';
import { shapeOf } from '../supergraph/graph-shape.ts';
import { declaresSharing, readSharing } from '../supergraph/sharing.ts';
import type { Supergraph } from '../supergraph/supergraph.ts';
import { createAccessPolicies } from './access-policy.ts';
import { type Agreements, keepAgreements } from './agreements.ts';
import { createAuthorize } from './authorize.ts';
import type { AskGraph, Regions } from './regions.ts';
import { RowRules } from './row-rules.ts';

export type GovernanceOptions = {
  /** The agreements in force. Without them only its owner sees conditional data. */
  readonly agreements?: Agreements | undefined;
  readonly regions: Regions;
};

export type Governance = {
  /** Creates the authorization for the `@sharing` of a supergraph; undefined if it declares none and is public. */
  authorizeBy(supergraph: Pick<Supergraph, 'sdl' | 'document' | 'publicSchema'>): Authorize | undefined;
  /** Starts to read the regions from the graph, when the graph can answer. */
  start(graph: Pick<Supergraph, 'publicSchema'>, ask: AskGraph): void;
  close(): void;
};

export function createGovernance({ agreements = keepAgreements(), regions }: GovernanceOptions): Governance {
  return {
    authorizeBy({ sdl, document, publicSchema }) {
      if (!declaresSharing(sdl)) return undefined;
      const shape = shapeOf(publicSchema);
      const rowRules = new RowRules(publicSchema, shape, regions.isWithin);
      const model = { sharing: readSharing(document), rowRules, shape };
      return createAuthorize(publicSchema, model, createAccessPolicies(model, agreements));
    },
    start({ publicSchema }, ask) {
      if (publicSchema.getQueryType()?.getFields().regions) regions.start(ask);
    },
    close: regions.close,
  };
}
