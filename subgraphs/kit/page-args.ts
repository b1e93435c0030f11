import { badInput } from '@wenshu/schema/errors.ts';
import { defaultPageSize } from '@wenshu/schema/page-sizes.ts';
import type { Asker } from '@wenshu/schema/signature.ts';
import type { SQL } from 'drizzle-orm';
import type { GraphQLResolveInfo } from 'graphql';
import type { List } from './list.ts';
import type { OrderInput } from './order.ts';

/** Arguments that select a page. */
export interface Paging {
  readonly first?: number | null;
  readonly after?: string | null;
  readonly last?: number | null;
  readonly before?: string | null;
}

/** Arguments of every list. */
export interface PageArgs extends Paging {
  readonly filter?: Readonly<Record<string, unknown>> | null;
  readonly orderBy?: readonly OrderInput[] | null;
}

/** Argument of a number without a filter. */
export interface KindArgs {
  readonly synthetic?: boolean | null;
}

/** A page of a whole list that a resolver requests. */
export interface AskedPage {
  readonly list: List;
  readonly args: PageArgs;
  readonly info: GraphQLResolveInfo;
  readonly condition: SQL | undefined;
}

export const maxPageSize = 500;

/** Maximum page size when a whole list is read in one snapshot; then nobody waits for a single page. */
const maxBulkPageSize = 20_000;

export const maxSizeFor = ({ snapshot }: Asker) => (snapshot === undefined ? maxPageSize : maxBulkPageSize);

/** Returns the size of a page and the end from which it is read. Refuses arguments that contradict each other. */
export function extentOf(
  { first, last, after, before }: PageArgs,
  maxSize = maxPageSize,
): { size: number; backward: boolean } {
  for (const [name, value] of Object.entries({ first, last })) {
    if (value != null && (value < 0 || value > maxSize)) {
      throw badInput(
        name,
        `"${name}" must be from 0 to ${maxSize}, not ${value}.`,
        `“${name}”须为 0 至 ${maxSize},不能是 ${value}。`,
      );
    }
  }
  if (first != null && last != null) {
    throw badInput('last', 'Ask for "first" or "last", not for both.', '“first”与“last”只能给出一个。');
  }
  if (last != null && after != null)
    throw badInput(
      'after',
      '"after" goes with "first"; "last" goes with "before".',
      '“after”与“first”同用;“last”与“before”同用。',
    );
  if (last == null && before != null)
    throw badInput(
      'before',
      '"before" goes with "last"; "first" goes with "after".',
      '“before”与“last”同用;“first”与“after”同用。',
    );
  return { size: first ?? last ?? defaultPageSize, backward: last != null };
}
