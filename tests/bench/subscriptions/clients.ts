/**
 * Many subscribers in one process, each with a connection of its own. They read only the time of each event. Commands come as lines of JSON on
 * standard input; each is answered by a line.
 */
import { connect, type Socket } from 'node:net';
import { createInterface } from 'node:readline';

export type Command =
  | { readonly open: number; readonly url: string; readonly isEach: boolean }
  | { readonly waitFor: number }
  | { readonly close: true };

/** What came since the last command. */
export type Received = { readonly events: number; readonly p50Ms: number; readonly p99Ms: number };

const now = () => performance.timeOrigin + performance.now();
const mark = '"at":';
const latenciesMs: number[] = [];
const sockets: Socket[] = [];
let opened = 0;
let changed = Promise.withResolvers<void>();

function note(): void {
  changed.resolve();
  changed = Promise.withResolvers();
}

function subscribe(url: URL, id: string): void {
  const query = `subscription ($id: ID) { parkChanged(id: $id) { id name size at } }`;
  const body = JSON.stringify({ query, variables: { id } });
  const socket = connect(Number(url.port), url.hostname);
  sockets.push(socket);
  let isOpen = false;
  let rest = '';
  socket.on('data', (chunk) => {
    const text = rest + chunk.toString('latin1');
    if (!isOpen) {
      isOpen = true;
      opened += 1;
      note();
    }
    let from = 0;
    for (let at = text.indexOf(mark); at >= 0; at = text.indexOf(mark, from)) {
      const end = text.slice(at + mark.length, at + 40).search(/[^\d.]/);
      if (end < 0) break;
      latenciesMs.push(now() - Number(text.slice(at + mark.length, at + mark.length + end)));
      from = at + mark.length + end;
    }
    rest = text.slice(Math.max(from, text.length - 60));
    note();
  });
  socket.on('error', () => {});
  socket.write(
    `POST /graphql HTTP/1.1\r\nhost: ${url.host}\r\ncontent-type: application/json\r\naccept: text/event-stream\r\n` +
      `content-length: ${Buffer.byteLength(body)}\r\n\r\n${body}`,
  );
}

async function until(isReached: () => boolean): Promise<void> {
  while (!isReached()) await changed.promise;
}

async function obey(command: Command): Promise<Received> {
  if ('open' in command) {
    const url = new URL(command.url);
    for (let i = 0; i < command.open; i++) {
      subscribe(url, command.isEach ? `p${i}` : 'p');
      // In small groups, so that none is refused by a full queue of connections.
      if (i % 50 === 49) await until(() => opened > i - 100);
    }
    await until(() => opened === command.open);
  } else if ('waitFor' in command) {
    await until(() => latenciesMs.length >= command.waitFor);
  } else {
    for (const socket of sockets.splice(0)) socket.destroy();
    opened = 0;
  }
  const sorted = latenciesMs.splice(0).sort((a, b) => a - b);
  const quantile = (part: number) => sorted[Math.floor(part * (sorted.length - 1))] ?? Number.NaN;
  return { events: sorted.length, p50Ms: quantile(0.5), p99Ms: quantile(0.99) };
}

console.log('Ready at http://127.0.0.1:0/');
for await (const line of createInterface({ input: process.stdin })) {
  process.stdout.write(`${JSON.stringify(await obey(JSON.parse(line)))}\n`);
}
