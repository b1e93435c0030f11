import { printSchemaWithDirectives } from '@graphql-tools/utils';
import type { Caller, PurposeOfUse } from '@wenshu/schema/caller.ts';
import type { GraphQLSchema } from 'graphql';
import { LRUCache } from 'lru-cache';
import type { Authorize } from '../request/authorization.ts';
import { shapeOf } from '../supergraph/graph-shape.ts';
import { declaresSharing, readSharing } from '../supergraph/sharing.ts';
import type { Supergraph } from '../supergraph/supergraph.ts';
import { type AccessPolicyOf, createAccessPolicies } from './access-policy.ts';
import { type Agreements, keepAgreements } from './agreements.ts';
import { createAuthorize } from './authorize.ts';
import { type AskGraph, hasRegions, type Regions } from './regions.ts';
import { RowRules } from './row-rules.ts';
import { visibleSchema } from './visible-schema.ts';

export type GovernanceOptions = {
  /** The agreements in force. Without them only its owner sees conditional data. */
  readonly agreements?: Agreements | undefined;
  readonly regions: Regions;
};

export type Governance = {
  /** Creates the authorization for the `@sharing` of a supergraph; undefined if it declares none and is public. */
  authorizeBy(supergraph: Pick<Supergraph, 'sdl' | 'document' | 'publicSchema'>): Authorize | undefined;
  /**
   * Returns the SDL of the part of the public schema that a caller may use; undefined for a supergraph without
   * `@sharing`.
   */
  schemaFor(
    supergraph: Pick<Supergraph, 'publicSchema'>,
    caller: Caller,
    purposeOfUse: PurposeOfUse,
  ): string | undefined;
  /** Starts to read the regions from the graph, when the graph can answer. */
  start(graph: Pick<Supergraph, 'publicSchema'>, ask: AskGraph): void;
  close(): void;
};

/** Number of printed schemas in the cache. Each has about a megabyte. */
const schemasKept = 10;

export function createGovernance({ agreements = keepAgreements(), regions }: GovernanceOptions): Governance {
  const policiesOf = new WeakMap<GraphQLSchema, AccessPolicyOf>();
  const printed = new WeakMap<GraphQLSchema, LRUCache<string, string>>();
  return {
    authorizeBy({ sdl, document, publicSchema }) {
      if (!declaresSharing(sdl)) return undefined;
      const shape = shapeOf(publicSchema);
      const rowRules = new RowRules(publicSchema, shape, regions.isWithin);
      const model = { sharing: readSharing(document), rowRules, shape };
      const accessPolicyOf = createAccessPolicies(model, agreements);
      policiesOf.set(publicSchema, accessPolicyOf);
      printed.set(publicSchema, new LRUCache({ max: schemasKept }));
      return createAuthorize(publicSchema, model, accessPolicyOf);
    },
    schemaFor({ publicSchema }, caller, purposeOfUse) {
      const policy = policiesOf.get(publicSchema)?.(caller, purposeOfUse);
      if (!policy) return undefined;
      const kept = printed.get(publicSchema);
      const sdl = kept?.get(policy.key) ?? printSchemaWithDirectives(visibleSchema(publicSchema, policy));
      kept?.set(policy.key, sdl);
      return sdl;
    },
    start(graph, ask) {
      if (hasRegions(graph)) regions.start(ask);
    },
    close: regions.close,
  };
}
