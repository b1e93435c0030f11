import { createHash } from 'node:crypto';
import type { Caller } from '@wenshu/schema/caller.ts';
import { HubError, notFound } from '@wenshu/schema/errors.ts';
import { failureOf } from '@wenshu/schema/failure.ts';
import { addWorkingDays } from '@wenshu/schema/working-days.ts';
import { and, eq } from 'drizzle-orm';
import type { Context } from '../context.ts';
import type { Database } from '../database.ts';
import { today } from '../today.ts';
import { authorOf, decide, type Situation } from './decide.ts';
import type { Transition, WorkflowTable } from './table.ts';
import type { WorkflowTables } from './tables.ts';

/** What the engine needs of an object. */
export type WorkflowRow = {
  readonly id: string;
  readonly stage: string;
  readonly version: number;
  readonly regionCode: string | null;
  readonly dueOn?: string | null;
};

/** A step as the engine writes it. */
export type NewStep = {
  readonly seq: number;
  readonly stage: string;
  readonly action: string;
  readonly on: string;
  readonly at: string;
  readonly agencyId: string | null;
  readonly department: string | null;
  readonly author: string;
  readonly dueOn: string | null;
  readonly noteZh: string | null;
  readonly details: Readonly<Record<string, unknown>>;
};

/** What a step writes into its object, beside what the action changes. */
export type Advanced = {
  readonly stage: string;
  readonly version: number;
  readonly updatedAt: string;
  readonly dueOn: string | null;
};

/** A workflow: its table, and how the engine reads and writes its objects. */
export type Workflow<
  Row extends WorkflowRow = WorkflowRow,
  Stage extends string = string,
  Action extends string = string,
> = {
  readonly table: WorkflowTable<Stage, Action>;
  readonly shared: WorkflowTables;
  /** Returns the object that the caller may see, locked until the transaction ends; undefined if there is none. */
  lock(db: Database, context: Context, id: string): Promise<Row | undefined>;
  /** Returns the caller's part in an object. */
  situationOf(db: Database, row: Row, caller: Caller | undefined): Promise<Situation>;
  /** Returns the position of the next step. */
  nextStep(db: Database, id: string): Promise<number>;
  insertStep(db: Database, id: string, step: NewStep): Promise<unknown>;
};

/** A change that a caller asks for. */
export type ChangeRequest<Action extends string = string> = {
  readonly action: Action;
  readonly id: string;
  readonly version: number;
  /** Chosen by the caller: the same key again is answered with the first step. */
  readonly key: string;
  /** The whole input. The same key with another input is refused. */
  readonly input: unknown;
};

/** What an action changes. */
export type Effect<Row extends WorkflowRow> = {
  /** Writes the object's own columns, together with those that the engine gives. */
  write(db: Database, row: Row, advanced: Advanced): Promise<unknown>;
  readonly noteZh?: string | null;
  readonly details?: Readonly<Record<string, unknown>>;
  /** The day that the caller chose in place of the usual one. */
  readonly dueOn?: string | null;
};

/** The result of a change: the object and the step that it made. */
export type Carried = { readonly id: string; readonly step: number; readonly isReplay: boolean };

/**
 * Carries out an action in one transaction: the object, the step, the event and the key of the mutation. Throws
 * NOT_FOUND, FORBIDDEN, CONFLICT, WRONG_STAGE, SECOND_PERSON and KEY_REUSED, and what `effectOf` throws.
 */
export function carryOut<Row extends WorkflowRow, Stage extends string, Action extends string>(
  context: Context,
  workflow: Workflow<Row, Stage, Action>,
  request: ChangeRequest<Action>,
  effectOf: (
    row: Row,
    transition: Transition<Stage, Action>,
    db: Database,
  ) => Promise<Effect<Row>> | Effect<Row>,
): Promise<Carried> {
  return inTransaction(context, async (db) => {
    // The object is locked before the key is written, so that events of one object stand in their order.
    const row = await workflow.lock(db, context, request.id);
    const done = await replayOf(db, workflow, context.caller, request);
    if (done) return done;
    if (!row) throw notFound(workflow.table.type, workflow.table.typeZh, request.id);
    const situation = await workflow.situationOf(db, row, context.caller);
    const transition = decide(workflow.table, request, context.caller, situation);
    const effect = await effectOf(row, transition, db);
    const day = today();
    const dueOn = dueDay(context, transition, effect, row.dueOn ?? null, day);
    const advanced = {
      stage: transition.to ?? row.stage,
      version: row.version + 1,
      updatedAt: new Date().toISOString(),
      dueOn,
    };
    await effect.write(db, row, advanced);
    return takeStep(
      db,
      context,
      workflow,
      request,
      { ...advanced, id: row.id, regionCode: row.regionCode },
      effect,
    );
  });
}

/** An object that an action makes. */
export type Made = { readonly id: string; readonly stage: string; readonly regionCode: string | null };

/** Carries out an action that makes an object. `make` inserts it with its first stage and due day. */
export function carryOutFirst<Row extends WorkflowRow, Stage extends string, Action extends string>(
  context: Context,
  workflow: Workflow<Row, Stage, Action>,
  request: Omit<ChangeRequest<Action>, 'id' | 'version'>,
  situation: Situation,
  make: (
    db: Database,
    first: { readonly stage: Stage; readonly dueOn: string | null },
  ) => Promise<{ readonly made: Made; readonly effect: Pick<Effect<Row>, 'noteZh' | 'details'> }>,
): Promise<Carried> {
  return inTransaction(context, async (db) => {
    const done = await replayOf(db, workflow, context.caller, request);
    if (done) return done;
    const transition = decide(workflow.table, request, context.caller, situation);
    if (!transition.to) throw new Error(`${request.action} makes an object without a stage.`);
    const dueOn = dueDay(context, transition, {}, null, today());
    const { made, effect } = await make(db, { stage: transition.to, dueOn });
    return takeStep(db, context, workflow, request, { ...made, version: 1, dueOn }, effect);
  });
}

/**
 * Runs work in a transaction. Of two requests with one key at the same time, the second finds the key taken, and runs
 * again to find what the first did.
 */
async function inTransaction<T>({ db }: Context, work: (db: Database) => Promise<T>): Promise<T> {
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

function dueDay(
  { calendar }: Pick<Context, 'calendar'>,
  { workingDays }: Transition,
  { dueOn }: { readonly dueOn?: string | null },
  before: string | null,
  day: string,
): string | null {
  if (dueOn) return dueOn;
  if (workingDays === undefined) return before;
  return workingDays === null ? null : addWorkingDays(day, workingDays, calendar);
}

type Stepped = Made & { readonly version: number; readonly dueOn: string | null };

async function takeStep<Row extends WorkflowRow, Stage extends string, Action extends string>(
  db: Database,
  { caller }: Context,
  workflow: Workflow<Row, Stage, Action>,
  { action, key, input }: Pick<ChangeRequest<Action>, 'action' | 'key' | 'input'>,
  { id, stage, version, regionCode, dueOn }: Stepped,
  { noteZh = null, details = {} }: Pick<Effect<Row>, 'noteZh' | 'details'>,
): Promise<Carried> {
  const { changes, mutationKeys } = workflow.shared;
  const author = authorOf(caller) ?? '';
  const seq = await workflow.nextStep(db, id);
  const isPerson = caller?.kind === 'department';
  await workflow.insertStep(db, id, {
    seq,
    stage,
    action,
    on: today(),
    at: new Date().toISOString(),
    agencyId: (isPerson && caller.agency) || null,
    department: isPerson ? caller.department : null,
    author,
    dueOn,
    noteZh,
    details,
  });
  await db
    .insert(changes)
    .values({ type: workflow.table.type, objectId: id, action, stage, version, regionCode });
  await db
    .insert(mutationKeys)
    .values({ author, key, inputHash: hashOfInput(action, input), objectId: id, step: seq });
  return { id, step: seq, isReplay: false };
}

/** Returns what a mutation with this key already did; undefined if it is new. Throws KEY_REUSED. */
async function replayOf(
  db: Database,
  { shared: { mutationKeys } }: Pick<Workflow, 'shared'>,
  caller: Caller | undefined,
  { action, key, input }: Pick<ChangeRequest, 'action' | 'key' | 'input'>,
): Promise<Carried | undefined> {
  const author = authorOf(caller) ?? '';
  const [known] = await db
    .select()
    .from(mutationKeys)
    .where(and(eq(mutationKeys.author, author), eq(mutationKeys.key, key)));
  if (!known) return undefined;
  if (known.inputHash !== hashOfInput(action, input)) {
    throw new HubError(
      'KEY_REUSED',
      `The key "${key}" was already used for another change. Choose a new one for each change.`,
      { messageZh: `键“${key}”已用于另一变更。每次变更请另取新键。`, key },
    );
  }
  return { id: known.objectId, step: known.step, isReplay: true };
}

const hashOfInput = (action: string, input: unknown) =>
  createHash('sha256')
    .update(JSON.stringify([action, input]))
    .digest('hex');
