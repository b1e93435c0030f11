import { createHash } from 'node:crypto';
import type { Caller } from '@wenshu/schema/caller.ts';
import { HubError } from '@wenshu/schema/errors.ts';
import { and, eq } from 'drizzle-orm';
import type { Context } from '../context.ts';
import type { Database } from '../database.ts';
import type { ResolverMap } from '../entities.ts';
import { authorOf } from './decide.ts';
import type { WorkflowTables } from './tables.ts';
import type { Workflow } from './workflow.ts';

/** A change that a caller asks for. */
export type ChangeRequest<Action extends string = string> = {
  readonly action: Action;
  readonly id: string;
  readonly version: number;
  /** Chosen by the caller: the same key again is answered with the first step. */
  readonly key: string;
  /** The whole input. The same key with another input is refused. */
  readonly input: unknown;
  /** What the key stands for, if that is not the action: one that follows from the facts is not known again later. */
  readonly operation?: string;
};

/** The result of a change: the object and the step that it made. */
export type Carried = { readonly id: string; readonly step: number; readonly isReplay: boolean };

/** Returns what a mutation with this key already did; undefined if it is new. Throws KEY_REUSED. */
export async function replayOf(
  db: Database,
  { agency: { mutationKeys } }: Pick<Workflow, 'agency'>,
  caller: Caller | undefined,
  { action, key, input, operation = action }: Pick<ChangeRequest, 'action' | 'key' | 'input' | 'operation'>,
): Promise<Carried | undefined> {
  const known = await findKnown(db, mutationKeys, caller, key);
  if (!known) return undefined;
  if (known.inputHash !== hashOfInput(operation, input)) {
    throw new HubError(
      'KEY_REUSED',
      `The key "${key}" was already used for another change. Choose a new one for each change.`,
      { messageZh: `键“${key}”已用于另一变更。每次变更请另取新键。`, key },
    );
  }
  return { id: known.objectId, step: known.step, isReplay: true };
}

export const hashOfInput = (action: string, input: unknown) =>
  createHash('sha256')
    .update(JSON.stringify([action, input]))
    .digest('hex');

async function findKnown(
  db: Database,
  mutationKeys: WorkflowTables['mutationKeys'],
  caller: Caller | undefined,
  key: string,
) {
  const isOwn = eq(mutationKeys.author, authorOf(caller) ?? '');
  const [known] = await db
    .select()
    .from(mutationKeys)
    .where(and(isOwn, eq(mutationKeys.key, key)));
  return known;
}

type Resolve = (
  root: unknown,
  args: { readonly input?: unknown },
  context: Context,
  info: unknown,
) => unknown;

/**
 * Lets each mutation answer a repeat with what it did the first time, also where the repeat would be refused by then: a day has
 * passed, a row has ended, or the facts of another agency cannot be had.
 */
export function answeringRepeats(
  workflows: readonly Workflow[],
  { Mutation, ...others }: ResolverMap,
): ResolverMap {
  const [workflow] = workflows;
  if (!workflow || !Mutation) return { ...others, ...(Mutation && { Mutation }) };
  const { mutationKeys } = workflow.agency;
  const actions = new Set(
    workflows.flatMap(({ table }) => table.transitions.map(({ action }) => action as string)),
  );

  async function firstResult(input: unknown, { db, caller }: Context): Promise<Carried | undefined> {
    const { key } = (input ?? {}) as { readonly key?: unknown };
    const known = typeof key === 'string' ? await findKnown(db, mutationKeys, caller, key) : undefined;
    const isSame = known && [...actions].some((action) => hashOfInput(action, input) === known.inputHash);
    return isSame ? { id: known.objectId, step: known.step, isReplay: true } : undefined;
  }

  const answering =
    (resolve: Resolve): Resolve =>
    async (root, args, context, info) => {
      try {
        return await resolve(root, args, context, info);
      } catch (error) {
        const first = error instanceof HubError ? await firstResult(args.input, context) : undefined;
        if (first) return first;
        throw error;
      }
    };

  const mutations = Object.entries(Mutation as Readonly<Record<string, Resolve>>);
  return {
    ...others,
    Mutation: Object.fromEntries(mutations.map(([name, resolve]) => [name, answering(resolve)])),
  };
}
