import type { GatewayContext } from '../context.ts';
import type { Log } from '../log.ts';
import { SubgraphFailure, tooSlow, unreachable, unreadable } from './errors.ts';
import { isObject } from './json.ts';
import type { Run } from './run.ts';
import type { Subgraph, SubgraphError, SubgraphRequest, SubgraphResponse } from './subgraph.ts';

export type AskOptions = {
  readonly subgraphs: ReadonlyMap<string, Subgraph>;
  readonly timeoutMs: number;
  readonly log: Log;
};

/** Asks subgraphs for one request. Whatever goes wrong is an answer too, and comes in time. */
export function createAsk({ subgraphs, timeoutMs, log }: AskOptions, context: GatewayContext): Run['ask'] {
  return async (name, request) => {
    try {
      const subgraph = subgraphs.get(name);
      if (!subgraph) throw new Error(`The supergraph has no subgraph "${name}".`);
      return readResponse(name, await withTimeout(name, subgraph, request, context, timeoutMs));
    } catch (error) {
      const failure = error instanceof SubgraphFailure ? error : unreachable(name, error);
      log.warn({ requestId: context.requestId, subgraph: name, cause: failure.cause }, failure.message);
      return failure;
    }
  };
}

async function withTimeout(
  name: string,
  subgraph: Subgraph,
  request: Omit<SubgraphRequest, 'signal'>,
  context: GatewayContext,
  timeoutMs: number,
): Promise<SubgraphResponse> {
  const controller = new AbortController();
  const { promise: timeout, reject } = Promise.withResolvers<never>();
  const timer = setTimeout(() => {
    const failure = tooSlow(name, timeoutMs);
    reject(failure);
    controller.abort(failure);
  }, timeoutMs);
  try {
    return await Promise.race([subgraph({ ...request, signal: controller.signal }, context), timeout]);
  } finally {
    clearTimeout(timer);
  }
}

function readResponse(name: string, response: unknown) {
  if (!isObject(response)) throw unreadable(name);
  const { data, errors = [] } = response;
  if (!Array.isArray(errors) || !errors.every(isError)) throw unreadable(name);
  if (!isObject(data) && errors.length === 0) throw unreadable(name);
  return {
    data: isObject(data) ? data : undefined,
    errors,
  };
}

const isError = (value: unknown): value is SubgraphError =>
  isObject(value) &&
  typeof value.message === 'string' &&
  (value.path === undefined || value.path === null || Array.isArray(value.path));
