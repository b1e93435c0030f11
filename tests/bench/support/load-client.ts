/**
 * A closed-loop HTTP client, as a process: each connection sends its next request when the answer to the last one is
 * complete. It writes prepared bytes and looks only for the end of an answer, so that it leaves its core to the
 * subgraphs. Reads a `LoadInTurn` from standard input, prints the `LoadFigures` of each target.
 */
import { connect } from 'node:net';
import { json } from 'node:stream/consumers';
import { setTimeout as wait } from 'node:timers/promises';
import { cpuSecondsOf, rssBytesOf } from '../../support/process-figures.ts';
import type { LoadFigures, LoadInTurn, Target } from './load.ts';

const load = (await json(process.stdin)) as LoadInTurn;

const endTimeoutMs = 10_000;
const headEnd = Buffer.from('\r\n\r\n');
const lastChunk = Buffer.from('\r\n0\r\n\r\n');

interface Answer {
  readonly latencyMs: number;
  readonly isRight: boolean;
}

interface Connection {
  /** Sends a request; resolves to its answer, or to nothing where the connection ends before it. */
  ask(): Promise<Answer | undefined>;
  readonly isOpen: boolean;
  close(): void;
}

function openConnection({ url }: Target, nextRequest: () => Buffer): Connection {
  const { hostname, port } = new URL(url);
  const socket = connect(Number(port), hostname);
  socket.setNoDelay(true);
  let sentAt = 0;
  let answered: ((answer: Answer | undefined) => void) | undefined;
  /** State of the current answer: the bytes so far until its head is complete, then the number of bytes left. */
  let head: Buffer | undefined;
  let isRight = true;
  let bytesLeft = 0;
  /** An answer in chunks ends with these bytes, which JSON cannot hold. */
  let tail: Buffer | undefined;
  let bodyBytes = 0;

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
  const settle = (answer: Answer | undefined) => {
    const settled = answered;
    answered = undefined;
    settled?.(answer);
  };

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
    settle({ latencyMs: performance.now() - sentAt, isRight: isRight && bodyBytes >= load.leastBytes });
  });
  socket.on('error', () => socket.destroy());
  socket.on('close', () => settle(undefined));

  return {
    ask() {
      const { promise, resolve } = Promise.withResolvers<Answer | undefined>();
      answered = resolve;
      head = Buffer.alloc(0);
      tail = undefined;
      bodyBytes = 0;
      sentAt = performance.now();
      socket.write(nextRequest());
      return promise;
    },
    get isOpen() {
      return socket.writable && socket.readable;
    },
    close: () => socket.end(),
  };
}

/** One of those that have the load in turn, and what it has come to. */
function prepare(target: Target) {
  const { pathname, host } = new URL(target.url);
  const headers = Object.entries(target.headers ?? {}).map(([name, value]) => `${name}: ${value}\r\n`);
  const requests = load.bodies.map((body) =>
    Buffer.from(
      `POST ${pathname} HTTP/1.1\r\nhost: ${host}\r\ncontent-type: application/json\r\naccept: application/json\r\n` +
        `${headers.join('')}content-length: ${Buffer.byteLength(body)}\r\n\r\n${body}`,
    ),
  );
  let sent = 0;
  const nextRequest = () => requests[sent++ % requests.length] ?? Buffer.alloc(0);

  const connections: (Connection | undefined)[] = Array.from({ length: load.connections });
  const latenciesMs: number[] = [];
  let failures = 0;
  let seconds = 0;
  let cpuSeconds = 0;
  let rssBytes = 0;

  /** Resolves when the last answer is here: it must not be in the way of whoever has the load next. */
  async function take(forSeconds: number, isMeasured: boolean) {
    let isEnding = false;
    const keepAsking = async (place: number) => {
      while (!isEnding) {
        let connection = connections[place];
        if (!connection?.isOpen) connection = connections[place] = openConnection(target, nextRequest);
        const answer = await connection.ask();
        if (answer && isMeasured) latenciesMs.push(answer.latencyMs);
        if (!answer?.isRight) failures++;
        if (!answer) await wait(50);
      }
    };
    const startedAt = performance.now();
    const cpuBefore = cpuSecondsOf(target.pid);
    const asking = Promise.all([...connections.keys()].map(keepAsking));
    await wait(forSeconds * 1000);
    isEnding = true;
    await Promise.race([asking, wait(endTimeoutMs, undefined, { ref: false })]);
    if (!isMeasured) return;
    seconds += (performance.now() - startedAt) / 1000;
    cpuSeconds += cpuSecondsOf(target.pid) - cpuBefore;
    rssBytes = Math.max(rssBytes, rssBytesOf(target.pid));
  }

  function figures(): LoadFigures {
    latenciesMs.sort((a, b) => a - b);
    const quantile = (part: number) => latenciesMs[Math.floor(part * (latenciesMs.length - 1))] ?? Number.NaN;
    const count = latenciesMs.length;
    return {
      requests: count,
      failures,
      requestsPerSecond: count / seconds,
      cpuMsPerRequest: (cpuSeconds * 1000) / count,
      p50Ms: quantile(0.5),
      p99Ms: quantile(0.99),
      rssBytes,
    };
  }
  const close = () => {
    for (const connection of connections) connection?.close();
  };
  return { take, figures, close };
}

const targets = load.targets.map(prepare);
for (const target of targets) await target.take(load.warmUpSeconds, false);
const turns = Math.ceil(load.seconds / load.sliceSeconds);
for (let turn = 0; turn < turns; turn++) {
  for (const target of targets) await target.take(load.seconds / turns, true);
}
for (const target of targets) target.close();
process.stdout.write(JSON.stringify(targets.map((target) => target.figures())), () => process.exit(0));
