import type { Log } from '../lib/log.ts';
import type { Outcome, RequestFacts } from '../request/record.ts';

/** Writes one line for each request: operation and result, never a value that the caller sent. */
export function logRequest(log: Log, facts: RequestFacts, status: number, outcome: Outcome): void {
  const { options, operation, startedAt, endedAt = startedAt, calls, errorCodes, isRegistered } = facts;
  log[outcome === 'failed' ? 'warn' : 'info'](
    {
      requestId: options.requestId,
      operation: operation && (operation.name ?? null),
      hash: operation?.hash,
      registered: isRegistered,
      status,
      outcome,
      durationMs: Math.round((endedAt - startedAt) * 100) / 100,
      calls: countBySubgraph(calls),
      errorCodes: errorCodes.length > 0 ? errorCodes : undefined,
    },
    'request',
  );
}

function countBySubgraph(calls: RequestFacts['calls']): Readonly<Record<string, number>> {
  const counts: Record<string, number> = {};
  for (const { subgraph } of calls) counts[subgraph] = (counts[subgraph] ?? 0) + 1;
  return counts;
}
