import type { CheckCost, ValidOperation } from '../admission/check-cost.ts';
import type { GraphManager } from '../graph/graph-manager.ts';
import type { Graph } from '../graph/open-graph.ts';
import type { Incoming } from '../http/server.ts';
import { isObject, type Json } from '../lib/json.ts';
import type { GatewayContext } from '../request/context.ts';
import { Refusal } from '../request/refusal.ts';
import { withoutSuggestions } from '../response/hide-suggestions.ts';
import type { Pipeline } from '../response/pipeline.ts';
import { readQuery } from '../response/validate.ts';
import { type ExportRequest, readExportRequest } from './export-request.ts';
import { findTable, pageVariables, type Table } from './table.ts';

export type PrepareOptions = {
  readonly graphs: GraphManager;
  readonly pipeline: Pipeline;
  readonly checkCost: CheckCost;
  readonly mayIntrospect: (context: GatewayContext) => boolean;
};

/** A valid query with its export table. */
export type Prepared = {
  readonly asked: ExportRequest;
  readonly context: GatewayContext;
  readonly graph: Graph;
  readonly query: ValidOperation;
  readonly table: Table;
  /** Returns the cost of this many rows. */
  costOf(rows: number): number;
};

/** A query that is not a table, as a request for one answer. */
export type PlainQuestion = {
  readonly query: string;
  readonly operationName: string | undefined;
  readonly variables: Json;
};

/** Rows of the smallest page. Its cost must fit into the limit of one operation. */
export const leastRows = 50;

/**
 * Takes an export request through document, validation and cost, like any other request. Throws or rejects with a
 * Refusal.
 */
export async function prepareExport(
  { graphs, pipeline, checkCost, mayIntrospect }: PrepareOptions,
  incoming: Incoming,
): Promise<Prepared | PlainQuestion> {
  const context = contextOf(incoming);

  // document
  const body = readJson(incoming.text, context.headers.get('content-type'));
  const asked = readExportRequest(body);
  const checked = pipeline.checkDocument({ method: 'POST', search: incoming.search, body }, context).body;
  const source = isObject(checked) && typeof checked.query === 'string' ? checked.query : '';

  // valid
  const graph = graphs.current;
  const schema = graph.supergraph.publicSchema;
  const wordsOf = mayIntrospect(context) ? String : withoutSuggestions;
  const query = readQuery(source, asked.operationName, schema, pipeline.validation, wordsOf);

  const { operationName, variables } = asked;
  const table = findTable({ ...query, variables });
  if (!table) return { query: source, operationName, variables };
  // Also what is refused from here on is on record as this operation.
  if (context.record)
    context.record.operation = { name: query.operation.name?.value, hash: table.documentKey };

  // priced
  const costOf = (rows: number) =>
    pipeline.costOf({ schema, ...table }, { ...variables, ...pageVariables(rows, null) }) ?? rows;
  await checkCost(costOf(leastRows), context, costOf(1));
  return { asked, context, graph, query, table, costOf };
}

const contextOf = ({ requestId, headers, clientAddress, admitted, record }: Incoming): GatewayContext => ({
  requestId,
  headers,
  clientAddress,
  ...admitted,
  ...(record && { record }),
});

function readJson(text: string, contentType = ''): unknown {
  if (!/^application\/json\b/i.test(contentType)) {
    throw new Refusal('BAD_REQUEST', 'An export request must be JSON. Send content-type: application/json.');
  }
  try {
    return JSON.parse(text);
  } catch {
    throw new Refusal('BAD_REQUEST', 'The request body is not valid JSON.');
  }
}
