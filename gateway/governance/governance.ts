import { type GraphQLSchema, isObjectType } from 'graphql';
import type { Restrict } from '../execution/restriction.ts';
import type { Supergraph } from '../execution/supergraph.ts';
import type { Agreements } from './agreements.ts';
import { createRestrict } from './restrict.ts';
import { createRights } from './rights.ts';
import { createRowRules, type IsWithin } from './row-rules.ts';
import { readSharing } from './sharing.ts';

export type GovernanceOptions = {
  readonly agreements: Agreements;
  readonly isWithin: IsWithin;
};

/** Enforces the `@sharing` of a supergraph; one that declares none is for everybody. */
export const restrictBy =
  ({ agreements, isWithin }: GovernanceOptions) =>
  ({ sdl, publicSchema }: Pick<Supergraph, 'sdl' | 'publicSchema'>): Restrict | undefined => {
    const sharing = readSharing(sdl);
    if (!sharing.isDeclared) return undefined;
    const rights = createRights({
      sharing,
      agreements,
      rowRules: createRowRules(publicSchema, isWithin),
      isWrapper: wrappersOf(publicSchema),
    });
    return createRestrict(publicSchema, sharing, rights);
  };

/** Roots, connections and their edges: they have nothing of their own to tell. */
function wrappersOf(schema: GraphQLSchema): (typeName: string) => boolean {
  const names = new Set(['PageInfo']);
  for (const type of Object.values(schema.getTypeMap())) {
    if (!isObjectType(type)) continue;
    const fields = type.getFields();
    if (fields.nodes || fields.edges || (fields.node && fields.cursor)) names.add(type.name);
  }
  for (const root of [schema.getQueryType(), schema.getMutationType()]) if (root) names.add(root.name);
  return (typeName) => names.has(typeName);
}
