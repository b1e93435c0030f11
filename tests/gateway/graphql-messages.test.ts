import { graphqlMessageInChinese } from '@wenshu/gateway/response/graphql-messages.ts';
import { buildSchema, getVariableValues, parse, specifiedRules, validate } from 'graphql';
import { expect, test } from 'vitest';

const schema = buildSchema(`
  enum Kind { ART MUSIC }
  input Filter { name: String, kind: Kind, size: Int! }
  input One @oneOf { a: Int b: Int }
  interface Place { name: String }
  type Park implements Place { name: String tags: [Place] size(unit: Kind!, by: Int): Int }
  type Club { name: String }
  union Any = Park | Club
  type Query { park(id: ID, filter: Filter, one: One, kinds: [Kind!], open: Boolean, at: Float): Park any: Any club: Club }
  type Subscription { park: Park club: Club }
`);

/** Documents that break each rule of graphql-js, by the name of the rule. */
const broken: Readonly<Record<string, readonly string[]>> = {
  ExecutableDefinitionsRule: ['type Tree { name: String }'],
  UniqueOperationNamesRule: ['query A { park { name } } query A { park { name } }'],
  LoneAnonymousOperationRule: ['{ park { name } } query A { park { name } }'],
  SingleFieldSubscriptionsRule: [
    'subscription S { park { name } club { name } }',
    'subscription { park { name } club { name } }',
    'subscription { __typename }',
  ],
  KnownTypeNamesRule: ['{ any { ... on Prak { name } } }', 'query ($a: Sting) { park { name } }'],
  FragmentsOnCompositeTypesRule: [
    '{ any { ... on Kind { name } } }',
    'fragment F on Kind { name } { any { ...F } }',
  ],
  VariablesAreInputTypesRule: ['query ($a: Park) { park { name } }'],
  ScalarLeafsRule: ['{ park { name { first } } }', '{ park }'],
  FieldsOnCorrectTypeRule: ['{ park { nam } }', '{ park { xyzzy } }', '{ any { name } }'],
  UniqueFragmentNamesRule: ['{ park { ...F } } fragment F on Park { name } fragment F on Park { name }'],
  KnownFragmentNamesRule: ['{ park { ...F } }'],
  NoUnusedFragmentsRule: ['{ park { name } } fragment F on Park { name }'],
  PossibleFragmentSpreadsRule: [
    '{ park { ... on Club { name } } }',
    '{ park { ...F } } fragment F on Club { name }',
  ],
  NoFragmentCyclesRule: [
    'fragment F on Park { ...F }',
    'fragment F on Park { ...G } fragment G on Park { ...H } fragment H on Park { ...F }',
  ],
  UniqueVariableNamesRule: ['query ($a: ID, $a: ID) { park(id: $a) { name } }'],
  NoUndefinedVariablesRule: ['{ park(id: $a) { name } }', 'query Q { park(id: $a) { name } }'],
  NoUnusedVariablesRule: ['query ($a: ID) { park { name } }', 'query Q($a: ID) { park { name } }'],
  KnownDirectivesRule: ['{ park @no { name } }', 'query @skip(if: true) { park { name } }'],
  UniqueDirectivesPerLocationRule: ['{ park @skip(if: true) @skip(if: false) { name } }'],
  KnownArgumentNamesRule: ['{ park(ide: 1) { name } }', '{ park @skip(iff: true, if: true) { name } }'],
  UniqueArgumentNamesRule: ['{ park(id: 1, id: 2) { name } }'],
  ValuesOfCorrectTypeRule: [
    '{ park(filter: {size: null}) { name } }',
    '{ park(filter: {name: "x"}) { name } }',
    '{ park(filter: {size: 1, nmae: "x"}) { name } }',
    '{ park(filter: {size: "1", kind: ARTS}) { name } }',
    '{ park(filter: {size: 99999999999, kind: "ART"}) { name } }',
    '{ park(filter: 3, id: 1.5, open: 1, at: "x", kinds: [null]) { name } }',
    '{ park(one: {a: 1, b: 2}) { name } }',
    '{ park(one: {a: null}) { name } }',
    '{ park(filter: {size: 1, name: 2}) { name } }',
  ],
  ProvidedRequiredArgumentsRule: ['{ park { size } }', '{ park @skip { name } }'],
  VariablesInAllowedPositionRule: [
    'query ($a: String) { park(id: $a) { name } }',
    'query ($a: Int) { park(one: {a: $a}) { name } }',
  ],
  OverlappingFieldsCanBeMergedRule: [
    '{ park { a: name a: tags { name } } }',
    '{ a: park { name } a: club { name } }',
    '{ park(id: 1) { name } park(id: 2) { name } }',
    '{ club { name } park { a: name b: name } park { a: __typename b: __typename } }',
    'query ($a: ID) { any { ... on Park { a: size(unit: ART) } ... on Club { a: name } } park(id: $a) { name } }',
  ],
  UniqueInputFieldNamesRule: ['{ park(filter: {size: 1, size: 2}) { name } }'],
  MaxIntrospectionDepthRule: [
    '{ __schema { types { fields { type { fields { type { fields { type { fields { name } } } } } } } } } }',
  ],
};

const hasChinese = /\p{Script=Han}/u;

/** The names and values that a message quotes. */
const quoted = (message: string) => [...message.matchAll(/"([\w.$@]+)"/g)].map(([, name = '']) => name);

function expectChinese(message: string) {
  const inChinese = graphqlMessageInChinese(message);
  expect(inChinese, message).toMatch(hasChinese);
  // No English sentence is left in it.
  expect(inChinese, message).not.toMatch(/\b(is|are|be|not|they|must|because|of type)\b/);
  for (const name of quoted(message.replace(/ Did you mean .*/s, ''))) expect(inChinese).toContain(name);
}

test.each(specifiedRules.map((rule) => [rule.name, rule] as const))(
  'every message of %s has a Chinese form with its names',
  (name, rule) => {
    const documents = broken[name];
    expect(documents, `No document breaks the rule ${name}.`).toBeDefined();
    for (const document of documents ?? []) {
      const errors = validate(schema, parse(document), [rule]);
      expect(errors.length, document).toBeGreaterThan(0);
      for (const { message } of errors) expectChinese(message);
    }
  },
);

test.each([
  ['($a: ID!)', {}],
  ['($a: ID!)', { a: null }],
  ['($a: Int)', { a: 'x' }],
  ['($a: Int)', { a: 2 ** 40 }],
  ['($a: Float)', { a: 'x' }],
  ['($a: Boolean)', { a: 1 }],
  ['($a: String)', { a: 1 }],
  ['($a: ID)', { a: true }],
  ['($a: Kind)', { a: 'ARTS' }],
  ['($a: Kind)', { a: 7 }],
  ['($a: [Kind!])', { a: ['ART', null] }],
  ['($a: Filter)', { a: 3 }],
  ['($a: Filter)', { a: {} }],
  ['($a: Filter)', { a: { size: 1, sze: 2 } }],
  ['($a: One)', { a: { a: 1, b: 2 } }],
  ['($a: One)', { a: { a: null } }],
  ['($a: Park)', { a: 1 }],
])('what is wrong with the variable %s %j is said in Chinese', (definition, values) => {
  const document = parse(`query ${definition} { park { name } }`);
  const [operation] = document.definitions;
  if (operation?.kind !== 'OperationDefinition') throw new Error('It is no operation.');
  const { errors } = getVariableValues(schema, operation.variableDefinitions ?? [], values);
  expect(errors).toHaveLength(1);
  for (const { message } of errors ?? []) expectChinese(message);
});

test.each([
  '{ park { name }',
  '{ park(id: ) { name } }',
  'query ($a: ID = $b) { park { name } }',
  '{ park(id: "x) { name } }',
  "{ park(id: 'x') { name } }",
  '{ park(id: "\\q") { name } }',
  '{ park(id: 01) { name } }',
  '{ park(id: 1.) { name } }',
  '{ park(id: "\\u{zz}") { name } }',
  'enum Kind { true }',
  '{ park ? }',
  '} park {',
])('the syntax error in %s is said in Chinese', (document) => {
  let message = '';
  try {
    parse(document);
  } catch (error) {
    message = String((error as Error).message);
  }
  expect(message).toMatch(/^Syntax Error/);
  const inChinese = graphqlMessageInChinese(message);
  expect(inChinese).toMatch(/^语法错误:.*\p{Script=Han}/u);
  expect(inChinese).not.toMatch(/\b(expected|unexpected|found|invalid)\b/i);
});

test('a message reads as a sentence, with what was probably meant', () => {
  expect(
    graphqlMessageInChinese('Cannot query field "foo" on type "Park". Did you mean "food" or "foot"?'),
  ).toBe('类型“Park”没有字段“foo”。您要找的可能是“food”、“foot”。');
  expect(graphqlMessageInChinese('Cannot query field "foo" on type "Park".')).toBe(
    '类型“Park”没有字段“foo”。',
  );
  expect(
    graphqlMessageInChinese(
      'Variable "$kind" got invalid value "ARTS" at "kind[0]"; Value "ARTS" does not exist in "Kind" enum.',
    ),
  ).toBe('变量“$kind”在“kind[0]”处的值 "ARTS" 无效:枚举“Kind”没有值“ARTS”。');
});

test('a message of the hub itself is left to its own words', () => {
  expect(graphqlMessageInChinese('Park "p9" does not exist.')).toBeUndefined();
});
