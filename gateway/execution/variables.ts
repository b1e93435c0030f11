import type { Json } from '../lib/json.ts';

/** Picks the variables that a fetch uses. A variable that the caller omitted stays omitted. */
export function compileVariables(names: readonly string[] = []): (variables: Json) => Json {
  return (variables) => {
    const picked: Json = {};
    for (const name of names) {
      if (variables[name] !== undefined) picked[name] = variables[name];
    }
    return picked;
  };
}
