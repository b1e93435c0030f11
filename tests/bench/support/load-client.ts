/**
 * A closed-loop HTTP client, as a process: each connection sends its next request when the answer to the last one is
 * complete. It writes prepared bytes and looks only for the end of an answer, so that it leaves its core to the
 * subgraphs. Reads a `Load` from standard input, prints a `LoadFigures`.
 */
import { connect } from 'node:net';
import { json } from 'node:stream/consumers';
import { setTimeout as wait } from 'node:timers/promises';
import { cpuSecondsOf, rssBytesOf } from '../../support/process-figures.ts';
import type { Load, LoadFigures } from './load.ts';

const load = (await json(process.stdin)) as Load;
const { hostname, port, pathname, host } = new URL(load.url);
const headers = Object.entries(load.headers ?? {}).map(([name, value]) => `${name}: ${value}\r\n`);
const requests = load.bodies.map((body) =>
  Buffer.from(
    `POST ${pathname} HTTP/1.1\r\nhost: ${host}\r\ncontent-type: application/json\r\naccept: application/json\r\n` +
      `${headers.join('')}content-length: ${Buffer.byteLength(body)}\r\n\r\n${body}`,
  ),
);

let isMeasuring = false;
let isEnding = false;
let open = 0;
let sent = 0;
let failures = 0;
const latenciesMs: number[] = [];

const endTimeoutMs = 10_000;
const headEnd = Buffer.from('\r\n\r\n');
const lastChunk = Buffer.from('\r\n0\r\n\r\n');

function openConnection(): void {
  open++;
  const socket = connect(Number(port), hostname);
  socket.setNoDelay(true);
  let sentAt = 0;
  /** Of the answer under way: what came of it, until its head is whole, and then how much is left of it. */
  let head: Buffer | undefined;
  let isRight = true;
  let bytesLeft = 0;
  /** An answer in chunks ends with these bytes, which JSON cannot hold. */
  let tail: Buffer | undefined;
  let bodyBytes = 0;

  const send = () => {
    head = Buffer.alloc(0);
    tail = undefined;
    bodyBytes = 0;
    sentAt = performance.now();
    socket.write(requests[sent++ % requests.length] ?? '');
  };

  const readHead = (chunk: Buffer): Buffer | undefined => {
    head = head?.length ? Buffer.concat([head, chunk]) : chunk;
    const end = head.indexOf(headEnd);
    if (end < 0) return undefined;
    const text = head.toString('latin1', 0, end);
    isRight = text.startsWith('HTTP/1.1 200');
    const length = text.match(/^content-length: *(\d+)/im)?.[1];
    bytesLeft = length === undefined ? Number.POSITIVE_INFINITY : Number(length);
    // So that the end of an empty answer in chunks is found too.
    tail = length === undefined ? Buffer.from('\r\n') : undefined;
    const rest = head.subarray(end + headEnd.length);
    head = undefined;
    return rest;
  };

  socket.on('connect', send);
  socket.on('data', (chunk: Buffer) => {
    const body = head ? readHead(chunk) : chunk;
    if (!body) return;
    bodyBytes += body.length;
    if (tail) {
      const end =
        body.length >= lastChunk.length
          ? body.subarray(-lastChunk.length)
          : Buffer.concat([tail, body]).subarray(-lastChunk.length);
      if (end.equals(lastChunk)) bytesLeft = 0;
      tail = end;
    } else bytesLeft -= body.length;
    if (bytesLeft > 0) return;
    if (isMeasuring) {
      latenciesMs.push(performance.now() - sentAt);
      if (!isRight || bodyBytes < load.leastBytes) failures++;
    }
    if (isEnding) socket.end();
    else send();
  });
  socket.on('error', () => socket.destroy());
  socket.on('close', () => {
    open--;
    if (isEnding) return;
    failures++;
    setTimeout(openConnection, 50);
  });
}

for (let i = 0; i < load.connections; i++) openConnection();
await wait(load.warmUpSeconds * 1000);

isMeasuring = true;
const startedAt = performance.now();
const cpuBefore = cpuSecondsOf(load.pid);
let rssBytes = 0;
const watch = setInterval(() => {
  rssBytes = Math.max(rssBytes, rssBytesOf(load.pid));
}, 200);
await wait(load.seconds * 1000);
const cpuSeconds = cpuSecondsOf(load.pid) - cpuBefore;
const seconds = (performance.now() - startedAt) / 1000;
isMeasuring = false;
clearInterval(watch);

// What is under way is let end: it must not be in the way of whoever is measured next.
isEnding = true;
for (let waited = 0; open > 0 && waited < endTimeoutMs; waited += 20) await wait(20);

latenciesMs.sort((a, b) => a - b);
const quantile = (part: number) => latenciesMs[Math.floor(part * (latenciesMs.length - 1))] ?? Number.NaN;
const count = latenciesMs.length;
const figures: LoadFigures = {
  requests: count,
  failures,
  requestsPerSecond: count / seconds,
  cpuMsPerRequest: (cpuSeconds * 1000) / count,
  p50Ms: quantile(0.5),
  p99Ms: quantile(0.99),
  rssBytes,
};
process.stdout.write(JSON.stringify(figures), () => process.exit(0));
