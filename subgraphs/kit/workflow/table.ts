import type { Department, KeyAction, Role } from '@wenshu/schema/caller.ts';

/** Somebody who may carry out an action. Every member that is given must hold. */
export type Actor = {
  readonly department?: Department;
  /** Any of these roles. */
  readonly roles?: readonly Role[];
  /** The relation of the caller's agency to the row, by its name in the workflow: `responsible`. */
  readonly as?: string;
  /** The permission of an API key. It holds for the key's own enterprise alone. */
  readonly key?: KeyAction;
};

/** One row of the table of a workflow: an action, who may carry it out, and where it leads. */
export type Transition<Stage extends string = string, Action extends string = string> = {
  readonly action: Action;
  /** The stages in which it can be carried out; empty for an action that makes the object. */
  readonly from: readonly Stage[];
  /** The stage after it; undefined if the stage stays. */
  readonly to?: Stage;
  readonly by: readonly Actor[];
  /** The working days until the object is due again. The due day stays if this is left out, and ends with null. */
  readonly workingDays?: number | null;
  /** Actions whose author may not carry out this one, because it needs two people. */
  readonly notBy?: readonly Action[];
  /** What the action means, in both languages, for documents. */
  readonly zh: string;
  readonly en: string;
};

/** The table of a workflow, as data. Checks, allowed actions, deadlines, documents and tests come from it. */
export type WorkflowTable<Stage extends string = string, Action extends string = string> = {
  /** The type of its objects in the graph. */
  readonly type: string;
  /** Its name in Chinese, for messages. */
  readonly typeZh: string;
  /** The department that owns its objects, and so sees all of them in its region. */
  readonly owner: Department;
  readonly transitions: readonly Transition<Stage, Action>[];
};

/** Returns the transition of an action. The table has one for each action and stage. */
export const transitionsOf = <Stage extends string, Action extends string>(
  { transitions }: WorkflowTable<Stage, Action>,
  action: Action,
): readonly Transition<Stage, Action>[] => transitions.filter((each) => each.action === action);
