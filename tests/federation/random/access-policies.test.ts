import { createAccessPolicies } from '@wenshu/gateway/governance/access-policy.ts';
import type { Agreements, Grant } from '@wenshu/gateway/governance/agreements.ts';
import { createAuthorize } from '@wenshu/gateway/governance/authorize.ts';
import { RowRules } from '@wenshu/gateway/governance/row-rules.ts';
import { openGraph } from '@wenshu/gateway/graph/open-graph.ts';
import { silent } from '@wenshu/gateway/lib/log.ts';
import { shapeOf } from '@wenshu/gateway/supergraph/graph-shape.ts';
import { readSharing } from '@wenshu/gateway/supergraph/sharing.ts';
import { loadSupergraph } from '@wenshu/gateway/supergraph/supergraph.ts';
import { standardLimits } from '@wenshu/gateway/upstream/policy.ts';
import fc from 'fast-check';
import { buildSchema, defaultFieldResolver, graphql, isObjectType, parse, printSchema } from 'graphql';
import { expect, test } from 'vitest';
import { serve, supergraphOf } from '../../support/federation.ts';
import { city, roots } from './city.ts';
import { anyQuestion } from './questions.ts';
import {
  anyRules,
  type Caller,
  callersOf,
  purpose,
  type Rules,
  sharingOf,
  sightOf,
  typeSharing,
} from './sharing-model.ts';

const sdl = supergraphOf(city);
const { publicSchema } = loadSupergraph(sdl);
const coordinates = Object.values(publicSchema.getTypeMap()).flatMap((type) =>
  isObjectType(type) && !type.name.startsWith('__') && type.name !== 'Query'
    ? Object.keys(type.getFields()).map((field) => `${type.name}.${field}`)
    : [],
);
const callers = callersOf(coordinates);
const declared = readSharing(sdl);
const shape = shapeOf(publicSchema);
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
        const sharing = sharingOf(rules, coordinates);
        const agreements: Agreements = {
          version: 0,
          activeFor: (department) =>
            rules.grants.flatMap(({ park, ...grant }, i): Grant[] =>
              grant.department === department
                ? [
                    {
                      ...grant,
                      agreementId: String(i),
                      endsAt: Number.POSITIVE_INFINITY,
                      ...(park && { park }),
                    },
                  ]
                : [],
            ),
        };
        const model = {
          sharing: {
            ...declared,
            of: (coordinate: string) => sharing.get(coordinate),
            ofType: (typeName: string) => typeSharing(rules, typeName),
          },
          rowRules: new RowRules(publicSchema, shape, () => false),
          shape,
        };
        const accessPolicyOf = createAccessPolicies(model, agreements);
        const graph = await openGraph(sdl, {
          connect: (name) => subgraphs.get(name) ?? (() => Promise.reject(new Error(name))),
          subgraphLimits: standardLimits,
          observer: {},
          planTimeoutMs: 10_000,
          // The same few callers ask all questions.
          planBudgetMs: 600_000,
          operationsKept: 50,
          sharesFetches: true,
          isLabelActive: () => false,
          log: silent,
          authorizeBy: () => createAuthorize(publicSchema, model, accessPolicyOf),
        });
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
