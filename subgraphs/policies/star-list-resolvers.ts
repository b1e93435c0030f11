import { manyByKey, oneByKey, referenceByKey } from '@wenshu/kit/by-key.ts';
import type { Context } from '@wenshu/kit/context.ts';
import { nullIfNone } from '@wenshu/kit/null-if-none.ts';
import { starListList } from './queries.ts';
import { agencyById, enterpriseOf, policyOf } from './references.ts';
import type { Resolvers } from './schema-types.ts';
import { starListEntries } from './tables.ts';

const entriesOf = (list: { id: string }, context: Context) => {
  const { listId, rank, enterpriseId } = starListEntries;
  return manyByKey(context, starListEntries, listId, list.id, rank, enterpriseId);
};

/** Resolvers of star lists and of their entries. */
export const starListResolvers: Pick<Resolvers, 'StarListEntry'> & {
  readonly StarList: Omit<Resolvers['StarList'], 'region'>;
} = {
  StarList: {
    __resolveReference: ({ id }, context, info) => oneByKey(context, starListList, info, id),
    policy: policyOf,
    entries: (list, _args, context) => entriesOf(list, context),
    vetoedBy: async (list, _args, context, info) => {
      const ids = (await entriesOf(list, context)).flatMap(({ vetoedById }) => vetoedById ?? []);
      return nullIfNone([...new Set(ids)].map((id) => agencyById(id, context, info)));
    },
  },

  StarListEntry: {
    list: (entry, _args, context, info) => referenceByKey(context, starListList, info, entry.listId),
    enterprise: enterpriseOf,
    vetoedBy: (entry, _args, context, info) => agencyById(entry.vetoedById, context, info),
  },
};
