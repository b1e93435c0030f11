import type { Socket } from 'node:net';
import { defaultsOf } from '../lib/setting.ts';
import { networkOf } from './client-address.ts';
import { refusal } from './reply.ts';
import { settings } from './settings.ts';

export type ConnectionLimits = {
  /** How many connections an address, of IPv6 a /64, may have open. */
  readonly perAddress: number;
  /** Whether an address is of a proxy, which connects for many. */
  readonly isProxy: (address: string) => boolean;
};

export const standardConnectionLimits: ConnectionLimits = {
  perAddress: defaultsOf(settings).connectionsPerAddress,
  isProxy: () => false,
};

/** Counts a connection for as long as it is open; false where its address has as many as it may. */
export function limitConnections({ perAddress, isProxy }: ConnectionLimits): (socket: Socket) => boolean {
  const open = new Map<string, number>();
  return (socket) => {
    const { remoteAddress } = socket;
    if (remoteAddress === undefined || isProxy(remoteAddress)) return true;
    const network = networkOf(remoteAddress);
    const count = open.get(network) ?? 0;
    if (count >= perAddress) return false;
    open.set(network, count + 1);
    socket.once('close', () => {
      const left = (open.get(network) ?? 1) - 1;
      if (left > 0) open.set(network, left);
      else open.delete(network);
    });
    return true;
  };
}

/** Says so on a connection that nothing is read from, and ends it. */
export function refuseConnection(socket: Socket): void {
  const { headers, body } = refusal(
    'TOO_MANY_CONNECTIONS',
    'Your address has as many connections open as it may. Use them again, or close some.',
    { 'retry-after': '1', connection: 'close' },
    '您的地址打开的连接数已达上限。请复用已有连接,或关闭一些。',
  );
  const text = String(body);
  const lines = Object.entries({ ...headers, 'content-length': String(Buffer.byteLength(text)) });
  const head = lines.map(([name, value]) => `${name}: ${value}\r\n`).join('');
  socket.on('error', () => {});
  socket.write(`HTTP/1.1 429 Too Many Requests\r\n${head}\r\n${text}`);
  socket.destroySoon();
}
