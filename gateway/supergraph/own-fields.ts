import { type ConstDirectiveNode, isTypeDefinitionNode, Kind, parse } from 'graphql';
import { memoize } from '../lib/memoize.ts';
import type { Supergraph } from './supergraph.ts';

/** What a subgraph can be asked of an entity by its key alone. */
export type OwnFields = {
  /** The plain fields of a key by which it finds entities of a type; undefined where it has none. */
  keyOf(subgraph: string, type: string): readonly string[] | undefined;
  /** Whether it resolves a field itself, from nothing but the key. */
  resolves(subgraph: string, type: string, field: string): boolean;
};

/** Found once of each supergraph. */
export const ownFieldsOf = memoize((supergraph: Supergraph): OwnFields => {
  const graphs = new Map<string, string>();
  const keys = new Map<string, readonly string[]>();
  const joins = new Map<string, readonly ConstDirectiveNode[]>();
  for (const type of supergraph.document.definitions.filter(isTypeDefinitionNode)) {
    const name = type.name.value;
    if (type.kind === Kind.ENUM_TYPE_DEFINITION && name === 'join__Graph') {
      for (const { name: value, directives = [] } of type.values ?? []) {
        const graph = directives.find((each) => each.name.value === 'join__graph');
        graphs.set(String(argumentOf(graph, 'name')), value.value);
      }
    }
    if (type.kind !== Kind.OBJECT_TYPE_DEFINITION) continue;
    for (const join of type.directives?.filter((each) => each.name.value === 'join__type') ?? []) {
      const key = plainFields(argumentOf(join, 'key'));
      const place = `${argumentOf(join, 'graph')} ${name}`;
      // The first: another may be null in some rows, as the credit code of an enterprise.
      if (key && argumentOf(join, 'resolvable') !== false && !keys.has(place)) keys.set(place, key);
    }
    for (const field of type.fields ?? []) {
      const joined = field.directives?.filter((each) => each.name.value === 'join__field') ?? [];
      joins.set(`${name}.${field.name.value}`, joined);
    }
  }
  return {
    keyOf: (subgraph, type) => keys.get(`${graphs.get(subgraph)} ${type}`),
    resolves(subgraph, type, field) {
      const joined = joins.get(`${type}.${field}`);
      if (!joined || joined.length === 0) return joined !== undefined;
      return joined.some(
        (join) =>
          argumentOf(join, 'graph') === graphs.get(subgraph) &&
          argumentOf(join, 'external') !== true &&
          argumentOf(join, 'requires') === undefined,
      );
    },
  };
});

function argumentOf(directive: ConstDirectiveNode | undefined, name: string): string | boolean | undefined {
  const value = directive?.arguments?.find((each) => each.name.value === name)?.value;
  return value && 'value' in value ? value.value : undefined;
}

/** Undefined where the key has fields with fields of their own. */
function plainFields(key: string | boolean | undefined): readonly string[] | undefined {
  if (typeof key !== 'string') return undefined;
  const [definition] = parse(`{${key}}`, { noLocation: true }).definitions;
  if (definition?.kind !== Kind.OPERATION_DEFINITION) return undefined;
  const { selections } = definition.selectionSet;
  const names = selections.flatMap((each) =>
    each.kind === Kind.FIELD && !each.selectionSet ? [each.name.value] : [],
  );
  return names.length === selections.length ? names : undefined;
}
