import { MergedData } from '@wenshu/gateway/execution/merged-data.ts';
import type { Json } from '@wenshu/gateway/lib/json.ts';
import { expect, test } from 'vitest';

const isAbstract = (typeName: string) => typeName === 'Place';

/** All that the mergedData tell of a value. */
function whole(value: unknown, mergedData: MergedData, keys: readonly string[]): unknown {
  if (Array.isArray(value)) return value.map((item) => whole(item, mergedData, keys));
  if (typeof value !== 'object' || value === null) return value;
  const fields = keys.map(
    (key) => [key, whole(mergedData.read(value as Json, key), mergedData, keys)] as const,
  );
  return Object.fromEntries(fields.filter(([, field]) => field !== undefined));
}

const cases: [string, Json, Json, Json][] = [
  ['new fields are added', { a: 1 }, { b: 2 }, { a: 1, b: 2 }],
  ['objects are laid over each other', { a: { b: 1 } }, { a: { c: 2 } }, { a: { b: 1, c: 2 } }],
  [
    'lists are laid over each other item by item',
    { a: [{ b: 1 }, null] },
    { a: [{ c: 2 }, { c: 3 }] },
    { a: [{ b: 1, c: 2 }, { c: 3 }] },
  ],
  ['lists of lists as well', { a: [[{ b: 1 }]] }, { a: [[{ c: 2 }]] }, { a: [[{ b: 1, c: 2 }]] }],
  ['a null hides nothing', { a: 1, b: { c: 2 } }, { a: null, b: null }, { a: 1, b: { c: 2 } }],
  ['a value fills a null', { a: null }, { a: { b: 1 } }, { a: { b: 1 } }],
  ['a null is known to be null', { a: 1 }, { b: null }, { a: 1, b: null }],
  ['a type stays as it is', { __typename: 'Park' }, { __typename: 'Place' }, { __typename: 'Park' }],
  [
    'an interface gives way to a type',
    { __typename: 'Place' },
    { __typename: 'Park' },
    { __typename: 'Park' },
  ],
];

test.each(cases)('%s', (_, known, answer, expected) => {
  const before = structuredClone([known, answer]);
  const mergedData = new MergedData(isAbstract);
  mergedData.add(known, answer);
  expect(whole(known, mergedData, ['a', 'b', 'c', '__typename'])).toEqual(expected);
  expect([known, answer], 'no answer is written to').toEqual(before);
});

test('what is added to an object shows in every place where it stands', () => {
  const mergedData = new MergedData(isAbstract);
  const shared = { id: 1 };
  const root = { a: [shared], b: [shared] };
  mergedData.add(shared, { c: 'told once' });
  expect(whole(root, mergedData, ['a', 'b', 'c'])).toEqual({
    a: [{ c: 'told once' }],
    b: [{ c: 'told once' }],
  });
});

test('objects that were united one after the other are one', () => {
  const mergedData = new MergedData(isAbstract);
  const [first, second, third] = [{ id: 1 }, { id: 1 }, { id: 1 }];
  expect([mergedData.alias(first, second), mergedData.alias(second, third)]).toEqual([true, true]);
  mergedData.add(first, { a: 1 });
  mergedData.add(third, { b: 2 });
  for (const object of [first, second, third]) {
    expect(whole(object, mergedData, ['a', 'b'])).toEqual({ a: 1, b: 2 });
  }
});
