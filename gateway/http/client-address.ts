import type { IncomingMessage } from 'node:http';
import ipaddr from 'ipaddr.js';
import proxyaddr from 'proxy-addr';

/** Where a request comes from; undefined where its connection has ended. */
export type ClientAddressOf = (request: IncomingMessage) => string | undefined;

/**
 * The other end of a connection, or, where that is a proxy that is trusted, what X-Forwarded-For says, read from its
 * end up to the first address that is no such proxy. Anybody can write the rest.
 */
export function createClientAddress(trustedProxies: readonly string[]): ClientAddressOf {
  if (trustedProxies.length === 0) return ({ socket }) => withoutMapping(socket.remoteAddress);
  const isTrusted = proxyaddr.compile([...trustedProxies]);
  return (request) => withoutMapping(proxyaddr(request, isTrusted));
}

/** Whether a text is an address, or a network as CIDR. */
export function isNetwork(text: string): boolean {
  try {
    proxyaddr.compile([text]);
    return true;
  } catch {
    return false;
  }
}

/** Whether an address lies in one of the networks; any does where there are none. */
export function createNetworkCheck(networks: readonly string[]): (address: string) => boolean {
  if (networks.length === 0) return () => true;
  const isWithin = proxyaddr.compile([...networks]);
  return (address) => isWithin(address, 0);
}

/** A socket that takes both kinds of addresses shows 10.0.0.1 as ::ffff:10.0.0.1. */
const withoutMapping = (address: string | undefined) => address?.replace(/^::ffff:(?=\d+\.)/i, '');

/** An IPv6 subscriber has a /64 at least, and as many addresses as it likes in it. RFC 6177 */
export function networkOf(address = 'nowhere'): string {
  const parsed = ipaddr.isValid(address) ? ipaddr.process(address) : undefined;
  if (!(parsed instanceof ipaddr.IPv6)) return address;
  const groups = parsed.parts.slice(0, 4).map((group) => group.toString(16));
  return `${groups.join(':')}::/64`;
}
