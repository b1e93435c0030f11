import { randomBytes } from 'node:crypto';
import type { DepartmentCaller } from '@wenshu/schema/caller.ts';
import { LRUCache } from 'lru-cache';
import type { Verify } from './authenticate.ts';

/** Says what a one-time link is good for; undefined where it is none of this hub's, or over. */
export type ReadLink = (
  link: string,
) => Promise<{ readonly id: string; readonly issuedAt: Date } | undefined>;

export type BrowserSessions = {
  /** Opens a session for who brings a link; gives its `Set-Cookie`, or undefined where the link is not, or no more, good. */
  open(link: string): Promise<string | undefined>;
  /** Lets in the pages of this hub in a browser with a session. */
  readonly verify: Verify;
};

const cookieName = 'wenshu_session';
const lifetimeMs = 8 * 60 * 60_000;
const sessionsKept = 100;

/** More than anybody makes before the first of them is over. */
const linksKept = 1_000;

/**
 * Sessions of browsers on a hub with the development key, kept in memory. A link opens one session. Links from before
 * the start are refused: nobody knows which of them were used.
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
 * Whether a page of this very origin has sent this. SameSite does not say so: to it, all ports of a host are one site.
 * https://developer.mozilla.org/en-US/docs/Web/HTTP/Reference/Headers/Sec-Fetch-Site
 */
function isOfOwnPage(headers: ReadonlyMap<string, string>): boolean {
  const site = headers.get('sec-fetch-site');
  if (site !== undefined) return site === 'same-origin';
  // Browsers leave it out where they are told an address that is neither https nor of this machine.
  const origin = URL.parse(headers.get('origin') ?? '');
  return origin !== null && origin.host === headers.get('host');
}
