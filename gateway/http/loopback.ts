import { isIPv6 } from 'node:net';

/** Returns whether the host of a URL can only be this machine, whatever a name server says. */
export const isLoopbackHost = (host: string): boolean => /^(localhost|127\.0\.0\.1|\[::1\])$/.test(host);

const everywhere: Readonly<Record<string, string>> = { '0.0.0.0': '127.0.0.1', '::': '::1' };

/** Returns the origin at which this machine reaches a server that listens on `host`: `localhost` might be another server's. */
export function originFromHere(host: string, port: number): string {
  const reached = everywhere[host] ?? host;
  return `http://${isIPv6(reached) ? `[${reached}]` : reached}:${port}`;
}

/** Returns the same origin for people: on this machine only, it is the familiar `localhost`. */
export function shownOrigin(host: string, port: number): string {
  const origin = originFromHere(host, port);
  return isLoopbackHost(new URL(origin).hostname) ? `http://localhost:${port}` : origin;
}
