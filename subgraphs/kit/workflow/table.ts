import type { Department, KeyAction, Role } from '@wenshu/schema/caller.ts';

/** Somebody who may carry out an action. Every member that is given must hold. */
export type Actor = {
  readonly department?: Department;
  /** Any of these roles. */
  readonly roles?: readonly Role[];
  /** The relation of the caller's agency to the object, by its name in the workflow: `responsible`. */
  readonly as?: string;
  /** The permission of an API key. It holds for the key's own enterprise alone, but with `ofAnyEnterprise`. */
  readonly key?: KeyAction;
  /** True if that key may belong to any enterprise, as with an objection to what is publicised. */
  readonly ofAnyEnterprise?: true;
  /** True for the hub itself, which carries out what follows by itself. */
  readonly system?: true;
};

/** One row of the table of a workflow: an action, who may carry it out, and where it leads. */
export type Transition<Stage extends string = string, Action extends string = string> = {
  readonly action: Action;
  /** The stages in which it can be carried out; empty for an action that makes the object. */
  readonly from: readonly Stage[];
  /** The stage after it; undefined if the stage stays. */
  readonly to?: Stage;
  /** A condition of the table that must hold beside the stage. */
  readonly when?: string;
  readonly by: readonly Actor[];
  /** True if somebody named by `by` has to carry it out before the due day: a task. Otherwise it only may be carried out. */
  readonly isTask?: true;
  /** The working days until the object is due again. The due day stays if this is left out, and ends with null. */
  readonly workingDays?: number | null;
  /** Who ever carried out one of these actions on the object may not carry out this one, because it needs two people. */
  readonly notBy?: readonly Action[];
  /** What the action means, in both languages, for documents. */
  readonly zh: string;
  readonly en: string;
};

/** A length of time beside the due days of actions, such as that within which an object may be reopened. */
export type Term = {
  readonly days: number;
  /** True if working days are counted. */
  readonly isWorkingDays?: true;
  readonly zh: string;
  readonly en: string;
};

/** What a condition says where it does not hold: a sentence for the caller. */
export type ConditionText = { readonly zh: string; readonly en: string };

/** The table of a workflow, as data. Checks, allowed actions, deadlines, tasks, documents and tests come from it. */
export type WorkflowTable<Stage extends string = string, Action extends string = string> = {
  /** The type of its objects in the graph. */
  readonly type: string;
  /** Its name in Chinese, for messages. */
  readonly typeZh: string;
  /** The department that owns its objects, and so sees all of them in its region. */
  readonly owner: Department;
  /** The kinds of its objects, where days can differ by kind. */
  readonly kinds?: readonly string[];
  /** True if every caller sees the objects. Who has no part in one is told so, and not that there is none. */
  readonly isOpen?: true;
  /** The stages in which nothing is left to do. */
  readonly closed: readonly Stage[];
  /** Conditions on an object beside its stage, by name. The workflow has the SQL of each. */
  readonly conditions?: Readonly<Record<string, ConditionText>>;
  /** Lengths of time by name, which a deployment may set otherwise (`DEADLINES`). */
  readonly terms?: Readonly<Record<string, Term>>;
  readonly transitions: readonly Transition<Stage, Action>[];
};

/** Returns all stages of a workflow, in the order in which the table names them. */
export const stagesOf = <Stage extends string>({ transitions }: WorkflowTable<Stage>): readonly Stage[] => [
  ...new Set(transitions.flatMap(({ from, to }) => [...from, ...(to ? [to] : [])])),
];
