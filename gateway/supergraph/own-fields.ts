import { type ConstDirectiveNode, isTypeDefinitionNode, Kind } from 'graphql';
import { memoize } from '../lib/memoize.ts';
import { argumentOf, listGraphs, plainFieldsOf, type Supergraph } from './supergraph.ts';

/** The fields that a subgraph resolves for an entity from its key alone. */
export type OwnFields = {
  /** The plain key fields by which a subgraph finds entities of a type; undefined if it has no such key. */
  entityKeyOf(subgraph: string, type: string): readonly string[] | undefined;
  /** Whether a subgraph resolves a field itself, from nothing but the key. */
  resolves(subgraph: string, type: string, field: string): boolean;
};

/** Reads the own fields of each supergraph once. */
export const ownFieldsOf = memoize((supergraph: Supergraph): OwnFields => {
  const types = supergraph.document.definitions.filter(isTypeDefinitionNode);
  const graphs = new Map(listGraphs(types).map(({ name, value }) => [name, value]));
  const joins = new Map<string, readonly ConstDirectiveNode[]>();
  for (const type of types) {
    if (type.kind !== Kind.OBJECT_TYPE_DEFINITION) continue;
    for (const field of type.fields ?? []) {
      const joined = field.directives?.filter((each) => each.name.value === 'join__field') ?? [];
      joins.set(`${type.name.value}.${field.name.value}`, joined);
    }
  }
  return {
    // The first key, because another can be null in some rows, such as the credit code of an enterprise.
    entityKeyOf: (subgraph, type) =>
      supergraph
        .keysOf(subgraph, type)
        .map(plainFieldsOf)
        .find((names) => names !== undefined),
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
