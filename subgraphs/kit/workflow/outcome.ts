import { and, eq } from 'drizzle-orm';
import { parse } from 'graphql';
import type { Context } from '../context.ts';
import { authorOf } from './decide.ts';
import type { Workflow } from './workflow.ts';

/**
 * `Query._outcome`, for the gateway only: what a mutation of the caller with this key did; null if it did nothing. Like
 * `_entities` it is no part of the public schema.
 */
export const outcomeModule = (workflows: readonly Workflow[]) => ({
  typeDefs: parse(`
    type _Outcome { id: ID! step: Int! }
    extend type Query { _outcome(key: ID!): _Outcome }
  `),
  resolvers: {
    Query: {
      _outcome: (_root: unknown, { key }: { key: string }, context: Context) =>
        findOutcome(workflows, key, context),
    },
  },
});

async function findOutcome([workflow]: readonly Workflow[], key: string, { db, caller }: Context) {
  const author = authorOf(caller);
  if (!workflow || author === undefined) return null;
  const { mutationKeys } = workflow.agency;
  const [known] = await db
    .select({ id: mutationKeys.objectId, step: mutationKeys.step })
    .from(mutationKeys)
    .where(and(eq(mutationKeys.author, author), eq(mutationKeys.key, key)));
  return known ?? null;
}
