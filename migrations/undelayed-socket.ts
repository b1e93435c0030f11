import { connect, type Socket } from 'node:net';

/** The part of the options of postgres.js that says where the server is. */
type Address = {
  readonly host: readonly string[];
  readonly port: readonly number[];
  readonly path?: string | false;
};

/**
 * Returns the option `socket` of a postgres.js connection that copies rows. postgres.js sends the end of a COPY in a packet of its own. The
 * system would keep it back until the server has acknowledged the packet before it: 40 ms for each table.
 */
export function undelayedSocket(): (address: Address) => Socket {
  let attempts = 0;
  return ({ host: hosts, port: ports, path }) => {
    if (path) return connect({ path });
    const at = attempts++ % hosts.length;
    const [host, port] = [hosts[at] ?? '', ports[at] ?? 5432];
    // postgres.js reads both for TLS and for its error messages.
    return Object.assign(connect({ host, port, noDelay: true }), { host, port });
  };
}
