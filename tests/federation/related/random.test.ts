import fc from 'fast-check';
import { getNamedType } from 'graphql';
import { expect, test } from 'vitest';
import type { TestHub } from '../../support/hub.ts';
import { questionSql, tables } from './oracle.ts';
import { anyQuestion, type Question } from './questions.ts';
import { startWorld } from './world.ts';
import { schema, written } from './written.ts';

/** The document of a question, and its variables. */
function documentOf({ list, filter, orderBy, way }: Question): { query: string; variables: object } {
  const { filter: filterType, order } = tables[list] as (typeof tables)[string];
  const paging = ['$first: Int', '$after: String', '$last: Int', '$before: String'];
  const asked = {
    'in the text': [written(filter, filterType), written(orderBy, `[${order}!]`)],
    'in variables': ['$filter', '$orderBy'],
    'in both': [`{and: [$part, {}]}`, written(orderBy, `[${order}!]`)],
  }[way];
  const declared = {
    'in the text': [],
    'in variables': [`$filter: ${filterType}`, `$orderBy: [${order}!]`],
    'in both': [`$part: ${filterType}!`],
  }[way];
  return {
    query: `query (${[...paging, ...declared].join(', ')}) {
      page: ${list}(first: $first, after: $after, last: $last, before: $before, filter: ${asked[0]}, orderBy: ${asked[1]}) {
        ...Rows totalCount
      }
      uncounted: ${list}(first: $first, after: $after, last: $last, before: $before, filter: ${asked[0]}, orderBy: ${asked[1]}) {
        ...Rows
      }
    }
    fragment Rows on ${connections[list]} {
      edges { cursor } nodes { id } pageInfo { hasNextPage hasPreviousPage startCursor endCursor }
    }`,
    variables: way === 'in variables' ? { filter, orderBy } : way === 'in both' ? { part: filter } : {},
  };
}

/** The types of the lists. */
const connections = Object.fromEntries(
  Object.values(schema.getQueryType()?.getFields() ?? {}).map(({ name, type }) => [
    name,
    getNamedType(type).name,
  ]),
);

type Rows = {
  edges: { cursor: string }[];
  nodes: { id: string }[];
  pageInfo: Record<'hasNextPage' | 'hasPreviousPage', boolean> &
    Record<'startCursor' | 'endCursor', string | null>;
};

type Answered = { page: (Rows & { totalCount: number | null }) | null; uncounted: Rows | null };

/**
 * All rows of a list, page by page, from its start or from its end; undefined where it leads to too many. Without their
 * number, which takes all keys, the pages are the same.
 */
async function readAll(hub: TestHub, question: Question, backward: boolean): Promise<string[] | undefined> {
  const { query, variables } = documentOf(question);
  const ids: string[] = [];
  let cursor: string | null = null;
  for (;;) {
    const { size } = question;
    const paging: object = backward ? { last: size, before: cursor } : { first: size, after: cursor };
    const { data, errors } = await hub.ask(query, { ...variables, ...paging });
    expect(errors?.find(({ extensions }) => extensions.code !== 'TOO_MANY_RELATED')).toBeUndefined();
    const { page: counted, uncounted } = data as Answered;
    if (!uncounted) return undefined;
    const { totalCount, ...rows } = counted ?? {};
    expect(rows).toEqual(uncounted);
    const isUncountable = errors?.some(({ path }) => String(path) === 'page,totalCount') ?? false;
    expect(totalCount === null).toBe(isUncountable);
    const { nodes, pageInfo } = uncounted;
    const page = nodes.map(({ id }) => id);
    ids.splice(backward ? 0 : ids.length, 0, ...page);
    if (!(backward ? pageInfo.hasPreviousPage : pageInfo.hasNextPage)) {
      if (totalCount != null) expect(ids).toHaveLength(totalCount);
      return ids;
    }
    cursor = backward ? pageInfo.startCursor : pageInfo.endCursor;
  }
}

/** Within the usual limits, where pages are looked for window by window, and where most is carried the other way, or not at all. */
const limits = [
  { maxKeys: 100_000, fewKeys: 1_000, refused: 0 },
  { maxKeys: 100_000, fewKeys: 1, refused: 0 },
  { maxKeys: 12, fewKeys: 3, refused: 0.8 },
];

test.each(limits)(
  'any filter and order over what is related has the rows of one SQL join: $maxKeys keys, few are $fewKeys',
  async ({ refused, ...relationLimits }) => {
    await using world = await startWorld(relationLimits);
    const { hub, whole } = world;
    let answered = 0;
    await fc.assert(
      fc.asyncProperty(anyQuestion, fc.boolean(), async (question, backward) => {
        const { list, filter, orderBy } = question;
        const ids = await readAll(hub, question, backward);
        if (ids === undefined) return;
        answered++;
        const expected = await whole.unsafe(questionSql(list, filter, orderBy));
        expect(ids).toEqual(expected.map(({ id }) => id));
      }),
      { numRuns: questions },
    );
    expect(answered).toBeGreaterThanOrEqual(questions * (1 - refused));
  },
  600_000,
);

const questions = Number(process.env.RANDOM_QUESTIONS ?? 40);
