import { createAccessPolicies } from '@wenshu/gateway/governance/access-policy.ts';
import type { Agreements, Grant } from '@wenshu/gateway/governance/agreements.ts';
import { createAuthorize } from '@wenshu/gateway/governance/authorize.ts';
import { RowRules } from '@wenshu/gateway/governance/row-rules.ts';
import { type Graph, openGraph } from '@wenshu/gateway/graph/open-graph.ts';
import { silent } from '@wenshu/gateway/lib/log.ts';
import { shapeOf } from '@wenshu/gateway/supergraph/graph-shape.ts';
import { readSharing } from '@wenshu/gateway/supergraph/sharing.ts';
import { loadSupergraph } from '@wenshu/gateway/supergraph/supergraph.ts';
import { standardLimits } from '@wenshu/gateway/upstream/policy.ts';
import type { Subgraph } from '@wenshu/gateway/upstream/subgraph.ts';
import { isObjectType } from 'graphql';
import { supergraphOf } from '../../support/federation.ts';
import { city } from './city.ts';
import { type Rules, sharingOf, typeSharing } from './sharing-model.ts';

const sdl = supergraphOf(city);
const roots = ['Query', 'Subscription'];
export const { publicSchema } = loadSupergraph(sdl);

/** The fields of the city that have an owner. */
export const coordinates = Object.values(publicSchema.getTypeMap()).flatMap((type) =>
  isObjectType(type) && !type.name.startsWith('__') && !roots.includes(type.name)
    ? Object.keys(type.getFields()).map((field) => `${type.name}.${field}`)
    : [],
);
const declared = readSharing(sdl);
const shape = shapeOf(publicSchema);

/** Opens the graph of the city under these rules of sharing. */
export function openByRules(rules: Rules, subgraphs: ReadonlyMap<string, Subgraph>): Promise<Graph> {
  const sharing = sharingOf(rules, coordinates);
  const agreements: Agreements = {
    version: 0,
    activeFor: (department) =>
      rules.grants.flatMap(({ park, ...grant }, i): Grant[] =>
        grant.department === department
          ? [
              {
                ...grant,
                agreementId: String(i),
                endsAt: Number.POSITIVE_INFINITY,
                ...(park && { park }),
              },
            ]
          : [],
      ),
  };
  const model = {
    sharing: {
      ...declared,
      of: (coordinate: string) => sharing.get(coordinate),
      ofType: (typeName: string) => typeSharing(rules, typeName),
    },
    rowRules: new RowRules(publicSchema, shape, () => false),
    shape,
  };
  const accessPolicyOf = createAccessPolicies(model, agreements);
  return openGraph(sdl, {
    connect: (name) => subgraphs.get(name) ?? (() => Promise.reject(new Error(name))),
    subgraphLimits: standardLimits,
    observer: {},
    planTimeoutMs: 10_000,
    // The same few callers ask all questions.
    planBudgetMs: 600_000,
    operationsKept: 50,
    sharesFetches: true,
    isLabelActive: () => false,
    log: silent,
    authorizeBy: () => createAuthorize(publicSchema, model, accessPolicyOf),
  });
}
