import type { IncomingMessage } from 'node:http';
import ipaddr from 'ipaddr.js';
import proxyaddr from 'proxy-addr';

/** Returns the client address of a request; undefined if its connection has ended. */
export type ClientAddressOf = (request: IncomingMessage) => string | undefined;

/**
 * Makes a function that finds the client address. It is the peer of the connection or, if the peer is a trusted
 * proxy, the last address in X-Forwarded-For that is not a trusted proxy. Anybody can forge the addresses before
 * that.
 */
export function createClientAddress(trustedProxies: readonly string[]): ClientAddressOf {
  if (trustedProxies.length === 0) return ({ socket }) => withoutMapping(socket.remoteAddress);
  const isTrusted = proxyaddr.compile([...trustedProxies]);
  return (request) => withoutMapping(proxyaddr(request, isTrusted));
}

/** Returns whether a text is an address or a network in CIDR notation. */
export function isNetwork(text: string): boolean {
  try {
    proxyaddr.compile([text]);
    return true;
  } catch {
    return false;
  }
}

/** Makes a check whether an address lies in one of the networks. Without networks every address passes. */
export function createNetworkCheck(networks: readonly string[]): (address: string) => boolean {
  if (networks.length === 0) return () => true;
  const isWithin = proxyaddr.compile([...networks]);
  return (address) => isWithin(address, 0);
}

/** Removes the IPv4 mapping: a dual-stack socket shows 10.0.0.1 as ::ffff:10.0.0.1. */
const withoutMapping = (address: string | undefined) => address?.replace(/^::ffff:(?=\d+\.)/i, '');

/**
 * Returns the network of an address: an IPv4 address itself, an IPv6 /64. An IPv6 subscriber has at least a /64 and
 * can use any address in it. RFC 6177
 */
export function networkOf(address: string): string {
  const parsed = ipaddr.isValid(address) ? ipaddr.process(address) : undefined;
  if (!(parsed instanceof ipaddr.IPv6)) return address;
  const groups = parsed.parts.slice(0, 4).map((group) => group.toString(16));
  return `${groups.join(':')}::/64`;
}
