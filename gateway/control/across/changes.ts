import { type WorkflowTypeName, workflowTypes } from '@wenshu/schema/workflow-types.ts';
import type { Fields } from '../schema-types.ts';
import type { AskAgencies, Asking } from './ask-agencies.ts';
import { cursorOf, mergedPage, type Row, startOf, withGaps } from './merged-page.ts';
import { type Answered, nothing, objectOf, questionOf, withoutPurpose, workedOf } from './workflow-lists.ts';

type Args = Fields['Query']['changes']['args'];
type Said = {
  readonly action: string;
  readonly stage: string;
  readonly version: number;
  readonly at: string;
};

/**
 * Returns a page of the events of all agencies. Events of one object are in its agency's order; events of several are in the order of
 * their times, as far as one page has them. The last cursor stands where each list was read to, also where it has no event.
 */
export async function changesAcross(ask: AskAgencies, asking: Asking, args: Args) {
  const { page, answered, gaps } = await readChanges(ask, asking, args);
  return withGaps(page, answered, gaps);
}

/** Reads a page of the events of all agencies: the page, how many lists answered, and the errors of agencies that are missing. */
export async function readChanges(
  ask: AskAgencies,
  asking: Asking,
  args: Omit<Args, 'first'> & { first?: number | null },
) {
  const types = workedOf(args.types);
  const start = startOf(args);
  const { mine, region, synthetic } = args;
  const query = questionOf(
    'changes',
    types,
    '$mine: Boolean!, $region: ID',
    'mine: $mine, region: $region',
    'action stage version at',
  );
  const variables = { ...start.positions, first: start.size, mine, region, synthetic };
  const { data, gaps } = types.length === 0 ? nothing : await ask(withoutPurpose(asking), query, variables);
  const lists = types.flatMap((worked) => {
    const list = data[worked.name] as Answered<Said> | null | undefined;
    if (!list) return [];
    let latest = '';
    const edges = list.edges.map((edge) => {
      const { cursor, action, stage, version, at } = edge;
      latest = at > latest ? at : latest;
      return { cursor, node: { ...objectOf(worked, edge), action, stage, version, at, after: latest } };
    });
    return { source: worked.name as string, edges, ...list.pageInfo };
  });
  const page = mergedPage(lists, args, start, byTime);
  const shown = new Map(Map.groupBy(page.edges, ({ node }) => node.object.__typename as string));
  const positions = { ...start.positions };
  for (const { source, edges, endCursor } of lists) {
    const count = shown.get(source)?.length ?? 0;
    const at = count === edges.length ? endCursor : edges[count - 1]?.cursor;
    if (at) positions[source] = at;
  }
  const pageInfo = { ...page.pageInfo, endCursor: cursorOf(positions) };
  return { page: { ...page, pageInfo }, answered: lists.length, gaps };
}

/** A position behind every transaction. A list that is asked after it answers where it ends now. */
const behindAll = Buffer.from('18446744073709551615.0').toString('base64url');

/**
 * Reads the cursor behind all events of these types that are there now. An agency that is missing now is read from its oldest event when it
 * answers again: an event may then come that was there before, and none is lost.
 */
export async function readEnd(ask: AskAgencies, asking: Asking, args: Omit<Args, 'first' | 'after'>) {
  const types = workedOf(args.types);
  const after = cursorOf(Object.fromEntries(types.map(({ name }) => [name, behindAll])));
  const { page, answered, gaps } = await readChanges(ask, asking, { ...args, first: 1, after });
  const missing = new Set(gaps.map(({ extensions }) => extensions.subgraph));
  const { positions } = startOf({ after: page.pageInfo.endCursor });
  const known = Object.entries(positions).filter(
    ([name]) => !missing.has(workflowTypes[name as WorkflowTypeName]),
  );
  return { end: cursorOf(Object.fromEntries(known)), answered, gaps };
}

/** Returns this cursor. Throws if no agency answers. */
export async function endOfChanges(ask: AskAgencies, asking: Asking, args: Omit<Args, 'first' | 'after'>) {
  const { end, answered, gaps } = await readEnd(ask, asking, args);
  withGaps({}, answered, gaps);
  return end;
}

/**
 * Compares by time, and events of one source by their order there: an event that was committed late may have an earlier
 * time than the one before it, so each counts as no earlier than those before it.
 */
const byTime = ({ node: a }: Row<Placed>, { node: b }: Row<Placed>): number =>
  Number(a.after > b.after) - Number(a.after < b.after);

type Placed = { readonly after: string };
