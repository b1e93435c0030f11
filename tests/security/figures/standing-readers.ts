import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import { connect, type Socket } from 'node:net';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { runCli } from '../../support/cli.ts';
import { createDataFolder } from '../../support/data-folder.ts';
import { answering, startFaultServer } from '../../support/fault-server.ts';
import { supergraphOf } from '../../support/federation.ts';
import { rssBytesOf } from '../../support/process-figures.ts';
import { asText, type Table } from '../../support/table.ts';

const readers = 100;

/** Size of one answer: larger than what a kernel buffers for a stalled reader. */
const answerBytes = 8_000_000;

const settleMs = 10_000;

/** Opens stalled readers one after the other: simultaneous ones would add the cost of computing so many answers at once. */
async function stand(origin: string, request: string): Promise<Socket[]> {
  const { hostname, port } = new URL(origin);
  const sockets: Socket[] = [];
  for (let i = 0; i < readers; i++) {
    const socket = connect({ host: hostname, port: Number(port) });
    socket.on('error', () => {});
    await once(socket, 'connect');
    socket.write(request);
    // The head arrives, and as much of the rest as the kernels buffer.
    await Promise.race([once(socket, 'readable'), wait(5_000)]);
    sockets.push(socket);
  }
  return sockets;
}

async function memoryOf(pid: number, origin: string, request: string): Promise<string> {
  const before = rssBytesOf(pid);
  const sockets = await stand(origin, request);
  await wait(settleMs);
  const megabytes = (rssBytesOf(pid) - before) / 1_000_000;
  for (const socket of sockets) socket.destroy();
  return megabytes.toFixed(0);
}

/** Reads as many answers completely, to exclude the garbage of so many answers from the figure. */
async function readAll(origin: string): Promise<void> {
  for (let i = 0; i < readers; i++) {
    const headers = { 'content-type': 'application/json', connection: 'close' };
    await (await fetch(`${origin}/graphql`, { method: 'POST', headers, body })).text();
  }
  await wait(settleMs);
}

const body = '{"query":"{ text }"}';
const pageRequest = 'GET /graphiql HTTP/1.1\r\nhost: localhost\r\n\r\n';
const answerRequest = [
  'POST /graphql HTTP/1.1',
  'host: localhost',
  'content-type: application/json',
  `content-length: ${body.length}`,
  '',
  body,
].join('\r\n');

/** Measures how many MB more a gateway in its own process holds for stalled readers. */
async function standingReaders(): Promise<Table> {
  await using folder = await createDataFolder();
  await using server = await startFaultServer(answering({ text: 'x'.repeat(answerBytes) }));
  const file = join(folder.path, 'supergraph.graphql');
  const sdl = 'type Query { text: String }';
  await writeFile(file, supergraphOf({ texts: { sdl } }, new Map([['texts', server.url]])));
  const settings = { WENSHU_DATA: folder.path, AUDIT: '0', SUBGRAPH_MAX_RESPONSE: '32MiB' };
  await using gateway = runCli(['gateway', '--supergraph', file], settings);
  const origin = await gateway.printed(/http:\/\/localhost:\d+/);
  // The first request of any kind has costs of its own.
  await fetch(`${origin}/healthz`);
  const page = await memoryOf(gateway.pid, origin, pageRequest);
  await readAll(origin);
  const answer = await memoryOf(gateway.pid, origin, answerRequest);
  return {
    title: `${readers} readers that take nothing: MB that the gateway holds more (aim: 20)`,
    head: ['of', 'MB'],
    rows: [
      ['/graphiql', page],
      [`/graphql, ${answerBytes / 1_000_000} MB each`, answer],
    ],
  };
}

console.log(asText(await standingReaders()));
