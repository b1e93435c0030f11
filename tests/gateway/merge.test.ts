import { merge } from '@wenshu/gateway/execution/merge.ts';
import { expect, test } from 'vitest';

const isAbstract = (typeName: string) => typeName === 'Place';

test.each([
  ['new fields are added', { a: 1 }, { b: 2 }, { a: 1, b: 2 }],
  ['objects are merged', { a: { b: 1 } }, { a: { c: 2 } }, { a: { b: 1, c: 2 } }],
  [
    'lists are merged item by item',
    { a: [{ b: 1 }, null] },
    { a: [{ c: 2 }, { c: 3 }] },
    { a: [{ b: 1, c: 2 }, { c: 3 }] },
  ],
  ['lists of lists as well', { a: [[{ b: 1 }]] }, { a: [[{ c: 2 }]] }, { a: [[{ b: 1, c: 2 }]] }],
  ['a null overwrites nothing', { a: 1, b: { c: 2 } }, { a: null, b: null }, { a: 1, b: { c: 2 } }],
  ['a value fills a null', { a: null }, { a: { b: 1 } }, { a: { b: 1 } }],
  ['a type stays as it is', { __typename: 'Park' }, { __typename: 'Place' }, { __typename: 'Park' }],
  [
    'an interface gives way to a type',
    { __typename: 'Place' },
    { __typename: 'Park' },
    { __typename: 'Park' },
  ],
])('%s', (_, known, answer, expected) => {
  merge(known, answer, isAbstract);
  expect(known).toEqual(expected);
});
