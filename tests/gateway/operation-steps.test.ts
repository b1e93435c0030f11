import { type OperationStep, replaceSteps, sortSteps } from '@wenshu/gateway/response/operation-steps.ts';
import { expect, test } from 'vitest';

const validate: OperationStep = { name: 'validate', validate: { rules: [], maxErrors: 1 } };
const execute: OperationStep = { name: 'execute', execute: async () => ({}) };
const price: OperationStep = { name: 'price', admit: () => undefined };

test('steps of an operation run in the order of their list', () => {
  const second = () => undefined;
  const { admit } = sortSteps([validate, price, { name: 'second', admit: second }, execute]);
  expect(admit).toEqual([price.admit, second]);
});

test('a step that stands after a later one is refused', () => {
  expect(() => sortSteps([validate, execute, price])).toThrow('The step "price" runs before');
});

test('an operation without execution is refused', () => {
  expect(() => sortSteps([validate, price])).toThrow('executed in one step');
});

test('a step that does not exist is not replaced', () => {
  const other = { admit: { prize: () => () => undefined }, execute: {} };
  expect(() => replaceSteps([validate, price, execute], other)).toThrow('There is no step "prize"');
});
