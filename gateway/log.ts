/** Where the gateway writes what an operator should know; pino fits as it is. */
export type Log = Record<
  'info' | 'warn' | 'error',
  (details: Record<string, unknown>, message: string) => void
>;

export const silent: Log = { info: () => {}, warn: () => {}, error: () => {} };
