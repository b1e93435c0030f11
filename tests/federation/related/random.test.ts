import { readFileSync } from 'node:fs';
import { composedFiles } from '@wenshu/schema/compose.ts';
import fc from 'fast-check';
import { astFromValue, buildSchema, type GraphQLInputType, parseType, print, typeFromAST } from 'graphql';
import postgres from 'postgres';
import { expect, test } from 'vitest';
import { startHub, type TestHub } from '../../support/hub.ts';
import { unlimited } from '../../support/unlimited.ts';
import { questionSql, tables } from './oracle.ts';
import { anyQuestion, type Question } from './questions.ts';
import { fill } from './world.ts';

const schema = buildSchema(readFileSync(composedFiles.api, 'utf8'));

/** A value as it is written in a document. */
function written(value: unknown, type: string): string {
  const node = astFromValue(value, typeFromAST(schema, parseType(type) as never) as GraphQLInputType);
  return node ? print(node) : 'null';
}

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
        nodes { id } totalCount pageInfo { hasNextPage hasPreviousPage startCursor endCursor }
      }
    }`,
    variables: way === 'in variables' ? { filter, orderBy } : way === 'in both' ? { part: filter } : {},
  };
}

type Page = {
  nodes: { id: string }[];
  totalCount: number;
  pageInfo: Record<'hasNextPage' | 'hasPreviousPage', boolean> &
    Record<'startCursor' | 'endCursor', string | null>;
};

/** All rows of a list, page by page, from its start or from its end; undefined where it leads to too many. */
async function readAll(hub: TestHub, question: Question, backward: boolean): Promise<string[] | undefined> {
  const { query, variables } = documentOf(question);
  const ids: string[] = [];
  let cursor: string | null = null;
  for (;;) {
    const { size } = question;
    const paging: object = backward ? { last: size, before: cursor } : { first: size, after: cursor };
    const { data, errors } = await hub.ask(query, { ...variables, ...paging });
    if (errors?.every(({ extensions }) => extensions.code === 'TOO_MANY_RELATED')) return undefined;
    expect(errors).toBeUndefined();
    const { nodes, pageInfo, totalCount } = (data as { page: Page }).page;
    const page = nodes.map(({ id }) => id);
    ids.splice(backward ? 0 : ids.length, 0, ...page);
    if (!(backward ? pageInfo.hasPreviousPage : pageInfo.hasNextPage)) {
      expect(ids).toHaveLength(totalCount);
      return ids;
    }
    cursor = backward ? pageInfo.startCursor : pageInfo.endCursor;
  }
}

/** Within the usual limits, and within limits so narrow that most is carried the other way, or not at all. */
const limits = [
  { maxKeys: 100_000, refused: 0 },
  { maxKeys: 12, refused: 0.6 },
];

test.each(limits)(
  'any filter and order over what is related has the rows of one SQL join: $maxKeys keys',
  async ({ maxKeys, refused }) => {
    await using hub = await startHub({ admission: { queryLimits: unlimited }, relationLimits: { maxKeys } });
    await fill(hub.database.adminUrl);
    const whole = postgres(hub.database.adminUrl, { max: 1, onnotice: () => {} });
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
    await whole.end();
  },
  600_000,
);

const questions = Number(process.env.RANDOM_QUESTIONS ?? 40);
