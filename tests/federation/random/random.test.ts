import { loadSupergraph } from '@wenshu/gateway/supergraph/supergraph.ts';
import fc from 'fast-check';
import { buildSchema, graphql, printSchema, validateSchema } from 'graphql';
import { expect, test } from 'vitest';
import { startInProcess, supergraphOf } from '../../support/federation.ts';
import { unlimited } from '../../support/unlimited.ts';
import { city, roots } from './city.ts';
import { anyQuestion } from './questions.ts';

const { publicSchema } = loadSupergraph(supergraphOf(city));
/** What the graph would be if one agency kept everything. */
const whole = buildSchema(printSchema(publicSchema));

/** Questions that had a wrong answer once. */
const onceWrong = [
  // Lists in a list.
  '{ park(id: "p0") { near { near { size { rooms } } } } }',
  // Two fetches bring different fields of one list, which are alike in one of them.
  '{ enterprises { licensedBy { hosted { id } } related { licensedBy { hosted { title } } } } }',
  // An entity at two places, so that its events lead back to it and one list is at two depths.
  `{ parks { events { parks { events { parks { grid } } } } }
     x: park(id: "p0") { events { parks { enterprises(first: 2) { __typename } } } } }`,
];

test('any question has the answer that one schema over everything gives', async () => {
  expect(validateSchema(whole)).toEqual([]);
  await using hub = await startInProcess(city, {
    operationsKept: 10,
    admission: { queryLimits: unlimited },
  });
  await fc.assert(
    fc.asyncProperty(anyQuestion(publicSchema), async (question) => {
      const expected = await graphql({ schema: whole, source: question, rootValue: roots });
      const answer = await hub.ask(question);
      expect(answer.data).toEqual(JSON.parse(JSON.stringify(expected.data)));
      // Where a null broke a promise, both say so.
      expect((answer.errors ?? []).length > 0).toBe((expected.errors ?? []).length > 0);
    }),
    {
      numRuns: Number(process.env.RANDOM_QUESTIONS ?? 150),
      examples: onceWrong.map((question) => [question]),
    },
  );
}, 600_000);
