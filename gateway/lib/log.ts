import { failureOf } from '@wenshu/schema/failure.ts';

/** The log for operators. A pino logger has this type. */
export type Log = Record<
  'info' | 'warn' | 'error',
  (details: Record<string, unknown>, message: string) => void
>;

/** Returns the same log without the values that callers sent: each `cause` is reduced to a description without them. */
export function withoutValues(log: Log): Log {
  const lineOf = (level: keyof Log) => (details: Record<string, unknown>, message: string) =>
    log[level](
      details.cause !== undefined ? { ...details, cause: failureOf(details.cause) } : details,
      message,
    );
  return { info: lineOf('info'), warn: lineOf('warn'), error: lineOf('error') };
}

/** Logs why a subgraph in this process, or the subgraph that this process runs, failed to answer. */
export const logFailuresOf =
  (subgraph: string, log: Log) =>
  (cause: unknown, requestId: string | undefined): void =>
    log.error({ requestId, subgraph, cause: failureOf(cause) }, 'A subgraph failed to answer.');

export const silent: Log = { info: () => {}, warn: () => {}, error: () => {} };
