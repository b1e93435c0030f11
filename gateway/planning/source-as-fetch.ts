import type { PlanNode, QueryPlan, SubscriptionNode } from '@graphql-hive/router-query-planner';

/**
 * Returns the plan of a subscription with its source as a fetch like any other: an event answers it. What follows is then the plan of a
 * query. Plans of other operations stay as they are.
 */
export function sourceAsFetch(plan: QueryPlan): QueryPlan {
  const node = plan.node && replaced(plan.node);
  return node === plan.node ? plan : { ...plan, ...(node && { node }) };
}

/** The planner puts a source at the top of a plan, alone or first in a sequence. */
function replaced(node: PlanNode): PlanNode {
  if (node.kind === 'Subscription') return fetchOf(node);
  const [first, ...rest] = node.kind === 'Sequence' ? node.nodes : [];
  return first?.kind === 'Subscription' ? { kind: 'Sequence', nodes: [fetchOf(first), ...rest] } : node;
}

/** The planner leaves `kind` out here, though its types have it. */
const fetchOf = ({ primary }: SubscriptionNode): PlanNode => ({ ...primary, kind: 'Fetch' });
