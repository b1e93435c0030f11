import type {
  FlattenNodePathSegment,
  PlanNode,
  QueryPlan,
  RequiresSelection,
} from '@graphql-hive/router-query-planner';
import type { Call, RequestFacts } from '../request/record.ts';

/**
 * Creates `extensions.explain`, which shows how the answer was made. Times are milliseconds since the request arrived.
 * When a part may not be seen, it omits all that depends on rows: which fetches ran, what they requested and found, and
 * the total time.
 */
export function explain(facts: RequestFacts) {
  const { requestId } = facts.options;
  const since = (time: number | undefined) =>
    time === undefined ? undefined : roundMs(time - facts.startedAt);
  const fetchOf = (call: Call) => ({
    subgraph: call.subgraph,
    operationName: call.operationName,
    startMs: since(call.startedAt),
    durationMs: call.endedAt && roundMs(call.endedAt - call.startedAt),
    entitiesAsked: call.entitiesAsked,
    entitiesFound: call.entitiesFound,
    keysFound: call.keysFound,
    bytes: call.bytes,
    failure: call.failure,
  });
  const { planning } = facts;
  return {
    requestId,
    totalMs: facts.hasDenials ? undefined : since(performance.now()),
    cost: facts.cost,
    planning: planning && {
      cache: planning.wasKept ? 'hit' : 'miss',
      durationMs: roundMs(planning.endedAt - planning.startedAt),
    },
    fetches: facts.hasDenials ? plannedFetches(planning?.plan) : facts.calls.map(fetchOf),
    plan: planning?.plan && JSON.parse(JSON.stringify(planning.plan, trim)),
  };
}

/** Lists the fetches of a plan, whether they ran or not. */
function plannedFetches({ node }: Partial<QueryPlan> = {}) {
  const fetches: Pick<Call, 'subgraph' | 'operationName'>[] = [];
  const visit = (each: PlanNode | undefined): void => {
    if (!each) return;
    if (each.kind === 'Sequence' || each.kind === 'Parallel') each.nodes.forEach(visit);
    else if (each.kind === 'Flatten') visit(each.node);
    else if (each.kind === 'Condition') [each.ifClause, each.elseClause].forEach(visit);
    else if (each.kind === 'Fetch' || each.kind === 'BatchFetch') {
      fetches.push({ subgraph: each.serviceName, operationName: each.operationName });
    }
  };
  visit(node);
  return fetches;
}

const roundMs = (ms: number) => Math.round(ms * 1000) / 1000;

/** Drops what only the executor needs, and prints operations as GraphQL. */
function trim(key: string, value: unknown): unknown {
  switch (key) {
    case 'inputRewrites':
    case 'outputRewrites':
    case 'variableUsages':
    case 'representationsVariableName':
      return undefined;
    case 'path':
      return pathText(value as FlattenNodePathSegment[]);
    case 'paths':
      return (value as FlattenNodePathSegment[][]).map(pathText);
    case 'requires':
      return (value as RequiresSelection[]).map(selectionText).join(' ');
    default:
      return value;
  }
}

/** Formats a path as in `parks.nodes.@.partyUnit`; `@` stands for each item of a list. */
const pathText = (path: readonly FlattenNodePathSegment[]): string =>
  path
    .map((segment) => {
      if (segment === '@') return '@';
      return 'Field' in segment ? segment.Field : `<${segment.TypeCondition.join('|')}>`;
    })
    .join('.');

function selectionText(selection: RequiresSelection): string {
  if (selection.kind === 'FragmentSpread') return `...${selection.value}`;
  const inner = selection.selections?.length
    ? ` { ${selection.selections.map(selectionText).join(' ')} }`
    : '';
  return selection.kind === 'Field'
    ? `${selection.name}${inner}`
    : `... on ${selection.typeCondition}${inner}`;
}
