import { lacking } from '@wenshu/kit/execution/incomplete.ts';
import { extentOf, maxPageSize } from '@wenshu/kit/page-args.ts';
import { badInput } from '@wenshu/schema/errors.ts';
import type { GraphQLError } from 'graphql';
import { isObject } from '../../lib/json.ts';

/** Arguments of a list over several sources. It is read forward only. */
export type PageArgs = { readonly first?: number | null; readonly after?: string | null };

/** A row of a source at its place there. */
export type Edge<Node> = { readonly cursor: string; readonly node: Node };

/** The page of one source: a list of an agency. */
export type Part<Node> = {
  readonly source: string;
  readonly edges: readonly Edge<Node>[];
  readonly hasNextPage: boolean;
};

/** The position in each source after which a page begins; a source without one is read from its start. */
export type Positions = Readonly<Record<string, string>>;

/** A row and the source that it comes from. */
export type Row<Node> = Edge<Node> & { readonly source: string };

/** Compares rows by the order of the list. */
export type Compare<Node> = (a: Row<Node>, b: Row<Node>) => number;

/** Maximum number of rows that a page may be asked for: an export asks for that many. */
const mostAsked = 20_000;

/**
 * Returns how many rows of each source a page needs, and from where. A page for which more is asked has `maxSize` rows and another page
 * after it, because the sources are asked as any caller asks them, also by an export.
 */
export const startOf = (args: PageArgs, maxSize = maxPageSize): { size: number; positions: Positions } => ({
  size: Math.min(extentOf(args, mostAsked).size, maxSize),
  positions: positionsIn(args.after),
});

/**
 * Merges the pages of several sources into one page, by the order of the list. The cursor of a row holds the position of each source: rows
 * of a source that is missing now come on a later page, when the source answers again.
 */
export function mergedPage<Node>(
  parts: readonly Part<Node>[],
  args: PageArgs,
  { size, positions }: ReturnType<typeof startOf>,
  compare: Compare<Node>,
) {
  const rows = parts.flatMap(({ source, edges }) => edges.map((edge): Row<Node> => ({ ...edge, source })));
  const shown = rows.sort(compare).slice(0, size);
  let at = positions;
  const edges = shown.map(({ source, cursor, node }) => {
    at = { ...at, [source]: cursor };
    return { cursor: cursorOf(at), node };
  });
  return {
    edges,
    nodes: shown.map(({ node }) => node),
    pageInfo: {
      hasNextPage: rows.length > shown.length || parts.some(({ hasNextPage }) => hasNextPage),
      hasPreviousPage: args.after != null,
      startCursor: edges[0]?.cursor ?? null,
      endCursor: edges.at(-1)?.cursor ?? null,
    },
  };
}

/** Returns a page that lacks sources; the error of a gap if no source answered. */
export function withGaps<Page>(page: Page, answered: number, gaps: readonly GraphQLError[]): Page {
  if (answered === 0 && gaps[0]) throw gaps[0];
  return lacking(page, gaps);
}

/** Returns a cursor with the position in each source. */
export const cursorOf = (positions: Positions): string =>
  Buffer.from(JSON.stringify(positions)).toString('base64url');

function positionsIn(cursor: string | null | undefined): Positions {
  if (cursor == null) return {};
  const positions = parsed(cursor);
  const isOurs = isObject(positions) && Object.values(positions).every((each) => typeof each === 'string');
  if (isOurs) return positions as Positions;
  throw badInput(
    'after',
    '"after" is not a cursor of this list. Use a cursor from pageInfo or edges.',
    '“after”不是该列表的游标。请使用 pageInfo 或 edges 中的游标。',
  );
}

function parsed(cursor: string): unknown {
  try {
    return JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8'));
  } catch {
    return undefined;
  }
}
