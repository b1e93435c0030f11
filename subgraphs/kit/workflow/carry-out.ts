import { notFound } from '@wenshu/schema/errors.ts';
import { addWorkingDays } from '@wenshu/schema/working-days.ts';
import { and, eq, getTableColumns, is, SQL, sql } from 'drizzle-orm';
import type { PgColumn, PgTable } from 'drizzle-orm/pg-core';
import type { Context } from '../context.ts';
import type { Database } from '../database.ts';
import { shownOnly } from '../row-filters.ts';
import { today } from '../today.ts';
import { withDays } from './deadlines.ts';
import { authorOf, decide } from './decide.ts';
import { refuseMissing } from './evidence.ts';
import { Problems } from './free-text.ts';
import { type Carried, inTransaction, type KeyedRequest, keyOf, replayOf } from './mutation-keys.ts';
import { agencyOf, type Intended, situationBefore, situationsOf } from './situations.ts';
import type { Transition } from './table.ts';
import type { Effect, ObjectTable, StepContent, Workflow } from './workflow.ts';

export type { Carried, Effect };

/** A change that a caller asks for. */
export type ChangeRequest<Action extends string = string> = KeyedRequest & {
  readonly action: Action;
  readonly id: string;
  readonly version: number;
};

/** The columns of an object that the engine reads. */
type ObjectColumns = {
  readonly id: string;
  readonly stage: string;
  readonly version: number;
  readonly regionCode: string | null;
  readonly dueOn: string | null;
};

/** A row of a workflow's objects. */
export type ObjectRow<Objects extends ObjectTable> = Objects['$inferSelect'];

/**
 * Carries out an action in one transaction: the object, the step, the event and the key of the mutation. Throws
 * NOT_FOUND, FORBIDDEN, CONFLICT, WRONG_STAGE, SECOND_PERSON and KEY_REUSED, and what `effectOf` throws.
 */
export function carryOut<Stage extends string, Action extends string, Objects extends ObjectTable>(
  context: Context,
  workflow: Workflow<Stage, Action, Objects>,
  request: ChangeRequest<Action>,
  effectOf: (
    row: ObjectRow<Objects>,
    transition: Transition<Stage, Action>,
    db: Database,
  ) => Promise<Effect<Objects>> | Effect<Objects>,
): Promise<Carried> {
  return inTransaction(context, async (db) => {
    // The object is locked before the key is written, so that events of one object stand in their order.
    const row = await lock(db, context, workflow, request.id);
    const done = await replayOf(db, workflow.agency, context, request);
    if (done) return done;
    refuseMissing(context);
    if (!row) throw notFound(workflow.table.type, workflow.table.typeZh, request.id);
    const situations = await situationsOf(db, workflow, [request.id], context.caller, context);
    const situation = situations.get(request.id);
    if (!situation) throw notFound(workflow.table.type, workflow.table.typeZh, request.id);
    const { stage: before, version, regionCode, dueOn: dueBefore } = row as ObjectColumns;
    const decided = decide(workflow.table, request, context.caller, situation);
    const kind = workflow.kindOf?.(row) ?? null;
    const transition = await withDays(db, workflow, context.deadlines, decided, { regionCode, kind });
    const effect = await effectOf(row, transition, db);
    // An effect with problems of its own has told these among them.
    new Problems(context).throwIfAny();
    const stage = transition.to ?? before;
    const advanced = { stage, version: version + 1, dueOn: dueDay(context, transition, effect, dueBefore) };
    await write(db, workflow, request.id, advanced, effect);
    return takeStep(db, context, workflow, request, { ...advanced, id: request.id, regionCode }, effect);
  });
}

/** Returns an object that the caller may see, locked until the transaction ends; undefined if there is none. */
async function lock<Objects extends ObjectTable>(
  db: Database,
  context: Context,
  { objects, list, concerns }: Pick<Workflow<string, string, Objects>, 'objects' | 'list' | 'concerns'>,
  id: string,
): Promise<ObjectRow<Objects> | undefined> {
  const [row] = await db
    .select()
    .from(objects as PgTable)
    .where(and(eq(objects.id, id), shownOnly(context, list), concerns?.(context)))
    .for('update');
  return row as ObjectRow<Objects> | undefined;
}

/** An object that was made together with others, such as by a run over many. */
export type MadeAmongOthers = Made & StepContent & { readonly dueOn: string | null };

/**
 * Adds the first step and the event of objects that an action made, in the transaction that made them. The action that
 * made all of them has been decided on, and holds the key of the mutation.
 */
export async function recordMade<Action extends string>(
  db: Database,
  context: Context,
  { table, agency, steps }: Pick<Workflow<string, Action>, 'table' | 'agency' | 'steps'>,
  action: Action,
  made: readonly MadeAmongOthers[],
): Promise<void> {
  if (made.length === 0) return;
  await db
    .insert(steps)
    .values(made.map((each) => ({ ...stepOf(context, action, each), objectId: each.id, seq: 0 })));
  const type = table.type;
  await db.insert(agency.changes).values(
    made.map(({ id, stage, regionCode }) => ({
      type,
      objectId: id,
      action,
      stage,
      version: 1,
      regionCode,
    })),
  );
}

/** What a step writes into its object, beside what the action changes. */
type Advanced = { readonly stage: string; readonly version: number; readonly dueOn: string | null };

async function write<Stage extends string, Objects extends ObjectTable>(
  db: Database,
  { objects, columnsAt }: Pick<Workflow<Stage, string, Objects>, 'objects' | 'columnsAt'>,
  id: string,
  advanced: Advanced,
  { set = {}, also }: Effect<Objects>,
): Promise<void> {
  const columns = {
    ...set,
    ...columnsAt?.(advanced.stage as Stage),
    ...advanced,
    updatedAt: new Date().toISOString(),
  };
  await db
    .update(objects as PgTable)
    .set(columns)
    .where(eq(objects.id, id));
  await also?.(db);
}

/** An object that an action makes. */
export type Made = { readonly id: string; readonly stage: string; readonly regionCode: string | null };

/** Carries out an action that makes an object. `make` inserts it with its first stage and due day. */
export function carryOutFirst<Stage extends string, Action extends string, Objects extends ObjectTable>(
  context: Context,
  workflow: Workflow<Stage, Action, Objects>,
  request: Omit<ChangeRequest<Action>, 'id' | 'version'>,
  intended: Intended,
  make: (
    db: Database,
    first: { readonly stage: Stage; readonly dueOn: string | null },
  ) => Promise<StepContent & { readonly id: string; readonly dueOn?: string | null }>,
): Promise<Carried> {
  return inTransaction(context, async (db) => {
    const done = await replayOf(db, workflow.agency, context, request);
    if (done) return done;
    refuseMissing(context);
    const situation = await situationBefore(db, workflow, context.caller, intended);
    const decided = decide(workflow.table, request, context.caller, situation);
    const { regionCode, kind = null } = intended;
    const transition = await withDays(db, workflow, context.deadlines, decided, { regionCode, kind });
    const { to: stage } = transition;
    if (!stage) throw new Error(`${request.action} makes an object without a stage.`);
    new Problems(context).throwIfAny();
    const usual = dueDay(context, transition, {}, null);
    const { id, dueOn = usual, ...content } = await make(db, { stage, dueOn: usual });
    return takeStep(db, context, workflow, request, { id, stage, regionCode, version: 1, dueOn }, content);
  });
}

function dueDay(
  { calendar }: Pick<Context, 'calendar'>,
  { workingDays }: Transition,
  { dueOn }: { readonly dueOn?: string | null },
  before: string | null,
): string | null {
  if (dueOn) return dueOn;
  if (workingDays === undefined) return before;
  return workingDays === null ? null : addWorkingDays(today(), workingDays, calendar);
}

type Stepped = Made & { readonly version: number; readonly dueOn: string | null };

/** Returns the columns of a step by the caller, without its place in the history. */
function stepOf(
  { caller, evidence }: Pick<Context, 'caller' | 'evidence'>,
  action: string,
  {
    stage,
    dueOn,
    noteZh = null,
    details = {},
    facts = evidence?.facts,
  }: Pick<Stepped, 'stage' | 'dueOn'> & StepContent,
) {
  return {
    stage,
    action,
    on: today(),
    at: new Date().toISOString(),
    agencyId: agencyOf(caller) ?? null,
    department: caller?.kind === 'department' ? caller.department : null,
    author: authorOf(caller) ?? '',
    dueOn,
    noteZh,
    details: evidence ? { ...details, evidence: { at: evidence.at, facts } } : details,
  };
}

async function takeStep(
  db: Database,
  context: Context,
  { table, agency, steps }: Pick<Workflow, 'table' | 'agency' | 'steps'>,
  { action, ...request }: Pick<ChangeRequest, 'action' | 'key' | 'input'>,
  { id, stage, version, regionCode, dueOn }: Stepped,
  { noteZh = null, details = {}, facts = context.evidence?.facts }: StepContent,
): Promise<Carried> {
  const { changes, mutationKeys } = agency;
  const { caller, evidence } = context;
  const inDetails = evidence ? { ...details, evidence: { at: evidence.at, facts } } : details;
  const step = valuesOf(steps, {
    objectId: id,
    seq: sql`(select coalesce(max(${steps.seq}), -1) + 1 from ${steps} where ${steps.objectId} = ${id})`,
    stage,
    action,
    on: sql`${today()}::date`,
    at: sql`now()`,
    agencyId: agencyOf(caller) ?? null,
    department: caller?.kind === 'department' ? caller.department : null,
    author: authorOf(caller) ?? '',
    dueOn: sql`${dueOn}::date`,
    noteZh,
    details: sql`${JSON.stringify(inDetails)}::jsonb`,
  });
  const change = valuesOf(changes, { type: table.type, objectId: id, action, stage, version, regionCode });
  const known = valuesOf(mutationKeys, {
    ...keyOf(context, request),
    objectId: id,
    step: sql`step.seq`,
  });
  // One statement, because each costs a way to Postgres (`tests/bench/changes`).
  const [made] = await db.execute<{ step: number }>(
    sql`with step as (insert into ${steps} ${step} returning seq),
          change as (insert into ${changes} ${change}),
          known as (insert into ${mutationKeys} ${known} from step returning step)
        select step from known`,
  );
  return { id, step: made?.step ?? 0, isReplay: false };
}

/** Returns the columns of a row to insert, and a select of its values. */
function valuesOf<Table extends PgTable>(
  table: Table,
  row: Partial<Record<keyof Table['_']['columns'], SQL | string | number | null>>,
): SQL {
  const columns: Record<string, PgColumn | undefined> = getTableColumns(table);
  const entries = Object.entries<SQL | string | number | null | undefined>(row);
  const names = entries.map(([name]) => sql.identifier(columns[name]?.name ?? name));
  const values = entries.map(([name, value]) =>
    is(value, SQL) ? value : sql`${value}::${sql.raw(columns[name]?.getSQLType() ?? 'text')}`,
  );
  return sql`(${sql.join(names, sql`, `)}) select ${sql.join(values, sql`, `)}`;
}
