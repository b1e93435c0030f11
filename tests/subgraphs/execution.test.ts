import { buildSubgraphSchema } from '@apollo/subgraph';
import { execute } from '@wenshu/kit/execution/execute.ts';
import { execute as executeByGraphqlJs, GraphQLError, parse } from 'graphql';
import { describe, expect, it } from 'vitest';

const later = <T>(value: T) => Promise.resolve(value);
const shared = Promise.reject(new Error('A batch failed.'));
shared.catch(() => {});

const box = (name: string) => ({ __typename: 'Box', name });
const bag = (name: string) => ({ __typename: 'Bag', name });

const schema = buildSubgraphSchema([
  {
    typeDefs: parse(`
    enum Colour { RED GREEN }
    scalar Json
    interface Named { name: String }
    type Box implements Named { name: String, must: String!, inner: Box, mustInner: Box!, many(of: Int = 2): [Box!], colour: Colour, json: Json }
    type Bag implements Named { name: String, weight(in: String!): Float }
    union Thing = Box | Bag
    type Query {
      box: Box
      mustBox: Box!
      boxes: [Box!]
      nested: [[Box!]!]
      things: [Thing]
      named: [Named]
      strange: Thing
      noList: [Int]
      numbers: [Int]
      mustNumbers: [Int!]!
      echo(text: String!, by: Colour = GREEN): String
    }`),
    resolvers: {
      Query: {
        box: () => later(box('a')),
        mustBox: () => box('b'),
        boxes: () => [later(box('a')), box('good'), later(box('c'))],
        nested: () => [[box('a')], [box('good'), later(box('good'))], later([])],
        things: () => [
          box('a'),
          later(bag('b')),
          null,
          new Error('This one is lost.'),
          Promise.reject(new Error('And this.')),
        ],
        named: () => later([bag('a'), box('b')]),
        strange: () => ({ __typename: 'Query' }),
        noList: () => 'no list',
        numbers: () => [1, 'two', later(3), null],
        mustNumbers: () => [1, null],
        echo: (_root: unknown, { text, by }: { text: string; by: string }) => `${text} ${by}`,
      },
      Thing: { __resolveType: (value: { __typename: string }) => value.__typename },
      Box: {
        must: ({ name }: { name: string }) => (name === 'good' ? 'yes' : later(null)),
        inner: () => later(box('inner')),
        mustInner: ({ name }: { name: string }) => {
          if (name === 'inner')
            throw new GraphQLError('There is none.', { extensions: { code: 'NOT_FOUND' } });
          return box('inner');
        },
        many: ({ name }: { name: string }, { of }: { of: number }) =>
          name === 'inner' ? shared : Array.from({ length: of }, (_, i) => box(`${name}${i}`)),
        colour: ({ name }: { name: string }) => (name === 'a' ? 'RED' : 'BLUE'),
        json: () => ({ any: [1, { thing: null }] }),
      },
      Bag: { weight: () => () => later('1.5') },
    },
  },
]);

/** What both make of a question; the order of errors is free. */
async function both(query: string, variables?: Record<string, unknown>, operationName?: string) {
  const asked = { schema, document: parse(query), variableValues: variables, operationName };
  const [ours, theirs] = await Promise.all([execute(asked), executeByGraphqlJs(asked)]);
  const readable = ({ data, errors }: typeof ours) => ({
    data: JSON.stringify(data),
    errors: errors
      ?.map(({ path, extensions, locations }) => JSON.stringify({ path, extensions, locations }))
      .sort(),
  });
  return { ours: readable(ours), theirs: readable(theirs) };
}

const questions = {
  'aliases, fragments and the order of keys':
    '{ z: box { n: name ...F inner { name } } a: box { ...F } __typename } fragment F on Box { name inner { again: name json } }',
  'fields of one key from several places':
    '{ box { inner { name } } box { inner { colour } ... on Named { name } } }',
  'objects of several types':
    '{ things { __typename ... on Box { name } ... on Named { name } } named { __typename name } }',
  'an argument with its default': '{ echo(text: "a") box { many { name } one: many(of: 1) { name } } }',
  'a null that may not be, in an object': '{ box { name inner { must name } } }',
  'a null that may not be, in a list': '{ boxes { name must } good: box { name } }',
  'a null that may not be, in a list of lists': '{ nested { name must } }',
  'a null that may not be, up to the root': '{ box { name } mustBox { must } }',
  'an error that goes up, with its code':
    '{ box { mustInner { mustInner { name } } } boxes { mustInner { name } } }',
  'one error of a batch at every place':
    '{ box { mustInner { name many { name } } inner { many { name } } } }',
  'an enum that has no such value': '{ boxes { name colour } }',
  'values that are no list, or of no type': '{ noList strange { __typename } numbers }',
  'a list of what may not be null': '{ mustNumbers }',
  introspection:
    '{ __schema { queryType { name fields { name args { name defaultValue } } } } __type(name: "Thing") { possibleTypes { name } } }',
  'a key that objects have by themselves': '{ box { __proto__: name constructor: name toString: name } }',
  'a field that needs an argument': '{ named { ... on Bag { weight(in: "kg") } } }',
};

describe('a subgraph answers like graphql-js:', () => {
  it.each(Object.entries(questions))('%s', async (_name, query) => {
    const { ours, theirs } = await both(query);
    expect(ours).toEqual(theirs);
  });

  it('@skip and @include, whatever their variables are', async () => {
    const query =
      'query ($a: Boolean!, $b: Boolean = true) { box { name @skip(if: $a) inner @include(if: $b) { name json @skip(if: $a) } ... @include(if: $a) { colour } } }';
    for (const variables of [{ a: true }, { a: false }, { a: false, b: false }, { a: true, b: false }, {}]) {
      const { ours, theirs } = await both(query, variables);
      expect(ours).toEqual(theirs);
    }
  });

  it('variables, and those that are wrong', async () => {
    const query = 'query ($text: String!, $by: Colour) { echo(text: $text, by: $by) }';
    for (const variables of [
      { text: 'a' },
      { text: 'a', by: 'RED' },
      { text: 1 },
      { text: 'a', by: 'BLUE' },
    ]) {
      const { ours, theirs } = await both(query, variables);
      expect(ours).toEqual(theirs);
    }
  });

  it('the operation that is named', async () => {
    const { ours, theirs } = await both('query A { box { name } } query B { numbers }', {}, 'B');
    expect(ours).toEqual(theirs);
    const { ours: none } = await both('query A { box { name } } query B { numbers }');
    expect(none.errors).toHaveLength(1);
  });
});
