import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as wait } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { cpuSecondsOf, rssBytesOf } from '../../support/process-figures.ts';
import { cores, nodeCommand } from '../support/cores.ts';
import { type Server, startServer } from '../support/node-process.ts';
import { startWenshu } from '../support/wenshu.ts';
import { installPeers } from '../wide/contestants.ts';
import type { Command, Received } from './clients.ts';
import { supergraphOf } from './subgraphs.ts';

export type SubscriptionFigure = {
  readonly gateway: string;
  readonly subscribers: number;
  /** Whether each subscriber asks for something of his own. */
  readonly isEach: boolean;
  /** Processor time of the gateway for each event that a subscriber received, in microseconds. */
  readonly cpuMicroseconds: number;
  /** From commit to delivery, with the gateway's core half busy. */
  readonly p99Ms: number;
  /** Memory for each idle subscriber, buffers of the sockets included. */
  readonly bytesEach: number;
};

const fromHere = (path: string) => fileURLToPath(new URL(path, import.meta.url));
const limits = {
  MAX_SUBSCRIPTIONS: '50000',
  SUBSCRIPTIONS_PER_ADDRESS: '50000',
  SUBSCRIPTIONS_PER_CALLER: '50000',
  CONNECTIONS_PER_ADDRESS: '50000',
  MAX_IN_FLIGHT: '50000',
  AUDIT: '0',
};

const gateways: Readonly<Record<string, (file: string) => Promise<Server>>> = {
  wenshu: (file) =>
    startWenshu(['gateway', '--supergraph', file, '--port', '0'], { core: cores.gateway, env: limits }),
  'Hive Gateway': (file) =>
    startServer(fromHere('../peers/hive-gateway.mjs'), [file], { core: cores.gateway }),
};

/** Measures subscriptions over Server-Sent Events, with one operation for all and with one for each. */
export async function runSubscriptions(say: (line: string) => void): Promise<readonly SubscriptionFigure[]> {
  await using opening = new AsyncDisposableStack();
  const missing = await installPeers();
  const subgraphs = opening.use(await startServer(fromHere('server.ts'), [], { core: cores.load }));
  const folder = mkdtempSync(join(tmpdir(), 'wenshu-bench-'));
  opening.defer(() => rmSync(folder, { recursive: true, force: true }));
  const file = join(folder, 'supergraph.graphql');
  writeFileSync(file, supergraphOf(subgraphs.address));
  const figures: SubscriptionFigure[] = [];
  for (const subscribers of [1_000, 10_000]) {
    for (const isEach of [false, true]) {
      for (const [gateway, start] of Object.entries(gateways)) {
        if (missing && gateway !== 'wenshu') continue;
        say(
          `Measuring ${gateway}, ${subscribers} subscribers, ${isEach ? 'one operation each' : 'one for all'} ...`,
        );
        await using server = await start(file);
        const figure = await measureOne(server, subgraphs.address, subscribers, isEach);
        figures.push({ gateway, subscribers, isEach, ...figure });
      }
    }
  }
  return figures;
}

async function measureOne(server: Server, subgraph: string, subscribers: number, isEach: boolean) {
  await using clients = startClients();
  const url = new URL('/graphql', server.address).href;
  const publish = () =>
    fetch(new URL('/publish', subgraph), { method: 'POST', body: '{}' }).then((r) => r.text());
  // A first one warms the gateway up.
  await clients.tell({ open: 1, url, isEach });
  await clients.tell({ close: true });
  const before = rssBytesOf(server.pid);
  await clients.tell({ open: subscribers, url, isEach });
  await wait(2_000);
  const bytesEach = (rssBytesOf(server.pid) - before) / subscribers;

  const send = async (events: number, everyMs: number) => {
    const cpuBefore = cpuSecondsOf(server.pid);
    const received = clients.tell({ waitFor: events * subscribers });
    for (let i = 0; i < events; i++) {
      await publish();
      await wait(everyMs);
    }
    const figures = await received;
    return { ...figures, cpuSeconds: cpuSecondsOf(server.pid) - cpuBefore };
  };
  await send(5, 100);
  const measured = await send(20, isEach ? 500 : 50);
  const cpuMsPerRound = (measured.cpuSeconds * 1000) / 20;
  const half = await send(20, cpuMsPerRound * 2);
  return {
    cpuMicroseconds: (measured.cpuSeconds * 1e6) / measured.events,
    p99Ms: half.p99Ms,
    bytesEach,
  };
}

function startClients() {
  const [program, ...before] = nodeCommand(cores.load);
  const child = spawn(program, [...before, fromHere('clients.ts')], { stdio: ['pipe', 'pipe', 'inherit'] });
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const ready = lines.next();
  return {
    async tell(command: Command): Promise<Received> {
      await ready;
      child.stdin.write(`${JSON.stringify(command)}\n`);
      const { value, done } = await lines.next();
      if (done) throw new Error('The subscribers have ended.');
      return JSON.parse(value) as Received;
    },
    async [Symbol.asyncDispose]() {
      const closed = once(child, 'close');
      child.kill('SIGKILL');
      await closed;
    },
  };
}
