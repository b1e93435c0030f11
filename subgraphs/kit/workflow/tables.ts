import { type SQL, sql } from 'drizzle-orm';
import {
  type AnyPgColumn,
  bigint,
  bigserial,
  check,
  customType,
  date,
  type ExtraConfigColumn,
  index,
  integer,
  jsonb,
  type PgSchema,
  primaryKey,
  text,
  timestamp,
} from 'drizzle-orm/pg-core';

const xid8 = customType<{ data: string }>({ dataType: () => 'xid8' });

/** Tables of an agency that all its workflows share. */
export function workflowTables(schema: PgSchema) {
  /**
   * The outbox: one event for each step. An event holds no content. `transaction` orders events for readers: a reader
   * takes only events of transactions before the oldest that still runs, so it misses none that commits late.
   */
  const changes = schema.table(
    'changes',
    {
      seq: bigserial({ mode: 'bigint' }).primaryKey(),
      transaction: xid8().notNull().default(sql`pg_current_xact_id()`),
      type: text().notNull(),
      objectId: text('object_id').notNull(),
      action: text().notNull(),
      stage: text().notNull(),
      version: integer().notNull(),
      regionCode: text('region_code'),
      at: timestamp({ withTimezone: true, mode: 'string' }).notNull().defaultNow(),
    },
    (t) => [
      index('changes_order').on(t.transaction, t.seq),
      index('changes_type').on(t.type, t.transaction, t.seq),
      index('changes_object').on(t.type, t.objectId),
    ],
  );

  /** The keys of mutations that were carried out, with the step that they made. They are kept for 30 days. */
  const mutationKeys = schema.table(
    'mutation_keys',
    {
      author: text().notNull(),
      key: text().notNull(),
      /** SHA-256 of the action and its input. */
      inputHash: text('input_hash').notNull(),
      objectId: text('object_id').notNull(),
      /** The step of the object; for a change that is no step, the number that it answers. */
      step: integer().notNull(),
      at: timestamp({ withTimezone: true, mode: 'string' }).notNull().defaultNow(),
    },
    (t) => [primaryKey({ columns: [t.author, t.key] }), index('mutation_keys_at').on(t.at)],
  );

  /** What the sweep told of a due day, once each. An object whose due day moves is told again. */
  const dueNotices = schema.table(
    'due_notices',
    {
      type: text().notNull(),
      objectId: text('object_id').notNull(),
      dueOn: date('due_on', { mode: 'string' }).notNull(),
      /** `DUE_SOON` or `OVERDUE`. */
      notice: text().notNull(),
    },
    (t) => [primaryKey({ columns: [t.type, t.objectId, t.dueOn, t.notice] })],
  );

  /** The sweep's single row: which process sweeps, and the last event that was deleted. */
  const sweeps = schema.table('sweeps', {
    name: text().primaryKey(),
    /** Until then, one process sweeps alone. A process that ends early leaves the rest to the next one after this time. */
    takenUntil: timestamp('taken_until', { withTimezone: true, mode: 'string' }).notNull(),
    deletedTransaction: xid8('deleted_transaction'),
    deletedSeq: bigint('deleted_seq', { mode: 'bigint' }),
  });

  return { changes, mutationKeys, dueNotices, sweeps };
}

export type WorkflowTables = ReturnType<typeof workflowTables>;

/** The due day of an object as its place among tasks: what has none comes last. */
export const dueOrder = (dueOn: AnyPgColumn): SQL => sql`coalesce(${dueOn}, 'infinity'::date)`;

type IndexedColumns = {
  readonly id: ExtraConfigColumn;
  readonly stage: ExtraConfigColumn;
  readonly dueOn: ExtraConfigColumn;
};

/** Indexes that find tasks by stage and due day, for all and for the agencies that each of these columns names. */
export const taskIndexes = (
  name: string,
  { id, stage, dueOn }: IndexedColumns,
  named: Readonly<Record<string, ExtraConfigColumn>>,
) => [
  index(`${name}_tasks`).on(stage, dueOrder(dueOn as unknown as AnyPgColumn), id),
  ...Object.entries(named).map(([who, column]) =>
    index(`${name}_tasks_${who}`).on(column, stage, dueOrder(dueOn as unknown as AnyPgColumn), id),
  ),
];

/**
 * The steps of a workflow's objects, which go with them. Rows are added, never changed: a trigger refuses it for steps
 * that the hub carried out (`refuse_change()`, in the migration): these have an `author`. Steps that a dataset brought, or that are
 * made up, have none, and may be replaced.
 */
export const stepTable = (
  schema: PgSchema,
  name: string,
  object: () => AnyPgColumn,
  stages: readonly string[],
) =>
  schema.table(
    name,
    {
      objectId: text('object_id').notNull().references(object, { onDelete: 'cascade' }),
      seq: integer().notNull(),
      stage: text().notNull(),
      on: date('step_on', { mode: 'string' }).notNull(),
      agencyId: text('agency_id'),
      noteZh: text('note_zh'),
      action: text(),
      /** The time of the step; null for steps from before the hub carried them out. */
      at: timestamp({ withTimezone: true, mode: 'string' }),
      department: text(),
      /** SHA-256 of the author, for the rule of two people; no name. */
      author: text(),
      dueOn: date('due_on', { mode: 'string' }),
      /** What belongs to the step, such as a reason or the facts of other agencies that it rests on. */
      details: jsonb().$type<Readonly<Record<string, unknown>>>().notNull().default({}),
    },
    (t) => [
      primaryKey({ columns: [t.objectId, t.seq] }),
      check(
        `${name}_stage_known`,
        sql`${t.stage} in (${sql.raw(stages.map((stage) => `'${stage}'`).join(', '))})`,
      ),
      index(`${name}_agency`).on(t.agencyId),
    ],
  );

export type StepTable = ReturnType<typeof stepTable>;
export type StepRow = StepTable['$inferSelect'];
