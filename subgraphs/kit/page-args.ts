import { badInput } from '@wenshu/schema/errors.ts';
import { defaultPageSize } from '@wenshu/schema/page-sizes.ts';
import type { Asker } from '@wenshu/schema/signature.ts';
import type { SQL } from 'drizzle-orm';
import type { GraphQLResolveInfo } from 'graphql';
import type { List } from './list.ts';
import type { OrderInput } from './order.ts';

/** The arguments that say which page is asked for. */
export interface Paging {
  readonly first?: number | null;
  readonly after?: string | null;
  readonly last?: number | null;
  readonly before?: string | null;
}

/** The arguments of every list. */
export interface PageArgs extends Paging {
  readonly filter?: Readonly<Record<string, unknown>> | null;
  readonly orderBy?: readonly OrderInput[] | null;
}

/** The argument of a number that takes no filter. */
export interface KindArgs {
  readonly synthetic?: boolean | null;
}

/** A page of a whole list, as a resolver asks for it. */
export interface AskedPage {
  readonly list: List;
  readonly args: PageArgs;
  readonly info: GraphQLResolveInfo;
  readonly condition: SQL | undefined;
}

export const maxPageSize = 500;

/** Of a whole list, where it is read to its end in one snapshot: nobody waits for one page of many then. */
const maxBulkPageSize = 20_000;

export const maxSizeFor = ({ snapshot }: Asker) => (snapshot === undefined ? maxPageSize : maxBulkPageSize);

/** How many rows a page holds, and from which end it is read. Refuses arguments that do not go together. */
export function extentOf(
  { first, last, after, before }: PageArgs,
  maxSize = maxPageSize,
): { size: number; backward: boolean } {
  for (const [name, value] of Object.entries({ first, last })) {
    if (value != null && (value < 0 || value > maxSize)) {
      throw badInput(name, `"${name}" must be from 0 to ${maxSize}, not ${value}.`);
    }
  }
  if (first != null && last != null) throw badInput('last', 'Ask for "first" or "last", not for both.');
  if (last != null && after != null)
    throw badInput('after', '"after" goes with "first"; "last" goes with "before".');
  if (last == null && before != null)
    throw badInput('before', '"before" goes with "last"; "first" goes with "after".');
  return { size: first ?? last ?? defaultPageSize, backward: last != null };
}
