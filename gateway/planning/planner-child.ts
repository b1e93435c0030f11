import { QueryPlanner } from '@graphql-hive/router-query-planner';
import type { PlannerMessage, PlannerReply, PlannerTask } from './planner-process.ts';

// Runs as a process of its own (see planner-process.ts): a panic of the Rust planner aborts the process it is in.

const planners = new Map<string, QueryPlanner>();

async function carryOut(task: PlannerTask): Promise<unknown> {
  if (task.kind === 'load') {
    const planner = new QueryPlanner(task.supergraph);
    planners.set(task.graph, planner);
    return { labels: planner.overrideLabels, percentages: planner.overridePercentages };
  }
  const { source, operationName, labels, percentage } = task;
  // On another thread, so that this one notices when nobody waits any more.
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

// The gateway is gone, however it ended. exit() would wait for the plan under way, which may take forever.
process.on('disconnect', () => process.kill(process.pid, 'SIGKILL'));

// A terminal or a supervisor tells all processes to end; the gateway still plans for requests that it lets end.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => {});
