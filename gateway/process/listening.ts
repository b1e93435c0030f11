import type { Config } from './config.ts';

/** Listens, or rejects with a reason that an operator understands. */
export async function explainListening<T>(
  { port, host }: Pick<Config, 'port' | 'host'>,
  listen: () => Promise<T>,
): Promise<T> {
  const reasons: Record<string, string> = {
    EADDRINUSE: `Port ${port} is in use by another program. Choose another with --port.`,
    EACCES: `Port ${port} may not be used by this account. Choose one above 1023.`,
    EADDRNOTAVAIL: `HOST ${host} is not an address of this machine.`,
    ENOTFOUND: `HOST ${host} is not an address of this machine.`,
  };
  return listen().catch((error) => {
    throw reasons[error.code] ? new Error(reasons[error.code], { cause: error }) : error;
  });
}
