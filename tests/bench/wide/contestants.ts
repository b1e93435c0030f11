import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { cores } from '../support/cores.ts';
import { type NodeOptions, type Server, startServer } from '../support/node-process.ts';
import type { Absentee, Contestant } from '../support/rounds.ts';
import { startWenshu } from '../support/wenshu.ts';

const fromHere = (path: string) => fileURLToPath(new URL(path, import.meta.url));
const peersFolder = fromHere('../peers');

export const ours = 'wenshu';
export const apolloGateway = '@apollo/gateway';

/** `wenshu gateway` on the core of the gateway. */
export const startOurs = (
  supergraphFile: string,
  options: Pick<NodeOptions, 'env' | 'flags'> = {},
): Promise<Server> =>
  startWenshu(['gateway', '--supergraph', supergraphFile, '--port', '0'], {
    core: cores.gateway,
    ...options,
  });

const startPeer = (script: string, args: readonly string[]) =>
  startServer(`${peersFolder}/${script}`, args, { core: cores.gateway });

const start: Readonly<Record<string, (supergraphFile: string) => Promise<Server>>> = {
  [ours]: (file) => startOurs(file),
  [apolloGateway]: (file) => startPeer('apollo-gateway.mjs', [file]),
  'Hive Gateway': (file) => startPeer('hive-gateway.mjs', [file]),
  'Hive Gateway, Rust planner': (file) => startPeer('hive-gateway.mjs', [file, 'rust']),
};

/** Contestants that are measured, and those that are not. */
export type Field = { readonly contestants: readonly Contestant[]; readonly absent: readonly Absentee[] };

/** Starts every gateway over one supergraph. One that does not install or start is reported and not measured. */
export async function startGateways(supergraphFile: string, opening: AsyncDisposableStack): Promise<Field> {
  const failure = await installPeers();
  const contestants: Contestant[] = [];
  const absent: Absentee[] = [];
  for (const [name, startOne] of Object.entries(start)) {
    if (failure && name !== ours) {
      absent.push({ name, reason: failure });
      continue;
    }
    try {
      const server = opening.use(await startOne(supergraphFile));
      contestants.push({ name, server, url: new URL('/graphql', server.address).href });
    } catch (error) {
      if (name === ours) throw error;
      absent.push({ name, reason: error instanceof Error ? error.message : String(error) });
    }
  }
  // @apollo/gateway's server answers at the root.
  return {
    contestants: contestants.map((contestant) =>
      contestant.name === apolloGateway ? { ...contestant, url: contestant.server.address } : contestant,
    ),
    absent,
  };
}

/** Installs the peers on first use. Resolves to the reason of a failure, or to undefined. */
export async function installPeers(): Promise<string | undefined> {
  if (existsSync(`${peersFolder}/node_modules/.package-lock.json`)) return undefined;
  console.log('Installing the gateways to measure against (tests/bench/peers) ...');
  // `npm run` sets variables that would have this npm work on the root.
  const env = Object.fromEntries(Object.entries(process.env).filter(([name]) => !/^npm_/i.test(name)));
  const npm = spawn('npm', ['ci', '--loglevel=error'], {
    cwd: peersFolder,
    env,
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let complaints = '';
  npm.stderr.on('data', (chunk) => (complaints += chunk));
  const [code] = await once(npm, 'close').catch((error) => [String(error)]);
  return code === 0 ? undefined : `not installed: ${complaints.trim().split('\n')[0] || code}`;
}
