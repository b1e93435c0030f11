import type { Socket } from 'node:net';
import { networkOf } from './client-address.ts';
import { endWithAnswer } from './end-with-answer.ts';
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
  const words = {
    message: 'Your address has reached its limit of open connections. Reuse connections, or close some.',
    messageZh: '您的地址打开的连接数已达上限。请复用已有连接,或关闭一些。',
  };
  endWithAnswer(socket, refusal('TOO_MANY_CONNECTIONS', words, undefined, { 'retry-after': '1' }));
}
