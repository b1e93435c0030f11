import { connect, type Socket } from 'node:net';
import { text } from 'node:stream/consumers';

/** A connection on which a test writes what no HTTP client would. */
export function openConnection(url: string): { readonly socket: Socket; readonly answer: Promise<string> } {
  const { hostname, port } = new URL(url);
  const socket = connect(Number(port), hostname);
  return { socket, answer: text(socket).catch(() => '') };
}

/** Sends lines, and resolves to all that comes back until the server closes the connection. */
export function sendRaw(url: string, lines: readonly string[]): Promise<string> {
  const { socket, answer } = openConnection(url);
  socket.write(lines.join('\r\n'));
  return answer;
}

export const statusesOf = (answer: string): number[] =>
  [...answer.matchAll(/^HTTP\/1\.1 (\d+)/gm)].map(([, status]) => Number(status));
