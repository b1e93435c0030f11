import fc from 'fast-check';
import { buildSchema, defaultFieldResolver, graphql, parse, printSchema } from 'graphql';
import { expect, test } from 'vitest';
import { serve } from '../../support/federation.ts';
import { city, roots } from './city.ts';
import { coordinates, openByRules, publicSchema } from './graph-by-rules.ts';
import { anyQuestion } from './questions.ts';
import { anyRules, type Caller, callersOf, purpose, type Rules, sightOf } from './sharing-model.ts';

const callers = callersOf(coordinates);
/** The graph in one piece. */
const whole = buildSchema(printSchema(publicSchema));

/** What it answers where the rules are asked at every field. */
const answerByRules = (rules: Rules, caller: Caller, question: string) => {
  const { maySee, withoutHidden } = sightOf(rules, coordinates, caller);
  return graphql({
    schema: whole,
    source: question,
    rootValue: roots,
    fieldResolver: (row, args, context, info) => {
      if (!maySee(`${info.parentType.name}.${info.fieldName}`, row)) throw new Error('denied');
      return withoutHidden(defaultFieldResolver(row, args, context, info), info.returnType);
    },
  });
};

/** Whether no null stands where there may be none, for who sees everything. */
const keepsItsPromises = async (question: string) =>
  (await graphql({ schema: whole, source: question, rootValue: roots })).errors === undefined;

test('whoever asks after whomever sees what the rules say, and nothing else', async () => {
  const subgraphs = serve(city);
  await fc.assert(
    fc.asyncProperty(
      anyRules(coordinates),
      fc.array(anyQuestion(publicSchema), { minLength: 1, maxLength: 2 }),
      async (rules, questions) => {
        // A broken promise in a row that is left out breaks the list in its subgraph all the same.
        for (const question of questions) fc.pre(await keepsItsPromises(question));
        const graph = await openByRules(rules, subgraphs);
        try {
          // All at once and over one cache of plans: nobody may get what another may see.
          await Promise.all(
            questions.flatMap((question) =>
              [...callers, ...callers].map(async (caller) => {
                const answer = await graph.executor.execute({
                  document: parse(question),
                  documentKey: question,
                  operationName: undefined,
                  variables: {},
                  context: {
                    requestId: 'test',
                    headers: new Map(),
                    caller,
                    purposeOfUse: { purpose },
                  },
                });
                const expected = await answerByRules(rules, caller, question);
                expect(JSON.parse(answer.data?.text ?? 'null')).toEqual(
                  JSON.parse(JSON.stringify(expected.data)),
                );
                expect((answer.errors ?? []).length > 0).toBe((expected.errors ?? []).length > 0);
              }),
            ),
          );
        } finally {
          await graph.close();
        }
      },
    ),
    { numRuns: Number(process.env.RANDOM_QUESTIONS ?? 40) },
  );
}, 600_000);
