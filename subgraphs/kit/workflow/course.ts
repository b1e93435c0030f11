import type { WorkflowTable } from './table.ts';

/** An action in the course of an object that is made up, such as one of a synthetic city. */
export type Act<Action extends string = string> = {
  readonly action: Action;
  /** The day on which it is carried out. */
  readonly on: string;
  readonly agencyId?: string | null;
  /** The day that was chosen in place of the usual one. */
  readonly dueOn?: string | null;
  readonly noteZh?: string | null;
  readonly details?: Readonly<Record<string, unknown>>;
};

/** A step of such a course, with the columns of a step table but `objectId`. */
export type CourseStep<Stage extends string = string> = {
  readonly seq: number;
  readonly stage: Stage;
  readonly on: string;
  readonly agencyId: string | null;
  readonly noteZh: string | null;
  readonly action: string;
  readonly at: string;
  readonly department: null;
  readonly author: null;
  readonly dueOn: string | null;
  readonly details: Readonly<Record<string, unknown>>;
};

/** What a course leads to: its steps, and the columns that the engine keeps in the object. */
export type Course<Stage extends string = string> = {
  readonly steps: readonly CourseStep<Stage>[];
  readonly stage: Stage;
  readonly version: number;
  readonly dueOn: string | null;
  /** The day of the step after which nothing is left to do; null while there is. */
  readonly closedOn: string | null;
};

/** Returns the day that is this many working days after another. */
export type AfterWorkingDays = (day: string, workingDays: number) => string;

/**
 * Walks a workflow's table by a list of actions: returns the step of each, and the stage, version and due day after the
 * last one. Throws if the table does not allow an action in the stage that it is reached in. Conditions of the table
 * are not checked: who makes up a course keeps to them.
 */
export function courseOf<Stage extends string, Action extends string>(
  table: WorkflowTable<Stage, Action>,
  acts: readonly Act<Action>[],
  afterWorkingDays: AfterWorkingDays,
): Course<Stage> {
  const steps: CourseStep<Stage>[] = [];
  for (const act of acts) {
    const before = steps.at(-1);
    const { to, workingDays } = transitionOf(table, act.action, before?.stage);
    const stage = to ?? before?.stage;
    if (stage === undefined) throw new Error(`${table.type}.${act.action} makes an object without a stage.`);
    const usual = workingDays == null ? workingDays : afterWorkingDays(act.on, workingDays);
    steps.push(stepOf(act, steps.length, stage, act.dueOn ?? (usual === undefined ? before?.dueOn : usual)));
  }
  const last = steps.at(-1);
  if (!last) throw new Error(`The course of a ${table.type} has no action.`);
  const { stage, dueOn } = last;
  const isClosed = table.closed.includes(stage);
  return { steps, stage, version: steps.length, dueOn, closedOn: isClosed ? last.on : null };
}

function transitionOf<Stage extends string, Action extends string>(
  { type, transitions }: WorkflowTable<Stage, Action>,
  action: Action,
  stage: Stage | undefined,
) {
  const found = transitions.find(
    (each) =>
      each.action === action && (stage === undefined ? each.from.length === 0 : each.from.includes(stage)),
  );
  if (found) return found;
  throw new Error(`${type}.${action} is not possible ${stage === undefined ? 'at first' : `in ${stage}`}.`);
}

const stepOf = <Stage extends string>(
  { action, on, agencyId = null, noteZh = null, details = {} }: Act,
  seq: number,
  stage: Stage,
  dueOn: string | null = null,
): CourseStep<Stage> => ({
  seq,
  stage,
  on,
  agencyId,
  noteZh,
  action,
  // The hour is made up: noon in Beijing.
  at: `${on}T04:00:00Z`,
  department: null,
  author: null,
  dueOn,
  details,
});
