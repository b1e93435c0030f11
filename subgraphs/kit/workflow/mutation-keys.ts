import { createHash } from 'node:crypto';
import { HubError } from '@wenshu/schema/errors.ts';
import { failureOf } from '@wenshu/schema/failure.ts';
import { and, eq } from 'drizzle-orm';
import type { GraphQLFieldResolver, GraphQLSchema } from 'graphql';
import type { Context } from '../context.ts';
import type { Database } from '../database.ts';
import { authorOf } from './decide.ts';
import { refuseMissing } from './evidence.ts';
import { Problems } from './free-text.ts';
import type { WorkflowTables } from './tables.ts';

/** The result of a change: the object and the step that it made. */
export type Carried = { readonly id: string; readonly step: number; readonly isReplay: boolean };

/** A change as its key stands for it. */
export type KeyedRequest = {
  /** Chosen by the caller: the same key again is answered with the first step. */
  readonly key: string;
  /** The whole input. The same key with another input is refused. */
  readonly input: unknown;
};

type Asking = Pick<Context, 'caller' | 'mutation'>;

/**
 * Carries out a change that no workflow has a table for, in one transaction and once for its key. `work` returns what it
 * changed, and a number if it answers one. The same key again returns both without doing it again; with another input it
 * throws KEY_REUSED.
 */
export function once(
  context: Context,
  agency: Pick<WorkflowTables, 'mutationKeys'>,
  request: KeyedRequest,
  work: (context: Context) => Promise<{ readonly id: string; readonly number?: number }>,
): Promise<{ readonly id: string; readonly number: number; readonly isReplay: boolean }> {
  return inTransaction(context, async (db) => {
    const done = await replayOf(db, agency, context, request);
    if (done) return { id: done.id, number: done.step, isReplay: true };
    refuseMissing(context);
    new Problems(context).throwIfAny();
    const { id, number = 0 } = await work({ ...context, db });
    await db.insert(agency.mutationKeys).values({ ...keyOf(context, request), objectId: id, step: number });
    return { id, number, isReplay: false };
  });
}

/**
 * Runs work in a transaction. Of two requests with one key at the same time, the second finds the key taken, and runs
 * again to find what the first did.
 */
export async function inTransaction<T>({ db }: Context, work: (db: Database) => Promise<T>): Promise<T> {
  // Drizzle's transaction has all of a database but the client itself, which workflows do not use.
  const run = () => db.transaction((transaction) => work(transaction as unknown as Database));
  try {
    return await run();
  } catch (error) {
    if (!isKeyTaken(error)) throw error;
    return run();
  }
}

const isKeyTaken = (error: unknown) => failureOf(error).constraint === 'mutation_keys_author_key_pk';

/** Returns the columns of a key: whose it is, and what it stands for. */
export const keyOf = ({ caller, mutation }: Asking, { key, input }: KeyedRequest) => ({
  author: authorOf(caller) ?? '',
  key,
  inputHash: createHash('sha256')
    .update(JSON.stringify([mutation, input]))
    .digest('hex'),
});

/** Returns what a mutation with this key already did; undefined if it is new. Throws KEY_REUSED. */
export async function replayOf(
  db: Database,
  { mutationKeys }: Pick<WorkflowTables, 'mutationKeys'>,
  asking: Asking,
  request: KeyedRequest,
): Promise<Carried | undefined> {
  const { author, key, inputHash } = keyOf(asking, request);
  const [known] = await db
    .select()
    .from(mutationKeys)
    .where(and(eq(mutationKeys.author, author), eq(mutationKeys.key, key)));
  if (!known) return undefined;
  if (known.inputHash !== inputHash) {
    throw new HubError(
      'KEY_REUSED',
      `The key "${key}" was already used for another change. Choose a new one for each change.`,
      { messageZh: `键“${key}”已用于另一变更。每次变更请另取新键。`, key },
    );
  }
  return { id: known.objectId, step: known.step, isReplay: true };
}

type Resolve = GraphQLFieldResolver<unknown, Context, { readonly input?: { readonly key: string } }>;

/**
 * Lets the mutations of a subgraph know their keys again also where they would be refused now: what was done stays done,
 * whatever has changed since. Changes the schema in place.
 */
export function answerReplays(schema: GraphQLSchema, tables: Pick<WorkflowTables, 'mutationKeys'>): void {
  for (const field of Object.values(schema.getMutationType()?.getFields() ?? {})) {
    const { resolve } = field as { readonly resolve?: Resolve };
    if (resolve) field.resolve = knowingKey(resolve, tables) as NonNullable<typeof field.resolve>;
  }
}

const knowingKey =
  (resolve: Resolve, tables: Pick<WorkflowTables, 'mutationKeys'>): Resolve =>
  async (root, args, context, info) => {
    const unknownNames = context.unknownNames?.filter(({ key }) => key === args.input?.key);
    const asking = { ...context, mutation: info.fieldName, unknownNames };
    try {
      return await resolve(root, args, asking, info);
    } catch (error) {
      const { input } = args;
      if (!input?.key || !(error instanceof HubError)) throw error;
      const done = await replayOf(context.db, tables, asking, { key: input.key, input });
      if (!done) throw error;
      return done;
    }
  };
