import { HubError } from '@wenshu/schema/errors.ts';
import { addWorkingDays } from '@wenshu/schema/working-days.ts';
import { and, inArray, notInArray, type SQL, sql } from 'drizzle-orm';
import { type Context, createContext } from '../context.ts';
import type { Database } from '../database.ts';
import { today } from '../today.ts';
import { carryOut } from './carry-out.ts';
import type { Transition } from './table.ts';
import type { WorkflowTables } from './tables.ts';
import type { Workflow } from './workflow.ts';

/** What a sweep needs beside the database. */
export type SweepRules = Pick<Context, 'calendar' | 'deadlines'> & {
  /** The days for which events stay in the outbox. */
  readonly changesKeptDays: number;
  /** The day of the sweep. */
  readonly day?: string;
  /** How many objects one run takes of each kind. The next run goes on. */
  readonly most?: number;
  /** Called with the failure of an action, which stops no other. */
  readonly onError?: (error: unknown) => void;
};

/** How much a sweep did. */
export type Swept = {
  readonly dueSoon: number;
  readonly overdue: number;
  readonly carriedOut: number;
  readonly deletedKeys: number;
  readonly deletedChanges: number;
};

/** Objects of one run: some seconds of work. */
const usualMost = 1_000;
/** Working days before the due day on which an object is told to be due soon. */
const dueSoonDays = 2;
const keysKeptDays = 30;

/**
 * Does what follows from the day alone, for all workflows of an agency: tells which objects are due soon and which are
 * overdue, carries out what the hub does by itself, and deletes old keys and events. Returns undefined while another
 * process sweeps. Nothing is done twice even if two processes sweep at once.
 */
export async function sweep(
  db: Database,
  workflows: readonly Workflow[],
  rules: SweepRules,
): Promise<Swept | undefined> {
  const [first] = workflows;
  if (!first || !(await take(db, first.agency))) return undefined;
  try {
    return await sweepAlone(db, workflows, first.agency, { day: today(), most: usualMost, ...rules });
  } finally {
    await giveBack(db, first.agency);
  }
}

type Rules = SweepRules & Required<Pick<SweepRules, 'day' | 'most'>>;

async function sweepAlone(
  db: Database,
  workflows: readonly Workflow[],
  agency: WorkflowTables,
  rules: Rules,
): Promise<Swept> {
  const { day, calendar } = rules;
  let [dueSoon, overdue, carriedOut] = [0, 0, 0];
  for (const workflow of workflows) {
    const { dueOn } = workflow.objects;
    const isSoon = sql`${dueOn} between ${day}::date and ${addWorkingDays(day, dueSoonDays, calendar)}::date`;
    dueSoon += await tell(db, workflow, 'DUE_SOON', isSoon, rules);
    overdue += await tell(db, workflow, 'OVERDUE', sql`${dueOn} < ${day}::date`, rules);
    carriedOut += await carryOutBySystem(db, workflow, rules);
    await forgetNotices(db, workflow, rules);
  }
  const deletedKeys = await deleteKeys(db, agency, rules);
  return {
    dueSoon,
    overdue,
    carriedOut,
    deletedKeys,
    deletedChanges: await deleteChanges(db, agency, rules),
  };
}

/** The name of the only row. */
const sweepName = 'sweep';

/** Takes the sweep for this process, for at most a minute; false if another process has it. */
async function take(db: Database, { sweeps }: WorkflowTables): Promise<boolean> {
  const taken = await db
    .insert(sweeps)
    .values({ name: sweepName, takenUntil: sql`now() + interval '1 minute'` })
    .onConflictDoUpdate({
      target: sweeps.name,
      set: { takenUntil: sql`now() + interval '1 minute'` },
      setWhere: sql`${sweeps.takenUntil} <= now()`,
    })
    .returning({ name: sweeps.name });
  return taken.length > 0;
}

const giveBack = (db: Database, { sweeps }: WorkflowTables) =>
  db.update(sweeps).set({ takenUntil: sql`now()` });

/**
 * Writes an event for each open object whose due day is so, once for each due day. The objects are locked, so that the
 * events of one object stand in the order of its versions; objects that somebody changes now are left to the next run.
 */
async function tell(
  db: Database,
  { table, agency, objects }: Workflow,
  notice: 'DUE_SOON' | 'OVERDUE',
  isSo: SQL,
  { most }: Rules,
): Promise<number> {
  const { changes, dueNotices } = agency;
  const told = sql`select 1 from ${dueNotices} where ${dueNotices.type} = ${table.type}
    and ${dueNotices.objectId} = ${objects.id} and ${dueNotices.dueOn} = ${objects.dueOn} and ${dueNotices.notice} = ${notice}`;
  const rows = await db.execute(sql`
    with due as (
      select ${objects.id} as id, ${objects.dueOn} as due_on, ${objects.stage} as stage, ${objects.version} as version,
        ${objects.regionCode} as region_code
      from ${objects} where ${isSo} and ${isOpen({ table, objects })} and not exists (${told})
      order by ${objects.dueOn}, ${objects.id} limit ${most} for update skip locked
    ), told as (
      insert into ${dueNotices} (type, object_id, due_on, notice)
      select ${table.type}::text, id, due_on, ${notice}::text from due on conflict do nothing returning object_id
    )
    insert into ${changes} (type, object_id, action, stage, version, region_code)
    select ${table.type}::text, id, ${notice}::text, stage, version, region_code from due join told on object_id = id
    returning 1`);
  return rows.length;
}

const isOpen = ({ table, objects }: Pick<Workflow, 'table' | 'objects'>) =>
  table.closed.length === 0 ? sql`true` : notInArray(objects.stage, [...table.closed]);

/** Forgets notices of objects that are due on another day now, or closed, or gone. */
const forgetNotices = (db: Database, { table, agency, objects }: Workflow, { most }: Rules) => {
  const { dueNotices } = agency;
  const isDue = sql`select 1 from ${objects} where ${objects.id} = ${dueNotices.objectId}
    and ${objects.dueOn} = ${dueNotices.dueOn} and ${isOpen({ table, objects })}`;
  return db.execute(sql`delete from ${dueNotices} where ctid = any(array(
    select ${dueNotices}.ctid from ${dueNotices}
    where ${dueNotices.type} = ${table.type} and not exists (${isDue}) limit ${most}))`);
};

/** Whether the hub carries out a transition by itself: as soon as its condition holds. */
const isBySystem = ({ from, when, by }: Transition) =>
  from.length > 0 && when !== undefined && by.some(({ system }) => system);

/** Carries out each transition that the hub does by itself, on the objects whose stage and condition ask for it. */
async function carryOutBySystem(db: Database, workflow: Workflow, rules: Rules): Promise<number> {
  const { objects, conditions = {} } = workflow;
  let count = 0;
  for (const { action, from, when = '' } of workflow.table.transitions.filter(isBySystem)) {
    const ripe = await db
      .select({ id: objects.id, version: objects.version })
      .from(objects)
      .where(and(inArray(objects.stage, [...from]), conditions[when]?.(rules)))
      .orderBy(objects.dueOn, objects.id)
      .limit(rules.most);
    for (const { id, version } of ripe)
      count += Number(await isCarriedOut(db, workflow, rules, action, id as string, version as number));
  }
  return count;
}

/** Carries out an action for the hub. False if somebody else was faster, or if it failed. */
async function isCarriedOut(
  db: Database,
  workflow: Workflow,
  { calendar, deadlines, onError = () => {} }: Rules,
  action: string,
  id: string,
  version: number,
): Promise<boolean> {
  const context = createContext(db, { caller: { kind: 'system' } }, { calendar, deadlines });
  const key = `${workflow.table.type} ${id} ${version} ${action}`;
  try {
    const { isReplay } = await carryOut(
      context,
      workflow,
      { action, id, version, key, input: {} },
      (row, _transition, within) => workflow.effectBySystem?.(action, row, within) ?? {},
    );
    return !isReplay;
  } catch (error) {
    if (!(error instanceof HubError)) onError(error);
    return false;
  }
}

/** Deletes the keys of mutations that are too old to be repeated. */
async function deleteKeys(
  db: Database,
  { mutationKeys }: WorkflowTables,
  { day, most }: Rules,
): Promise<number> {
  const { at } = mutationKeys;
  const rows = await db.execute(sql`delete from ${mutationKeys} where ctid = any(array(
    select ctid from ${mutationKeys} where ${at} < ${day}::date - ${keysKeptDays}::integer order by ${at} limit ${most})) returning 1`);
  return rows.length;
}

/** Deletes the oldest events, and notes the last of them: a reader that stands before it has missed some. */
async function deleteChanges(
  db: Database,
  { changes, sweeps }: WorkflowTables,
  { day, most, changesKeptDays }: Rules,
): Promise<number> {
  const oldest = sql`select ${changes.seq} as seq, ${changes.at} as at from ${changes}
    order by ${changes.transaction}, ${changes.seq} limit ${most}`;
  const [row] = await db.execute<{ count: number }>(sql`
    with gone as (
      delete from ${changes} where ${changes.seq} in (
        select seq from (${oldest}) as oldest where at < ${day}::date - ${changesKeptDays}::integer)
      returning ${changes.transaction} as transaction, ${changes.seq} as seq
    ), noted as (
      update ${sweeps} set deleted_transaction = last.transaction, deleted_seq = last.seq
      from (select transaction, seq from gone order by transaction desc, seq desc limit 1) as last
    )
    select count(*)::integer as count from gone`);
  return row?.count ?? 0;
}
