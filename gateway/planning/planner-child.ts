import { QueryPlanner } from '@graphql-hive/router-query-planner';
import type { PlannerMessage, PlannerReply, PlannerTask } from './planner-process.ts';

// This file runs as a process of its own (see planner-process.ts), because a panic of the Rust planner aborts its
// process.

const planners = new Map<string, QueryPlanner>();

async function carryOut(task: PlannerTask): Promise<unknown> {
  if (task.kind === 'load') {
    const planner = new QueryPlanner(task.supergraph);
    planners.set(task.graph, planner);
    return { labels: planner.overrideLabels, percentages: planner.overridePercentages };
  }
  const { source, operationName, labels, percentage } = task;
  // The planner runs on another thread, so that this one notices when nobody waits any more.
  return await planners.get(task.graph)?.planAsync(source, operationName, new Set(labels), percentage);
}

async function answer(task: PlannerTask): Promise<PlannerReply> {
  try {
    return { result: await carryOut(task) };
  } catch (error) {
    return { problem: error instanceof Error ? error.message : String(error) };
  }
}

process.on('message', async (message: PlannerMessage) => {
  if (message.kind === 'forget') planners.delete(message.graph);
  else process.send?.(await answer(message));
});

// The gateway has ended. exit() would wait for the plan under way, which may take forever.
process.on('disconnect', () => process.kill(process.pid, 'SIGKILL'));

// A terminal or a supervisor signals all processes, but the gateway still needs plans for the requests that it
// finishes.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => {});
