import type { Socket } from 'node:net';
import { networkOf } from './client-address.ts';
import { refusal } from './reply.ts';

type ConnectionLimits = {
  /** The number of connections that an address, or an IPv6 /64, may have open. */
  readonly perAddress: number;
  /** Returns whether an address is a proxy, which connects for many clients. */
  readonly isProxy: (address: string) => boolean;
};

/**
 * Makes a check that counts a connection while it is open. It returns false if the address already has as many as it
 * may.
 */
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

/** Answers that there are too many connections, without reading the request, and ends the connection. */
export function refuseConnection(socket: Socket): void {
  const { headers, body } = refusal(
    'TOO_MANY_CONNECTIONS',
    {
      message: 'Your address has reached its limit of open connections. Reuse connections, or close some.',
      messageZh: '您的地址打开的连接数已达上限。请复用已有连接,或关闭一些。',
    },
    undefined,
    { 'retry-after': '1', connection: 'close' },
  );
  const text = String(body);
  const lines = Object.entries({ ...headers, 'content-length': String(Buffer.byteLength(text)) });
  const head = lines.map(([name, value]) => `${name}: ${value}\r\n`).join('');
  socket.on('error', () => {});
  socket.write(`HTTP/1.1 429 Too Many Requests\r\n${head}\r\n${text}`);
  socket.destroySoon();
}
