import { failureOf } from '@wenshu/schema/failure.ts';

/** Where the gateway writes what an operator should know; pino fits as it is. */
export type Log = Record<
  'info' | 'warn' | 'error',
  (details: Record<string, unknown>, message: string) => void
>;

/** The same log, with of each cause only what holds no value that a caller sent. */
export function withoutValues(log: Log): Log {
  const lineOf = (level: keyof Log) => (details: Record<string, unknown>, message: string) =>
    log[level](
      details.cause !== undefined ? { ...details, cause: failureOf(details.cause) } : details,
      message,
    );
  return { info: lineOf('info'), warn: lineOf('warn'), error: lineOf('error') };
}

/** Notes why a subgraph in this process, or one that this process is, could not answer. */
export const logFailuresOf =
  (subgraph: string, log: Log) =>
  (cause: unknown, requestId: string | undefined): void =>
    log.error({ requestId, subgraph, cause: failureOf(cause) }, 'A subgraph failed to answer.');

export const silent: Log = { info: () => {}, warn: () => {}, error: () => {} };
