import type { Json } from '../lib/json.ts';

type Values = Readonly<Record<string, unknown>>;

/**
 * Whether a row that does not exist meets a filter, as if it had these values and no others, and were related to nothing.
 */
export const isMetWithout = (
  filter: Json,
  values: Values,
  isRelation: (name: string) => boolean,
): boolean => {
  const isMet = (part: Json) => isMetWithout(part, values, isRelation);
  return Object.entries(filter).every(([name, condition]) => {
    if (condition === null || condition === undefined) return true;
    if (name === 'and') return (condition as Json[]).every(isMet);
    if (name === 'or') return (condition as Json[]).some(isMet);
    if (name === 'not') return !isMet(condition as Json);
    if (isRelation(name)) return (condition as Json).exists === false;
    return meets(values[name], condition as Json);
  });
};

/** Whether a value, undefined for none, meets the operators of a condition. */
const meets = (value: unknown, operators: Json): boolean =>
  Object.entries(operators).every(([operator, operand]) => {
    if (operand === null || operand === undefined) return true;
    if (operator === 'isNull') return operand === (value === undefined);
    if (operator === 'in') return (operand as unknown[]).includes(value);
    return operator === 'eq' && operand === value;
  });
