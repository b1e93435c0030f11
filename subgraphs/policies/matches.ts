import type { Context } from '@wenshu/kit/context.ts';
import { type ConditionalPolicy, verdicts } from '@wenshu/kit/criteria.ts';
import { cursorOf, type OrderInput, positionOf } from '@wenshu/kit/order.ts';
import type { Page } from '@wenshu/kit/page.ts';
import { extentOf, type Paging } from '@wenshu/kit/page-args.ts';
import { lineageOf, policiesWithConditions } from './conditions.ts';
import { type MatchesWanted, matchesOf, type PolicyMatch, regionsIn } from './eligibility.ts';
import type { Lineages, Subject } from './outcomes.ts';

export interface MatchArgs extends Paging, MatchesWanted {
  readonly orderBy: readonly OrderInput[];
}

/**
 * Returns the page of policies tested on a subject: real policies, or synthetic ones for a synthetic subject. Policies and regions are
 * read once for all subjects of a request.
 */
export async function listMatches(
  context: Context,
  subject: Subject,
  isSynthetic: boolean,
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

type Key = string | number;

/** Values by which matches are sorted, by the field of the order. A larger one is a better match. */
const keysOf: Readonly<Record<string, (match: PolicyMatch) => readonly Key[]>> = {
  MATCH: ({ verdict, tally }) => {
    const total = tally.MET + tally.LIKELY + tally.UNKNOWN + tally.NOT_MET;
    return [verdicts.indexOf(verdict), tally.MET / total, tally.LIKELY / total];
  },
  POLICY_ID: ({ policyId }) => [policyId],
};

/** A match with its place in the order. The id of the policy breaks ties. */
interface Placed {
  readonly match: PolicyMatch;
  readonly place: readonly { readonly key: Key; readonly descending: boolean }[];
}

const placed =
  (orderBy: readonly OrderInput[]) =>
  (match: PolicyMatch): Placed => ({
    match,
    place: [
      ...orderBy.flatMap(({ field, direction }) =>
        (keysOf[field ?? '']?.(match) ?? []).map((key) => ({ key, descending: direction === 'DESC' })),
      ),
      { key: match.policyId, descending: false },
    ],
  });

function compare(one: Placed['place'], other: readonly Key[]): number {
  for (const [i, { key, descending }] of one.entries()) {
    const against = other[i];
    if (against === undefined || key === against) continue;
    return key < against === descending ? 1 : -1;
  }
  return 0;
}

const keysIn = ({ place }: Placed) => place.map(({ key }) => key);

/** Returns a function that cuts the requested page out of matches, in the requested order. */
function sliceOf(args: MatchArgs): (matches: PolicyMatch[]) => Page<PolicyMatch> {
  const { orderBy } = args;
  const { size, backward } = extentOf(args);
  const cursor = backward ? args.before : args.after;
  const position = cursor ? positionIn(cursor, args, backward) : undefined;
  return (matches) => {
    const all = matches.map(placed(orderBy)).sort((a, b) => compare(a.place, keysIn(b)));
    const beyond = (each: Placed) =>
      position === undefined ||
      (compare(each.place, position) < 0 === backward && compare(each.place, position) !== 0);
    const ordered = all.filter(beyond);
    const more = ordered.length > size;
    const shown = backward ? ordered.slice(Math.max(0, ordered.length - size)) : ordered.slice(0, size);
    const cursorAt = (each: Placed | undefined) =>
      each ? cursorOf(orderBy, keysIn(each).map(String)) : null;
    return {
      edges: () => shown.map((each) => ({ cursor: cursorAt(each) ?? '', node: each.match })),
      nodes: shown.map(({ match }) => match),
      pageInfo: () => ({
        hasNextPage: backward ? cursor != null : more,
        hasPreviousPage: backward ? more : cursor != null,
        startCursor: cursorAt(shown[0]),
        endCursor: cursorAt(shown.at(-1)),
      }),
      totalCount: async () => matches.length,
    };
  };
}

/** Returns the place that a cursor holds: numbers by how well a policy matches, and ids as text. */
function positionIn(cursor: string, { orderBy }: MatchArgs, backward: boolean): readonly Key[] {
  const areNumbers = [
    ...orderBy.flatMap(({ field }) => (field === 'MATCH' ? [true, true, true] : [false])),
    false,
  ];
  const values = positionOf(cursor, orderBy, areNumbers.length, backward ? 'before' : 'after');
  return values.map((value, i) => (areNumbers[i] ? Number(value) : String(value)));
}
