import { isObject } from '../lib/json.ts';
import type { Log } from '../lib/log.ts';
import type { GatewayContext } from '../request/context.ts';
import { type FailureKind, failed, SubgraphFailure } from '../request/errors.ts';
import type { Answer, AskSubgraph, GuardedSubgraph, SubgraphRequest } from '../upstream/subgraph.ts';
import type { BulkReading } from './bulk-reading.ts';

export type AskOptions = {
  readonly subgraphs: ReadonlyMap<string, GuardedSubgraph>;
  readonly log: Log;
};

/** Creates the function that calls subgraphs for one request. It returns every failure as an answer. */
export function createAsk(
  { subgraphs, log }: AskOptions,
  context: GatewayContext,
  bulk?: BulkReading,
): AskSubgraph {
  return async (name, request) => {
    try {
      const subgraph = subgraphs.get(name);
      if (!subgraph) throw new Error(`The supergraph has no subgraph "${name}".`);
      const { kind } = request;
      if (kind === 'subscription') throw new Error('A subscription is opened as a stream.');
      const snapshot = await bulk?.snapshotOf(name, subgraph);
      const asking = snapshot === undefined ? context : { ...context, snapshot };
      const ask = async (asked: SubgraphRequest): Promise<Answer> => {
        const { data, errors = [] } = await subgraph(withFindings(asked, context), asking);
        return { data: isObject(data) ? data : undefined, errors };
      };
      const call = { ...request, kind };
      const rows = snapshot === undefined ? undefined : await bulk?.askForRows?.(call, ask);
      return rows ?? (await ask(call));
    } catch (error) {
      const failure = error instanceof SubgraphFailure ? error : failed(name, error);
      if (!unremarkable.has(failure.kind)) {
        log.warn({ requestId: context.requestId, subgraph: name, cause: failure.cause }, failure.message);
      }
      return failure;
    }
  };
}

/** Adds what the gateway found out for a change to the call that makes it. */
const withFindings = (
  request: SubgraphRequest,
  { evidence, unknownNames }: GatewayContext,
): SubgraphRequest =>
  request.kind === 'mutation' && (evidence || unknownNames)
    ? { ...request, evidence, unknownNames }
    : request;

/**
 * Failures that are not logged: the log reports once that a breaker opened, or that a client left, not for each call.
 */
const unremarkable = new Set<FailureKind>(['resting', 'abandoned']);
