import type { Context } from '@wenshu/kit/context.ts';
import type { Positioned } from '@wenshu/kit/positioned.ts';
import type { AgencyEvent } from '../../request/agency-events.ts';
import type { AskAgencies } from '../across/ask-agencies.ts';
import { endOfChanges, readChanges } from '../across/changes.ts';
import type { Fields } from '../schema-types.ts';
import type { Feed } from './feed.ts';

type Args = Omit<Fields['Subscription']['changes']['args'], 'after'> & { readonly after?: string | null };

export type LiveRules = { readonly ask: AskAgencies; readonly feed: Feed };

type ChangeRow = Awaited<ReturnType<typeof readChanges>>['page']['edges'][number]['node'];

const pageSize = 100;
/** Time after which agencies that were missing are asked again, in milliseconds. */
const retryMs = 1_000;

/**
 * Follows the events that the query `changes` lists, from the same cursors. Agencies are asked as the caller each time, so his rights
 * are those of the moment, and what he may not see is passed over.
 */
export async function* followChanges(
  { ask, feed }: LiveRules,
  context: Context,
  { after: given, ...args }: Args,
  concerns?: (event: AgencyEvent) => boolean,
): AsyncGenerator<Positioned<ChangeRow>> {
  const { signal } = context;
  using ear = feed.listen(concerns);
  let after = context.after ?? given ?? (await endOfChanges(ask, context, args));
  yield { position: after };
  while (!signal?.aborted) {
    const { page, answered, gaps } = await readChanges(ask, context, { ...args, first: pageSize, after });
    if (answered === 0 && gaps[0]) throw gaps[0];
    for (const { cursor, node } of page.edges) yield { position: cursor, value: node };
    const { endCursor, hasNextPage } = page.pageInfo;
    if (endCursor !== after) {
      after = endCursor;
      yield { position: after };
    }
    if (!hasNextPage) await ear.heard(signal, gaps.length > 0 ? retryMs : undefined);
  }
}
