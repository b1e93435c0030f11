import type { Context } from '@wenshu/kit/context.ts';
import { cursorOf, positionOf } from '@wenshu/kit/order.ts';
import type { Page } from '@wenshu/kit/page.ts';
import { extentOf, type PageArgs } from '@wenshu/kit/page-args.ts';
import { lineageOf, policiesWithConditions } from './conditions.ts';
import {
  type ConditionalPolicy,
  type Lineages,
  type MatchesWanted,
  matchesOf,
  type PolicyMatch,
  regionsIn,
  type Subject,
} from './eligibility.ts';

export interface MatchArgs extends Omit<PageArgs, 'filter' | 'orderBy'>, MatchesWanted {}

/**
 * Returns the page of policies tested on a subject: real policies, or synthetic ones for a synthetic subject. Policies and regions are
 * read once for all subjects of a request.
 */
export async function listMatches(
  context: Context,
  { isSynthetic, ...subject }: Subject & { isSynthetic: boolean },
  args: MatchArgs,
): Promise<Page<PolicyMatch>> {
  const slice = sliceOf(args);
  const policies = await conditionalPolicies(context, isSynthetic);
  const [ofPolicies, own] = await Promise.all([
    lineagesIn(context, policies),
    subject.region ? lineageOf(context, subject.region) : [],
  ]);
  const known = { get: (code: string) => (code === subject.region ? own : ofPolicies.get(code)) };
  return slice(matchesOf(subject, policies, known, args));
}

const conditionalPolicies = (context: Context, synthetic: boolean): Promise<ConditionalPolicy[]> =>
  context
    .batch('policies with conditions', (kinds: readonly boolean[]) =>
      Promise.all(kinds.map((kind) => policiesWithConditions(context, kind))),
    )
    .load(synthetic);

const found = new WeakMap<readonly ConditionalPolicy[], Promise<Lineages>>();

/** Returns the lineages of the regions in the policies, read once for all subjects of a request. */
function lineagesIn(context: Context, policies: readonly ConditionalPolicy[]): Promise<Lineages> {
  const known = found.get(policies);
  if (known) return known;
  const codes = [...new Set(regionsIn(policies))];
  const gathered = Promise.all(
    codes.map(async (code) => [code, await lineageOf(context, code)] as const),
  ).then((entries) => new Map(entries));
  found.set(policies, gathered);
  return gathered;
}

/** Returns a function that cuts the requested page out of matches, by policy id. Its cursors are valid whatever the other arguments are. */
function sliceOf(args: PageArgs): (matches: PolicyMatch[]) => Page<PolicyMatch> {
  const { size, backward } = extentOf(args);
  const cursor = backward ? args.before : args.after;
  const [position] = cursor ? positionOf(cursor, null, 1, backward ? 'before' : 'after') : [];
  return (matches) => {
    const ordered =
      position == null
        ? matches
        : matches.filter(({ policyId }) => (backward ? policyId < position : policyId > position));
    const more = ordered.length > size;
    const nodes = backward
      ? ordered.slice(ordered.length - Math.min(size, ordered.length))
      : ordered.slice(0, size);
    const cursorAt = (match: PolicyMatch | undefined) => (match ? cursorOf(null, [match.policyId]) : null);
    return {
      edges: () => nodes.map((node) => ({ cursor: cursorAt(node) ?? '', node })),
      nodes,
      pageInfo: () => ({
        hasNextPage: backward ? cursor != null : more,
        hasPreviousPage: backward ? more : cursor != null,
        startCursor: cursorAt(nodes[0]),
        endCursor: cursorAt(nodes.at(-1)),
      }),
      totalCount: async () => matches.length,
    };
  };
}
