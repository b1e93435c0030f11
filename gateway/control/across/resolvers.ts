import type { Resolvers } from '../schema-types.ts';
import type { AskAgencies } from './ask-agencies.ts';
import { changesAcross } from './changes.ts';
import { indicatorsAcross } from './indicators.ts';
import { type FindOwn, nodesAcross } from './nodes.ts';
import { searchAcross } from './search.ts';
import { tasksAcross } from './tasks.ts';

/** Creates the resolvers of the fields over all agencies. `findOwn` finds what the control plane keeps itself. */
export function acrossAgencies(ask: AskAgencies, findOwn: FindOwn) {
  const indicators = indicatorsAcross(ask);
  const nodes = nodesAcross(ask, findOwn);
  return {
    Query: {
      indicators: (_root, args, context, info) => indicators.page(context, args, info),
      node: (_root, { id }, context) => nodes.one(context, id),
      nodes: (_root, { ids }, context) => nodes.many(context, ids),
      changes: (_root, args, context) => changesAcross(ask, context, args),
      myTasks: (_root, args, context) => tasksAcross(ask, context, args),
      search: (_root, args, context) => searchAcross(ask, context, args),
    },
    Region: {
      id: ({ code }) => code,
      indicators: ({ code }, args, context, info) => indicators.inRegion(context, code, args, info),
    },
    // An interface and a union that hold what the agencies answered, with its type.
    Node: typeOfAnswer,
    Subject: typeOfAnswer,
  } satisfies { Query: Partial<Resolvers['Query']>; Region: Resolvers['Region']; [type: string]: object };
}

const typeOfAnswer = { __resolveType: ({ __typename }: { readonly __typename: string }) => __typename };
