import { type DocumentNode, Kind, type TypeNode } from 'graphql';
import { Failure } from './failure.ts';

/**
 * Types whose values are written as in JSON. A value of another type is a text, unless it starts like a list or object.
 */
const literal = new Set(['Int', 'Float', 'Boolean']);

/** Reads `name=value` by the types that the query declares for its variables. */
export function readVariables(document: DocumentNode, given: readonly string[]): Record<string, unknown> {
  const types = new Map<string, TypeNode>();
  for (const definition of document.definitions) {
    if (definition.kind !== Kind.OPERATION_DEFINITION) continue;
    for (const { variable, type } of definition.variableDefinitions ?? [])
      types.set(variable.name.value, type);
  }
  return Object.fromEntries(
    given.map((text) => {
      const [, name = '', value = ''] = /^(\w+)=(.*)$/s.exec(text) ?? [];
      const type = types.get(name);
      if (!type) throw new Failure('misused', `The query has no variable for --var ${text}.`);
      return [name, valueFrom(name, value, type)];
    }),
  );
}

function valueFrom(name: string, text: string, type: TypeNode): unknown {
  if (type.kind === Kind.NON_NULL_TYPE) return valueFrom(name, text, type.type);
  const isJson = type.kind === Kind.LIST_TYPE || literal.has(type.name.value) || /^[{[]/.test(text);
  if (!isJson) return text;
  try {
    return JSON.parse(text);
  } catch {
    throw new Failure('misused', `--var ${name} must be JSON, as "true", 3 or ["a", "b"], not ${text}.`);
  }
}
