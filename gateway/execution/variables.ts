import type { Json } from '../lib/json.ts';

/** Picks the variables that a fetch uses; one that the caller left out stays out. */
export function compileVariables(names: readonly string[] = []): (variables: Json) => Json {
  return (variables) => {
    const picked: Json = {};
    for (const name of names) {
      if (variables[name] !== undefined) picked[name] = variables[name];
    }
    return picked;
  };
}
