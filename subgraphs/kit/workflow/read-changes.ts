import { HubError } from '@wenshu/schema/errors.ts';
import { parse } from 'graphql';
import type { Context } from '../context.ts';
import type { Positioned } from '../positioned.ts';
import { followOutbox } from './follow-outbox.ts';
import { type Change, positionIn, readPage } from './outbox.ts';
import type { Workflow } from './workflow.ts';

type PageArgs = { readonly types: readonly string[]; readonly after?: string | null; readonly first: number };
type FollowArgs = { readonly types?: readonly string[] | null; readonly after?: string | null };

/**
 * `Query._changes` and `Subscription._changes`, for the hub itself: a page of the outbox, and what is added to it, in the order of its
 * transactions. An event of a transaction that is not the oldest under way is not in it yet, so none that commits late is missed.
 */
export const changesModule = (workflows: readonly Workflow[], hasSubscriptions: boolean) => ({
  typeDefs: parse(`
    type _Change { cursor: String! type: String! id: ID! action: String! stage: String! version: Int! regionCode: ID at: String! }
    extend type Query { _changes(types: [String!]!, after: String, first: Int!): [_Change!] }
    ${hasSubscriptions ? 'extend ' : ''}type Subscription { _changes(types: [String!], after: String): _Change! }
  `),
  resolvers: {
    Query: {
      _changes: (_root: unknown, args: PageArgs, context: Context) => {
        const after = args.after == null ? undefined : positionIn(args.after);
        return readPage(outboxFor(context, workflows).changes, context.db, { ...args, after });
      },
    },
    Subscription: {
      _changes: {
        subscribe: (
          _root: unknown,
          { types, after }: FollowArgs,
          context: Context,
        ): AsyncIterable<Positioned<Change>> =>
          followOutbox(outboxFor(context, workflows), types ?? undefined, {
            ...context,
            after: context.after ?? after ?? undefined,
          }),
      },
    },
  },
});

/** Returns the outbox that all workflows of an agency share. Throws for every caller but the hub. */
function outboxFor({ caller }: Context, [workflow]: readonly Workflow[]): Workflow['agency'] {
  if (caller?.kind === 'system' && workflow) return workflow.agency;
  throw new HubError('FORBIDDEN', 'Only the worker of the hub reads this.', {
    messageZh: '仅供平台自身读取。',
  });
}
