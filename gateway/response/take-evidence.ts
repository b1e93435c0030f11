import type { Evidence, Fact, MissingFact } from '@wenshu/schema/evidence.ts';
import { type GraphQLError, type GraphQLSchema, getOperationAST } from 'graphql';
import { type AskedChange, changesIn } from '../admission/check-writing.ts';
import type { Json } from '../lib/json.ts';
import type { AskForCaller } from '../request/ask-for-caller.ts';
import type { GatewayContext } from '../request/context.ts';
import { type EvidenceOfChange, readEvidence } from '../supergraph/evidence.ts';
import type { Supergraph } from '../supergraph/supergraph.ts';
import { readWritable } from '../supergraph/writable.ts';
import { coordinateAt, factsInAnswer } from './evidence-facts.ts';
import type { ExecuteStep, OperationRequest } from './operation-steps.ts';

/** How long the question of a change may take, and how large its answer may be. Larger runs take it in pages. */
export const evidenceLimits = { timeoutMs: 5_000, bytes: 1024 ** 2 } as const;

/**
 * Lets a change have what it needs of other agencies (`@writable(evidence:)`): asks for it in the gateway's own name,
 * under the standing agreement of the change, and hands it to the agency with the call. The agency refuses the change if
 * something is missing, unless it has carried it out before.
 */
export const withEvidence =
  (
    supergraphOf: (schema: GraphQLSchema) => Supergraph,
    ask: AskForCaller,
    execute: ExecuteStep,
  ): ExecuteStep =>
  async (request) => {
    const supergraph = supergraphOf(request.schema);
    const needed = neededBy(request, supergraph);
    if (!needed) return execute(request);
    const evidence = await takeEvidence(needed.evidence, needed.change, request.context, supergraph, ask);
    return execute({ ...request, context: { ...request.context, evidence } });
  };

function neededBy({ schema, document, operationName, variables }: OperationRequest, supergraph: Supergraph) {
  const known = readEvidence(supergraph.document);
  const operation = known.size > 0 ? getOperationAST(document, operationName) : undefined;
  if (operation?.operation !== 'mutation') return undefined;
  const asked = changesIn({ schema, document, operation }, variables, readWritable(supergraph.document));
  const change = asked.find(({ name }) => known.has(name));
  const evidence = change && known.get(change.name);
  return evidence && { change, evidence };
}

async function takeEvidence(
  needed: EvidenceOfChange,
  { input = {} }: AskedChange,
  { purposeOfUse, requestId, signal, deadline = Number.POSITIVE_INFINITY }: GatewayContext,
  { publicSchema }: Supergraph,
  ask: AskForCaller,
): Promise<Evidence> {
  const at = new Date().toISOString();
  const lacking = (coordinates: readonly string[]): Evidence => ({
    at,
    data: null,
    facts: [],
    missing: coordinates.map((coordinate) => missingFact(coordinate, needed)),
  });
  if (needed.uncovered.length > 0) return lacking(needed.uncovered);
  const variables = Object.fromEntries(
    needed.variables.flatMap((name) => (name in input ? [[name, input[name]]] : [])),
  );
  const { data, errors } = await ask(
    { requestId, ...(purposeOfUse && { purposeOfUse }) },
    {
      query: needed.text,
      variables,
      timeoutMs: Math.min(evidenceLimits.timeoutMs, deadline - performance.now()),
      signal,
    },
  );
  if (errors.length > 0 || !data) return lacking(placesOf(errors, needed, publicSchema));
  const facts: readonly Fact[] = factsInAnswer(data, needed.query, publicSchema);
  return isTooLarge({ data, facts }) ? lacking(needed.facts) : { at, data, facts, missing: [] };
}

const isTooLarge = (answer: Json) => Buffer.byteLength(JSON.stringify(answer)) > evidenceLimits.bytes;

const missingFact = (coordinate: string, { ownerOf }: EvidenceOfChange): MissingFact => {
  const owner = ownerOf(coordinate);
  return { coordinate, ...(owner && { owner }) };
};

/** Returns the coordinates of the fields that failed; all if that is unknown. */
function placesOf(
  errors: readonly GraphQLError[],
  { query, facts }: EvidenceOfChange,
  schema: GraphQLSchema,
): readonly string[] {
  const places = errors.flatMap(({ path }) => coordinateAt(path ?? [], query, schema) ?? []);
  return places.length > 0 ? [...new Set(places)] : facts;
}
