import { cursorOf, positionOf } from '@wenshu/kit/order.ts';
import { extentOf, type PageArgs } from '@wenshu/kit/page-args.ts';

/** Returns a page of items that are sorted by a unique key. */
export function pageOf<Item>(
  sorted: readonly Item[],
  keyOf: (item: Item) => string,
  args: Pick<PageArgs, 'first' | 'after' | 'last' | 'before'>,
) {
  const { size, backward } = extentOf(args);
  const after = keyIn(args.after, 'after');
  const before = keyIn(args.before, 'before');
  const there = sorted.filter(
    (item) => (after === undefined || keyOf(item) > after) && (before === undefined || keyOf(item) < before),
  );
  const start = backward ? Math.max(0, there.length - size) : 0;
  const nodes = there.slice(start, start + size);
  const edges = nodes.map((node) => ({ cursor: cursorOf(null, [keyOf(node)]), node }));
  const isMore = there.length > nodes.length;
  return {
    edges,
    nodes,
    pageInfo: {
      hasNextPage: backward ? before !== undefined : isMore,
      hasPreviousPage: backward ? isMore : after !== undefined,
      startCursor: edges[0]?.cursor ?? null,
      endCursor: edges.at(-1)?.cursor ?? null,
    },
    totalCount: sorted.length,
  };
}

const keyIn = (cursor: string | null | undefined, argument: string): string | undefined =>
  cursor == null ? undefined : (positionOf(cursor, null, 1, argument)[0] ?? undefined);
