import { openGraph } from '@wenshu/gateway/execution/graph.ts';
import { standardLimits } from '@wenshu/gateway/execution/subgraph-policy.ts';
import { loadSupergraph } from '@wenshu/gateway/execution/supergraph.ts';
import type { Agreements, Grant } from '@wenshu/gateway/governance/agreements.ts';
import { createRestrict } from '@wenshu/gateway/governance/restrict.ts';
import { createRights } from '@wenshu/gateway/governance/rights.ts';
import { createRowRules } from '@wenshu/gateway/governance/row-rules.ts';
import { silent } from '@wenshu/gateway/log.ts';
import type { Department } from '@wenshu/schema/caller.ts';
import { type Sharing, shareClasses } from '@wenshu/schema/sharing.ts';
import fc from 'fast-check';
import { buildSchema, defaultFieldResolver, graphql, isObjectType, parse, printSchema } from 'graphql';
import { expect, test } from 'vitest';
import { serve, supergraphOf } from '../../support/federation.ts';
import { city, roots } from './city.ts';
import { anyQuestion } from './questions.ts';

const sdl = supergraphOf(city);
const { publicSchema } = loadSupergraph(sdl);
const coordinates = Object.values(publicSchema.getTypeMap()).flatMap((type) =>
  isObjectType(type) && !type.name.startsWith('__') && type.name !== 'Query'
    ? Object.keys(type.getFields()).map((field) => `${type.name}.${field}`)
    : [],
);
const purpose = 'inspection';
const owners: readonly Department[] = ['PROPAGANDA', 'MARKET_REGULATION'];
const askers: readonly Department[] = ['PROPAGANDA', 'CULTURE_TOURISM', 'STATISTICS'];

/** Who owns what, and what was agreed. Most is unconditional, so that something is left to see. */
const anyRules = fc.record({
  classes: fc.array(fc.constantFrom(...shareClasses, 'UNCONDITIONAL', 'UNCONDITIONAL'), {
    minLength: coordinates.length,
    maxLength: coordinates.length,
  }),
  owners: fc.array(fc.constantFrom(...owners), {
    minLength: coordinates.length,
    maxLength: coordinates.length,
  }),
  grants: fc.array(
    fc.record({
      department: fc.constantFrom(...askers),
      fields: fc.subarray(coordinates),
      park: fc.option(fc.constantFrom('p0', 'p1'), { nil: undefined }),
      purpose: fc.constantFrom(purpose, 'statistics'),
    }),
    { maxLength: 4 },
  ),
});

type Rules = typeof anyRules extends fc.Arbitrary<infer Value> ? Value : never;

const sharingOf = (rules: Rules) =>
  new Map(
    coordinates.map((coordinate, i): [string, Sharing] => [
      coordinate,
      {
        class: rules.classes[i] ?? 'WITHHELD',
        owner: rules.owners[i] ?? 'PROPAGANDA',
        open: false,
        masked: false,
      },
    ]),
  );

/** The rules as one would tell them: whether a department sees a field of a row. */
const maySee = (
  rules: Rules,
  asker: Department,
  coordinate: string,
  row: Record<string, unknown>,
): boolean => {
  const sharing = sharingOf(rules).get(coordinate);
  if (!sharing || sharing.class === 'UNCONDITIONAL' || sharing.owner === asker) return true;
  if (sharing.class === 'WITHHELD') return false;
  const parkOfRow = coordinate.startsWith('Park.')
    ? row.id
    : (row.park as { id?: string } | null | undefined)?.id;
  const hasPark = coordinate.startsWith('Park.') || coordinate.startsWith('Enterprise.');
  return rules.grants.some(
    (grant) =>
      grant.department === asker &&
      grant.purpose === purpose &&
      grant.fields.includes(coordinate) &&
      (grant.park === undefined || (hasPark && parkOfRow === grant.park)),
  );
};

/** The same schema in one piece, which asks the rules at every field. */
const answerByRules = (rules: Rules, asker: Department, question: string) =>
  graphql({
    schema: buildSchema(printSchema(publicSchema)),
    source: question,
    rootValue: roots,
    fieldResolver: (row, args, context, info) => {
      if (!maySee(rules, asker, `${info.parentType.name}.${info.fieldName}`, row)) throw new Error('denied');
      return defaultFieldResolver(row, args, context, info);
    },
  });

test('whoever asks after whomever sees what the rules say, and nothing else', async () => {
  const subgraphs = serve(city);
  await fc.assert(
    fc.asyncProperty(
      anyRules,
      fc.array(anyQuestion(publicSchema), { minLength: 1, maxLength: 2 }),
      async (rules, questions) => {
        const sharing = sharingOf(rules);
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
        const readable = { of: (coordinate: string) => sharing.get(coordinate) };
        const rights = createRights({
          sharing: readable,
          agreements,
          rowRules: createRowRules(publicSchema, () => false),
          isWrapper: () => false,
        });
        const graph = await openGraph(sdl, {
          connect: (name) => subgraphs.get(name) ?? (() => Promise.reject(new Error(name))),
          limits: standardLimits,
          observer: {},
          planTimeoutMs: 10_000,
          operationsKept: 50,
          sharesFetches: true,
          isLabelActive: () => false,
          log: silent,
          restrictBy: () => createRestrict(publicSchema, readable, rights).restrict,
        });
        try {
          // All at once and over one cache of plans: nobody may get what another may see.
          await Promise.all(
            questions.flatMap((question) =>
              [...askers, ...askers].map(async (department) => {
                const answer = await graph.executor.execute({
                  document: parse(question),
                  documentKey: question,
                  operationName: undefined,
                  variables: {},
                  context: {
                    requestId: 'test',
                    headers: new Map(),
                    caller: { kind: 'department', department, role: 'viewer', user: 'somebody' },
                    occasion: { purpose },
                  },
                });
                const expected = await answerByRules(rules, department, question);
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
    { numRuns: Number(process.env.RANDOM_QUESTIONS ?? 60) },
  );
}, 600_000);
