import { fileURLToPath } from 'node:url';
import { type NodeOptions, type Server, startServer } from './node-process.ts';

const cli = fileURLToPath(new URL('../../../gateway/cli/wenshu.mjs', import.meta.url));

/** The product as it is started by hand. */
export const startWenshu = (args: readonly string[], options: NodeOptions): Promise<Server> =>
  startServer(cli, args, {
    ...options,
    env: { HOST: '127.0.0.1', LOG_LEVEL: 'error', ...options.env },
    showsErrors: true,
  });
