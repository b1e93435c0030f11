import type { Caller, DepartmentCaller } from '@wenshu/schema/caller.ts';
import { and, eq, inArray, lt, type SQL, sql } from 'drizzle-orm';
import type { GraphQLResolveInfo } from 'graphql';
import { columnsFor } from '../columns.ts';
import type { Context } from '../context.ts';
import { fieldsAsked } from '../fields-asked.ts';
import { whereOf } from '../filter.ts';
import { cursorOf, positionOf } from '../order.ts';
import { extentOf } from '../page-args.ts';
import { rowsOf } from '../statement.ts';
import { allowedActions, type Situation, sameAuthorsAs } from './decide.ts';
import { isOfKind, type ObjectsArgs } from './feed.ts';
import { isWithin, relationsOf, situationsOf } from './situations.ts';
import type { Actor, Transition } from './table.ts';
import { dueOrder } from './tables.ts';
import type { ObjectTable, Workflow } from './workflow.ts';

export type TasksArgs = ObjectsArgs & { readonly dueBefore?: string | null };

type TaskRow = Readonly<Record<string, unknown>> & {
  readonly task: { readonly id: string; readonly dueOn: string | null; readonly regionCode: string | null };
};

/** Returns a page of what the caller has to do now, by due day. */
export async function tasksPage(
  context: Context,
  workflow: Workflow,
  args: TasksArgs,
  info: GraphQLResolveInfo,
) {
  const { size } = extentOf(args);
  const branches = branchesOf(workflow, context);
  const rows =
    branches.length === 0
      ? []
      : await rowsOf<TaskRow>(context.db, readTasks(context, workflow, args, branches, info, size + 1));
  const shown = rows.slice(0, size);
  const ids = shown.map(({ task }) => task.id);
  const situations = await situationsOf(context.db, workflow, ids, context.caller, context);
  const actionsOf = (situation: Situation | undefined) =>
    situation ? allowedActions(workflow.table, context.caller, situation, { onlyTasks: true }) : [];
  const edges = shown.map(({ task: { id, dueOn, regionCode }, ...node }) => ({
    cursor: cursorOf(null, [dueOn, id]),
    dueOn,
    regionCode,
    actions: actionsOf(situations.get(id)),
    node,
  }));
  return {
    edges,
    nodes: edges.map(({ node }) => node),
    pageInfo: {
      hasNextPage: rows.length > size,
      hasPreviousPage: args.after != null,
      startCursor: edges[0]?.cursor ?? null,
      endCursor: edges.at(-1)?.cursor ?? null,
    },
  };
}

/** Reads the first tasks of each branch over an index, and of these the first ones. */
function readTasks(
  context: Context,
  { objects, list }: Workflow,
  args: TasksArgs,
  branches: readonly SQL[],
  info: GraphQLResolveInfo,
  limit: number,
): SQL {
  const due = dueOrder(objects.dueOn);
  const further = and(
    args.dueBefore == null ? undefined : lt(objects.dueOn, args.dueBefore),
    args.after == null ? undefined : isAfter(due, objects, args.after),
    isOfKind(context, list, args),
    whereOf(list, args.filter),
  );
  const reads = branches.map(
    (branch) => sql`(select ${objects.id} as id, ${due} as due from ${objects} where ${and(branch, further)}
      order by ${due}, ${objects.id} limit ${limit})`,
  );
  const columns = columnsFor(list, fieldsAsked(info, list.type, 'edges.node', 'nodes'));
  return sql`with task as (select id, due from (${sql.join(reads, sql` union `)}) as found order by due, id limit ${limit})
    select ${columns.sql}, json_build_object('id', ${objects.id}, 'dueOn', ${objects.dueOn}, 'regionCode', ${objects.regionCode}) as task
    from task join ${objects} on ${objects.id} = task.id order by task.due, task.id`;
}

function isAfter(due: SQL, { id }: ObjectTable, cursor: string): SQL {
  const [dueOn, last] = positionOf(cursor, null, 2, 'after');
  return sql`(${due}, ${id}) > (coalesce(${dueOn}::date, 'infinity'::date), ${last}::text)`;
}

/** Returns the conditions of the objects on which the caller has a task, one for each stage and each way to be responsible. */
function branchesOf(workflow: Workflow, context: Context): readonly SQL[] {
  const { caller } = context;
  const { objects, conditions = {}, table } = workflow;
  if (!caller) return [];
  return table.transitions
    .filter(({ isTask }) => isTask)
    .flatMap((transition) =>
      transition.by.flatMap((actor) => {
        const who = isBy(actor, workflow, caller);
        const condition = transition.when === undefined ? undefined : conditions[transition.when]?.(context);
        const others = isByAnother(transition, workflow, caller);
        return who
          ? transition.from.map((stage) => and(eq(objects.stage, stage), who, condition, others))
          : [];
      }),
    )
    .filter((each) => each !== undefined);
}

/** Returns the condition of the objects on which a line of `by` names the caller; undefined if it names the caller on none. */
function isBy(
  { department, roles, as, key, system }: Actor,
  { enterpriseId, ...workflow }: Workflow,
  caller: Caller,
): SQL | undefined {
  if (system) return undefined;
  if (key !== undefined) {
    if (caller.kind !== 'partner' || !caller.actions?.includes(key) || !enterpriseId) return undefined;
    return caller.enterpriseId === undefined ? undefined : eq(enterpriseId, caller.enterpriseId);
  }
  if (caller.kind !== 'department') return undefined;
  if (department !== undefined && department !== caller.department) return undefined;
  if (roles !== undefined && !roles.includes(caller.role)) return undefined;
  const relation = as === undefined ? sql`true` : relationsOf(workflow, caller)[as];
  return relation && and(relation, isInLimit(workflow, caller));
}

/** Returns the condition that objects are in the region that the caller is limited to. Its codes are read first, for the index of regions. */
function isInLimit(
  { agency: { regionClosure }, objects }: Pick<Workflow, 'agency' | 'objects'>,
  { region }: DepartmentCaller,
): SQL | undefined {
  if (region === undefined) return undefined;
  if (!regionClosure) return isWithin(undefined, sql`${objects.regionCode}`, region);
  const { ancestor, code } = regionClosure;
  return sql`${objects.regionCode} = any(array(select ${code} from ${regionClosure} where ${ancestor} = ${region}))`;
}

/** Returns the condition that the caller never carried out an action that needs another person than this one. */
function isByAnother(
  { notBy = [] }: Transition,
  { steps, objects }: Workflow,
  caller: Caller,
): SQL | undefined {
  if (notBy.length === 0) return undefined;
  return sql`not exists (select 1 from ${steps} where ${and(
    eq(steps.objectId, objects.id),
    inArray(steps.action, [...notBy]),
    inArray(steps.author, [...sameAuthorsAs(caller)]),
  )})`;
}
