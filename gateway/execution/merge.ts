import { isObject, type Json } from './json.ts';

/**
 * Writes what one subgraph answered about an object into what is known of it. New
 * values are taken by reference, so an entity that stands in many places stays one
 * object. That is safe because in a planned operation one name means one field with
 * one set of arguments (see operation.ts).
 *
 * A null never overwrites a value: two subgraphs may both know a field, and one of
 * them may have failed. A `__typename` stays once it is known, unless it only named
 * an interface, as an `@interfaceObject` does.
 */
export function merge(known: Json, answer: Json, isAbstract: (typeName: string) => boolean): void {
  for (const key in answer) {
    const value = answer[key];
    const current = known[key];
    if (current === undefined || current === null) known[key] = value;
    else if (value === undefined || value === null || value === current) continue;
    else if (isObject(current) && isObject(value)) merge(current, value, isAbstract);
    else if (Array.isArray(current) && Array.isArray(value)) mergeLists(current, value, isAbstract);
    else if (key !== '__typename' || isAbstract(String(current))) known[key] = value;
  }
}

function mergeLists(known: unknown[], answer: unknown[], isAbstract: (typeName: string) => boolean): void {
  for (const [index, value] of answer.entries()) {
    const current = known[index];
    if (isObject(current) && isObject(value)) merge(current, value, isAbstract);
    else if (Array.isArray(current) && Array.isArray(value)) mergeLists(current, value, isAbstract);
    else if (value !== undefined && value !== null) known[index] = value;
  }
}
