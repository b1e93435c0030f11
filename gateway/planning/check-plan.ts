import type { QueryPlan } from '@graphql-hive/router-query-planner';

/**
 * Refuses a plan that would compute from a wrong value. If a subgraph requires one field with two sets of arguments,
 * the planner fetches the second under an alias. Behind a type condition it then does not read that alias (seen in
 * 0.0.38), so both requirements would get the first value. No answer is better than a wrong one.
 */
export function checkPlan(plan: QueryPlan): void {
  const text = JSON.stringify(plan);
  const fetched = new Set(text.match(/_internal_qp_alias_\d+(?=: )/g));
  const read = new Set(text.match(/(?<=")_internal_qp_alias_\d+(?=")/g));
  for (const alias of fetched) {
    if (!read.has(alias)) throw new Error(`The plan fetches ${alias} and never reads it.`);
  }
}
