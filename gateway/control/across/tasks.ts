import type { Context } from '@wenshu/kit/context.ts';
import { today } from '@wenshu/kit/today.ts';
import type { Fields } from '../schema-types.ts';
import type { AskAgencies } from './ask-agencies.ts';
import { mergedPage, type Row, startOf, withGaps } from './merged-page.ts';
import { type Answered, objectOf, questionOf, withoutPurpose, workedOf } from './workflow-lists.ts';

type Args = Fields['Query']['myTasks']['args'];
type Said = { readonly dueOn: string | null; readonly actions: readonly string[] };
type Task = { readonly id: string; readonly dueOn: string | null };

/** Returns a page of what the caller has to do now, over the workflows of all agencies, by due day. */
export async function tasksAcross(ask: AskAgencies, context: Context, args: Args) {
  const types = workedOf(args.type ? [args.type] : undefined);
  const start = startOf(args);
  const { dueBefore, synthetic } = args;
  const query = questionOf('tasks', types, '$dueBefore: Date', 'dueBefore: $dueBefore', 'dueOn actions');
  const variables = { ...start.positions, first: start.size, dueBefore, synthetic };
  const { data, gaps } = await ask(withoutPurpose(context), query, variables);
  const parts = types.flatMap((worked) => {
    const list = data[worked.name] as Answered<Said> | null | undefined;
    if (!list) return [];
    const edges = list.edges.map((edge) => {
      const { cursor, dueOn, actions } = edge;
      const isOverdue = dueOn !== null && dueOn < today();
      return { cursor, node: { ...objectOf(worked, edge), dueOn, actions, isOverdue } };
    });
    return { source: worked.name, edges, hasNextPage: list.pageInfo.hasNextPage };
  });
  return withGaps(mergedPage(parts, args, start, byDueDay), parts.length, gaps);
}

/** Compares as each agency orders its tasks: what has no due day comes last. */
function byDueDay({ node: a }: Row<Task>, { node: b }: Row<Task>): number {
  const [dueA, dueB] = [a.dueOn ?? '9', b.dueOn ?? '9'];
  return Number(dueA > dueB) - Number(dueA < dueB) || Number(a.id > b.id) - Number(a.id < b.id);
}
