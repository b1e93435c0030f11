import type { AuditLog } from '../audit/audit-log.ts';
import { createAsk } from '../execution/ask-subgraph.ts';
import { json, type Reply } from '../http/reply.ts';
import type { Log } from '../lib/log.ts';
import type { GatewayContext } from '../request/context.ts';
import { SubgraphFailure } from '../request/errors.ts';
import type { GuardedSubgraph } from '../upstream/subgraph.ts';

/** Checks a part of the hub. Resolves when it works, to a `Warning` when it may soon fail; rejects when it fails. */
export type ReadinessCheck = () => Promise<unknown>;

/** Reason why a part does not work, in words that callers may see. */
export class NotReady extends Error {}

/** Reason why a part may soon fail, in words that callers may see. */
export class Warning {
  readonly message: string;

  constructor(message: string) {
    this.message = message;
  }
}

const checkTimeoutMs = 5_000;

/** Reports whether a gateway is ready. After `stop` it is not. */
export type Readiness = { readonly handler: () => Promise<Reply>; stop(): void };

export function createReadiness(checks: () => Readonly<Record<string, ReadinessCheck>>, log: Log): Readiness {
  let isStopping = false;
  return {
    handler: async () => (isStopping ? json(503, { status: 'stopping' }) : checkReadiness(checks(), log)),
    stop() {
      isStopping = true;
    },
  };
}

/** Runs all checks at once and reports each result. */
async function checkReadiness(checks: Readonly<Record<string, ReadinessCheck>>, log: Log): Promise<Reply> {
  const states = await Promise.all(
    Object.entries(checks).map(async ([name, check]) => {
      try {
        const found = await Promise.race([check(), timeout(checkTimeoutMs)]);
        return [name, true, found instanceof Warning ? `ready, but: ${found.message}` : 'ready'] as const;
      } catch (cause) {
        log.warn({ check: name, cause }, `${name} is not ready.`);
        const state = cause instanceof NotReady ? `not ready: ${cause.message}` : 'not ready';
        return [name, false, state] as const;
      }
    }),
  );
  const isReady = states.every(([, isPartReady]) => isPartReady);
  return json(isReady ? 200 : 503, {
    status: isReady ? 'ready' : 'not ready',
    checks: Object.fromEntries(states.map(([name, , state]) => [name, state])),
  });
}

/** Creates the readiness checks of subgraphs. A subgraph is ready when it answers the smallest query. */
export const checksOf = (
  subgraphs: ReadonlyMap<string, GuardedSubgraph>,
  log: Log,
): Record<string, ReadinessCheck> => {
  const deadline = performance.now() + checkTimeoutMs;
  const context: GatewayContext = { requestId: 'readiness', headers: new Map(), deadline };
  const ask = createAsk({ subgraphs, log }, context);
  return Object.fromEntries(
    [...subgraphs.keys()].map((name) => [
      name,
      async () => {
        const answer = await ask(name, { kind: 'query', query: '{ __typename }' });
        if (answer instanceof SubgraphFailure) throw answer;
      },
    ]),
  );
};

function timeout(ms: number): Promise<never> {
  const { promise, reject } = Promise.withResolvers<never>();
  setTimeout(() => reject(new Error(`No answer within ${ms} ms.`)), ms).unref();
  return promise;
}

/** Creates the readiness check of an audit log. */
export const checkOfAudit = (audit: AuditLog) => async () => {
  if (audit.outage) throw new NotReady(audit.outage.reason);
  // Anybody may read `/readyz`, so the free space is reported only in the log and the metrics.
  return audit.space.isLow ? new Warning('its disk is nearly full') : undefined;
};
