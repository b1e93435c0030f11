import { type LookupAddress, lookup } from 'node:dns';
import { Resolver } from 'node:dns/promises';
import type { LookupFunction } from 'node:net';
import { Agent } from 'undici';
import { version } from '../../lib/version.ts';
import type { webhookFailures } from '../tables.ts';
import { type AllowedHosts, isAllowedHost, problemOf } from './address.ts';
import { isPublicAddress } from './public-address.ts';

export type Failure = (typeof webhookFailures)[number];

/** How an attempt ended: delivered if there is no failure. */
export type Attempt = { readonly status?: number; readonly failure?: Failure };

/** A request to a receiver. */
export type Message = {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
};

export type Sender = {
  /** Sends a message once. It never rejects. */
  send(message: Message): Promise<Attempt>;
  close(): Promise<void>;
};

/** Returns the addresses of a name; none if it is unknown. */
export type Resolve = (name: string) => Promise<readonly LookupAddress[]>;

export type SenderOptions = {
  readonly hosts: AllowedHosts;
  readonly timeoutMs: number;
  /** Default: asks the name servers of the machine. */
  readonly resolve?: Resolve | undefined;
};

const connectMs = 5_000;
const mostBytes = 64 * 1024;

/**
 * Creates the sender of webhooks. Owners choose where it connects to, so it must not reach what only the hub can reach:
 * a name is resolved once, each of its addresses is checked, and the connection goes to these addresses. Redirects are
 * not followed. Hosts that the operator allows are connected to as any program would.
 */
export function createSender({ hosts, timeoutMs, resolve = resolveByDns }: SenderOptions): Sender {
  const agent = (find: LookupFunction) =>
    new Agent({
      connect: { lookup: find, timeout: Math.min(connectMs, timeoutMs) },
      headersTimeout: timeoutMs,
      bodyTimeout: timeoutMs,
      maxHeaderSize: 16 * 1024,
      keepAliveTimeout: 10_000,
    });
  const guarded = agent(lookupChecked(resolve));
  const open = agent(lookup as LookupFunction);

  async function attempt({ url, headers, body }: Message): Promise<Attempt> {
    if (problemOf(url, hosts)) return { failure: 'ADDRESS_REFUSED' };
    const { origin, pathname, search } = new URL(url);
    const signal = AbortSignal.timeout(timeoutMs);
    const response = await (isAllowedHost(new URL(url), hosts) ? open : guarded).request({
      origin,
      path: `${pathname}${search}`,
      method: 'POST',
      headers: { 'content-type': 'application/json', 'user-agent': `wenshu/${version}`, ...headers },
      body,
      signal,
    });
    const { statusCode: status } = response;
    // What the receiver says is not kept. A short text is read, so that the connection can be used again.
    await response.body.dump({ limit: mostBytes, signal }).catch(() => {});
    return status >= 200 && status < 300 ? { status } : { status, failure: 'STATUS' };
  }

  return {
    send: (message) => attempt(message).catch((cause) => ({ failure: failureOf(cause) })),
    close: async () => {
      await Promise.all([guarded.destroy(), open.destroy()]);
    },
  };
}

/** Resolves names like `dns.lookup`, and fails if one of the addresses is not public. */
const lookupChecked =
  (resolve: Resolve): LookupFunction =>
  (name, options, callback) => {
    resolve(name)
      .then((addresses) => {
        const [first] = addresses;
        if (!first) throw failedBecause('NAME_UNKNOWN');
        if (!addresses.every(({ address }) => isPublicAddress(address)))
          throw failedBecause('ADDRESS_REFUSED');
        if (options.all) callback(null, [...addresses]);
        else callback(null, first.address, first.family);
      })
      .catch((cause) => callback(cause, []));
  };

/**
 * Asks the name servers itself: `dns.lookup` would hold a thread that the audit log needs for as long as a name server
 * of the owner's choice lets it wait.
 */
const resolveByDns: Resolve = async (name) => {
  const resolver = new Resolver({ timeout: 2_000, tries: 2 });
  const found = await Promise.allSettled([
    resolver.resolve4(name).then((all) => all.map((address) => ({ address, family: 4 }))),
    resolver.resolve6(name).then((all) => all.map((address) => ({ address, family: 6 }))),
  ]);
  return found.flatMap((each) => (each.status === 'fulfilled' ? each.value : []));
};

const failedBecause = (code: Failure) => Object.assign(new Error(code), { code });

/** Returns the kind of a failure. It says nothing else of the network than the owner can find out by itself. */
function failureOf(cause: unknown): Failure {
  const { code = '', name = '' } = cause as { code?: string; name?: string };
  if (code === 'ADDRESS_REFUSED') return 'ADDRESS_REFUSED';
  if (code === 'NAME_UNKNOWN' || code === 'ENOTFOUND' || code === 'EAI_AGAIN') return 'NAME_UNKNOWN';
  if (name === 'TimeoutError' || /TIMEOUT|ETIMEDOUT/.test(code)) return 'TIMEOUT';
  return /CERT|TLS|SSL|SIGNATURE|EPROTO/.test(code) ? 'TLS' : 'UNREACHABLE';
}
