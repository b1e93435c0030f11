import { workflowFieldsOf } from '@wenshu/schema/workflows.ts';
import type { DocumentNode, GraphQLResolveInfo } from 'graphql';
import type { Context } from '../context.ts';
import type { ResolverMap } from '../entities.ts';
import { type ChangesArgs, changesPage } from './feed.ts';
import { type TasksArgs, tasksPage } from './tasks.ts';
import type { Workflow } from './workflow.ts';

/** Returns the resolvers of what is generated for workflows whose objects have a list: their events and tasks. */
export const workflowListResolvers = (workflows: readonly Workflow[], sdl: DocumentNode): ResolverMap => ({
  Query: Object.fromEntries(
    workflows
      .filter(({ table }) => isDeclared(`${table.type}ChangeConnection`, sdl))
      .flatMap((workflow) => {
        const { changes, tasks } = workflowFieldsOf(workflow.table.type);
        return [
          [
            changes,
            (_root: unknown, args: ChangesArgs, context: Context, info: GraphQLResolveInfo) =>
              changesPage(context, workflow, args, info),
          ],
          [
            tasks,
            (_root: unknown, args: TasksArgs, context: Context, info: GraphQLResolveInfo) =>
              tasksPage(context, workflow, args, info),
          ],
        ];
      }),
  ),
});

const isDeclared = (name: string, { definitions }: DocumentNode) =>
  definitions.some((each) => 'name' in each && each.name?.value === name);
