import { randomBytes } from 'node:crypto';
import type { DepartmentCaller } from '@wenshu/schema/caller.ts';
import { LRUCache } from 'lru-cache';
import type { Verify } from './authenticate.ts';

/** Reads a one-time link. Returns undefined when this hub did not sign it, or when it has expired. */
export type ReadLink = (
  link: string,
) => Promise<{ readonly id: string; readonly issuedAt: Date } | undefined>;

export type BrowserSessions = {
  /**
   * Opens a session for a link. Resolves to its `Set-Cookie` header, or to undefined when the link is not valid or was
   * used.
   */
  open(link: string): Promise<string | undefined>;
  /** Authenticates requests of this hub's own pages in a browser with a session. */
  readonly verify: Verify;
};

const cookieName = 'wenshu_session';
const lifetimeMs = 8 * 60 * 60_000;
const sessionsKept = 100;

/** Number of used links kept in memory: more than anybody makes within the lifetime of one. */
const linksKept = 1_000;

/**
 * Creates browser sessions for a hub with the development key. They are kept in memory, and each link opens one
 * session. Links from before the start are refused, because the hub does not know which of them were used.
 */
export function createBrowserSessions(
  readLink: ReadLink,
  linkLifetimeMs: number,
  caller: DepartmentCaller,
): BrowserSessions {
  const startedAt = new Date();
  const used = new LRUCache<string, true>({ max: linksKept, ttl: linkLifetimeMs });
  const sessions = new LRUCache<string, DepartmentCaller>({ max: sessionsKept, ttl: lifetimeMs });

  return {
    async open(text) {
      const link = await readLink(text);
      if (!link || link.issuedAt < startedAt || used.has(link.id)) return undefined;
      used.set(link.id, true);
      const id = randomBytes(32).toString('base64url');
      sessions.set(id, caller);
      return `${cookieName}=${id}; Path=/; Max-Age=${lifetimeMs / 1_000}; HttpOnly; SameSite=Strict`;
    },
    verify({ headers, bearer }) {
      const cookie = headers.get('cookie');
      if (cookie === undefined || bearer !== undefined || !isOfOwnPage(headers)) return undefined;
      return sessions.get(cookieIn(cookie) ?? '');
    },
  };
}

const cookieIn = (header: string) =>
  header
    .split(';')
    .map((pair) => pair.trim())
    .find((pair) => pair.startsWith(`${cookieName}=`))
    ?.slice(cookieName.length + 1);

/**
 * Whether a page of the same origin sent the request. SameSite is not enough: it treats all ports of a host as one
 * site. https://developer.mozilla.org/en-US/docs/Web/HTTP/Reference/Headers/Sec-Fetch-Site
 */
function isOfOwnPage(headers: ReadonlyMap<string, string>): boolean {
  const site = headers.get('sec-fetch-site');
  if (site !== undefined) return site === 'same-origin';
  // Browsers omit the header for an address that is neither https nor on this machine.
  const origin = URL.parse(headers.get('origin') ?? '');
  return origin !== null && origin.host === headers.get('host');
}
