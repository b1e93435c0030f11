import type { Graph } from '@wenshu/gateway/graph/open-graph.ts';
import fc from 'fast-check';
import { type GraphQLError, type GraphQLObjectType, parse } from 'graphql';
import { expect, test } from 'vitest';
import { serve } from '../../support/federation.ts';
import { city } from './city.ts';
import { coordinates, openByRules, publicSchema } from './graph-by-rules.ts';
import { anySelection } from './questions.ts';
import { anyRules, type Caller, callersOf, purpose } from './sharing-model.ts';

const callers = callersOf(coordinates);
const typeOf = (name: string) => publicSchema.getType(name) as GraphQLObjectType;

/** A thing that changes: its field as a query, and any selection of it. */
const anyThing = fc.oneof(
  ...(['Park', 'Enterprise'] as const).map((name) =>
    fc.record({
      field: fc.constant(name.toLowerCase()),
      id: fc.constantFrom(...['0', '1', '3'].map((i) => `${name[0]?.toLowerCase()}${i}`)),
      selection: anySelection(publicSchema, typeOf(name)),
    }),
  ),
);

type Changing = { readonly field: string; readonly id: string; readonly selection: string };

const requestOf = (document: string, caller: Caller) => ({
  document: parse(document),
  documentKey: document,
  operationName: undefined,
  variables: {},
  context: { requestId: 'test', headers: new Map<string, string>(), caller, purposeOfUse: { purpose } },
});

const errorAt = ({ path, extensions }: GraphQLError) => [path, extensions.code];

/** The answer of the event that a thing has changed; its denial; or undefined if nobody may learn of it. */
async function answerOfEvent(
  { executor, subgraphs }: Graph,
  { field, id, selection }: Changing,
  caller: Caller,
) {
  const request = requestOf(`subscription { thing: ${field}Changed(id: "${id}") ${selection} }`, caller);
  const source = await executor.findSource(request);
  if ('errors' in source) return { refused: true, isHidden: false } as const;
  const { signal } = new AbortController();
  const stream = subgraphs.get(source.subgraph)?.openStream?.({ ...source.request, signal }, request.context);
  for await (const event of stream ?? []) {
    const { isHidden, rights, ...answer } = await executor.answerEvent(request, event);
    expect(rights).toBe(source.rights);
    expect(rights).toBe(executor.rightsOf(request));
    return { refused: false, isHidden, answer } as const;
  }
  throw new Error('There was no event.');
}

test('an event has the answer of the same selection asked as a query, and none of a hidden row, whatever the rules are', async () => {
  const subgraphs = serve(city);
  let compared = 0;
  let hidden = 0;
  await fc.assert(
    fc.asyncProperty(anyRules(coordinates), anyThing, async (rules, thing) => {
      const graph = await openByRules(rules, subgraphs);
      try {
        for (const caller of callers) {
          const asked = requestOf(`{ thing: ${thing.field}(id: "${thing.id}") ${thing.selection} }`, caller);
          const expected = await graph.executor.execute(asked);
          const data = JSON.parse(expected.data?.text ?? 'null');
          const event = await answerOfEvent(graph, thing, caller);
          if (event.refused || event.isHidden) expect(data?.thing ?? null).toBe(null);
          else {
            compared += 1;
            expect(JSON.parse(event.answer.data?.text ?? 'null')).toEqual(data);
            expect(event.answer.errors?.map(errorAt)).toEqual(expected.errors?.map(errorAt));
          }
          if (event.isHidden) hidden += 1;
        }
      } finally {
        await graph.close();
      }
    }),
    { numRuns: Number(process.env.RANDOM_QUESTIONS ?? 40) },
  );
  expect(compared).toBeGreaterThan(0);
  expect(hidden).toBeGreaterThan(0);
}, 600_000);
