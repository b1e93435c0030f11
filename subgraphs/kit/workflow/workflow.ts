import type { Department } from '@wenshu/schema/caller.ts';
import type { Fact } from '@wenshu/schema/evidence.ts';
import type { Calendar } from '@wenshu/schema/working-days.ts';
import type { SQL } from 'drizzle-orm';
import type { AnyPgColumn, PgTable } from 'drizzle-orm/pg-core';
import type { Context } from '../context.ts';
import type { Database } from '../database.ts';
import type { List } from '../list.ts';
import type { SharedTables } from '../tables.ts';
import type { Deadlines } from './days.ts';
import type { WorkflowTable } from './table.ts';
import type { StepTable, WorkflowTables } from './tables.ts';

/** The table of a workflow's objects. The engine writes these columns with each step, and `updated_at`. */
export type ObjectTable = PgTable & {
  readonly id: AnyPgColumn;
  readonly stage: AnyPgColumn;
  readonly version: AnyPgColumn;
  readonly regionCode: AnyPgColumn;
  readonly dueOn: AnyPgColumn;
};

/** What belongs to a step beside its action. */
export type StepContent = {
  readonly noteZh?: string | null;
  readonly details?: Readonly<Record<string, unknown>>;
  /** The facts of other agencies that the step rests on. Default: all that the gateway sent. */
  readonly facts?: readonly Fact[];
};

/** What an action changes. */
export type Effect<Objects extends ObjectTable> = StepContent & {
  /** The object's own columns that change. The engine writes the stage, the version and the due day. */
  readonly set?: Partial<Objects['$inferInsert']>;
  /** Writes what stands in further tables, in the same transaction. */
  readonly also?: (db: Database) => Promise<unknown>;
  /** The day that the caller chose in place of the usual one. */
  readonly dueOn?: string | null;
};

/** What an enterprise reads neither in the history of an object nor in its events. */
export type Internal<Stage extends string = string, Action extends string = string> = {
  readonly stages: readonly Stage[];
  readonly actions?: readonly Action[];
  /** True if the enterprise that the object is about reads them all the same. */
  readonly isForOwnEnterprise?: true;
};

/** What conditions count days by. */
export type ConditionRules = { readonly calendar: Calendar; readonly deadlines?: Deadlines | undefined };

/** Returns the SQL of a condition. */
export type ConditionSql = (rules: ConditionRules) => SQL;

/** A workflow of an agency: its table, and where its objects and their steps are kept. */
export type Workflow<
  Stage extends string = string,
  Action extends string = string,
  Objects extends ObjectTable = ObjectTable,
> = {
  readonly table: WorkflowTable<Stage, Action>;
  readonly agency: WorkflowTables & Partial<Pick<SharedTables, 'regionClosure'>>;
  /** The list in which the graph shows the objects. An object that is hidden in it cannot be changed. */
  readonly list: List;
  readonly objects: Objects;
  readonly steps: StepTable;
  /** The enterprise that an object is about, if it is about one. */
  readonly enterpriseId?: AnyPgColumn;
  /** Returns the kind of an object, where days can differ by kind. */
  kindOf?(row: Objects['$inferSelect']): string | null;
  /** The agencies that have a part in an object: for each relation of the table, the condition that an agency has it. */
  readonly relations: Readonly<Record<string, (agency: string) => SQL>>;
  /** The departments that have a part in an object, likewise. */
  readonly departmentRelations?: Readonly<Record<string, (department: Department) => SQL>>;
  /** The objects that concern the caller, where the graph has no rule that hides the others. */
  concerns?(context: Pick<Context, 'caller'>): SQL;
  /** Steps and events that are not for enterprises, such as those before they were told. */
  readonly internal?: Internal<Stage, Action>;
  /** The SQL of the conditions of the table. Some mean another thing on the next day. */
  readonly conditions?: Readonly<Record<string, ConditionSql>>;
  /** Columns beside the stage that follow from it, such as the day on which an object was closed. */
  columnsAt?(stage: Stage): Partial<Objects['$inferInsert']>;
  /** What an action changes that the hub carries out by itself, beside the stage, the version and the due day. */
  effectBySystem?(
    action: Action,
    row: Objects['$inferSelect'],
    db: Database,
  ): Promise<Effect<Objects>> | Effect<Objects>;
};

/** Defines a workflow. Throws if its table names a relation or a condition that the workflow lacks. */
export function defineWorkflow<Stage extends string, Action extends string, Objects extends ObjectTable>(
  workflow: Workflow<Stage, Action, Objects>,
): Workflow<Stage, Action, Objects> {
  const { table, relations, departmentRelations = {}, conditions = {} } = workflow;
  for (const { action, by, when } of table.transitions) {
    const lacking = by.find(
      ({ as }) => as !== undefined && !(as in relations) && !(as in departmentRelations),
    )?.as;
    if (lacking !== undefined) throw new Error(`${table.type}.${action} names no relation: ${lacking}.`);
    if (when !== undefined && !(when in conditions))
      throw new Error(`${table.type}.${action} names no condition: ${when}.`);
  }
  return workflow;
}
