import type { Json } from '../lib/json.ts';
import type { Supergraph } from '../supergraph/supergraph.ts';
import type { FetchedField } from './fetch-document.ts';
import type { Representation } from './representations.ts';

/**
 * Compiles the check that an answer is about the requested entity: its type, its key if the answer has it, and the
 * fields requested on that type.
 */
export function compileEntityCheck(
  subgraph: string,
  fields: readonly FetchedField[],
  supergraph: Supergraph,
) {
  const { satisfies } = supergraph;
  const traits = new Map<string, { keys: readonly string[]; expected: string | undefined }>();

  const traitsOf = (typeName: string) => {
    const known = traits.get(typeName);
    if (known) return known;
    const keys = supergraph
      .keysOf(subgraph, typeName)
      .flatMap((key) => key.selections)
      .flatMap((each) => (each.kind === 'Field' && !each.selectionSet ? [each.name.value] : []));
    const expected = fields.find(({ on }) => on === undefined || satisfies(typeName, on))?.key;
    const made = { keys: [...new Set(keys)], expected };
    traits.set(typeName, made);
    return made;
  };

  return (asked: Representation, answer: Json): boolean => {
    const { __typename: typeName } = answer;
    if (typeof typeName === 'string' && !isSameKind(typeName, asked.__typename)) return false;
    const { keys, expected } = traitsOf(asked.__typename);
    if (expected !== undefined && answer[expected] === undefined) return false;
    return keys.every(
      (key) =>
        answer[key] === undefined || asked[key] === undefined || String(answer[key]) === String(asked[key]),
    );
  };

  function isSameKind(answered: string, asked: string) {
    return answered === asked || satisfies(answered, asked) || satisfies(asked, answered);
  }
}
