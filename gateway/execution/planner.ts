import { type QueryPlan, QueryPlanner } from '@graphql-hive/router-query-planner';

/**
 * Which fields have moved, for one request: `@override(label:)` moves a field from one
 * subgraph to another for some callers, or for a percentage of requests.
 */
export type Rollout = {
  readonly labels: ReadonlySet<string>;
  readonly percentage: number;
  /** Requests with the same key have the same plan. */
  readonly key: string;
};

export type Planner = {
  plan(source: string, operationName: string | undefined, rollout: Rollout): Promise<QueryPlan>;
  rollout(isActive: (label: string) => boolean): Rollout;
};

const nothingMoves: Rollout = { labels: new Set(), percentage: 0, key: '' };

/** Plans with the Rust planner of Hive Router, off the main thread. */
export function createPlanner(supergraphSdl: string): Planner {
  const planner = new QueryPlanner(supergraphSdl);
  const percentages = planner.overridePercentages.toSorted((a, b) => a - b);
  const isStatic = percentages.length === 0 && planner.overrideLabels.length === 0;
  return {
    plan: (source, operationName, { labels, percentage }) =>
      planner.planAsync(source, operationName, new Set(labels), percentage),
    rollout(isActive) {
      if (isStatic) return nothingMoves;
      const labels = planner.overrideLabels.filter(isActive);
      const drawn = Math.random() * 100;
      // A field has moved when its percentage is above the number drawn, so each range plans alike.
      const percentage = percentages.findLast((each) => each <= drawn) ?? 0;
      return { labels: new Set(labels), percentage, key: [percentage, ...labels].join() };
    },
  };
}
