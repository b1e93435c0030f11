import { type Writable, writableOf } from '@wenshu/schema/sharing.ts';
import { type DocumentNode, type FieldDefinitionNode, isTypeDefinitionNode, Kind } from 'graphql';
import { memoize } from '../lib/memoize.ts';
import { listGraphs } from './supergraph.ts';

/** A mutation field that declares who may make the change. */
export type WritableField = Writable & {
  /** Whether an agency carries it out. The control plane puts its own changes on record itself. */
  readonly isOfAgency: boolean;
  /** The subgraph that makes it. */
  readonly subgraph: string;
};

/** Reads who may make each change, by the name of the mutation field; empty for a supergraph without `@writable`. */
export const readWritable = memoize((supergraph: DocumentNode): ReadonlyMap<string, WritableField> => {
  const mutation = supergraph.definitions.find(
    (each) => each.kind === Kind.OBJECT_TYPE_DEFINITION && each.name.value === 'Mutation',
  );
  const fields = mutation?.kind === Kind.OBJECT_TYPE_DEFINITION ? (mutation.fields ?? []) : [];
  const graphs = listGraphs(supergraph.definitions.filter(isTypeDefinitionNode));
  return new Map(
    fields.flatMap((field) => {
      const writable = isDeclared(field) ? writableOf(field) : undefined;
      return writable ? [[field.name.value, { ...writable, ...placeOf(field, graphs) }] as const] : [];
    }),
  );
});

const isDeclared = ({ directives = [] }: FieldDefinitionNode) =>
  directives.some(({ name }) => name.value === 'writable');

/** A field says where it is made, unless the supergraph has one subgraph alone. */
function placeOf({ directives = [] }: FieldDefinitionNode, graphs: ReturnType<typeof listGraphs>) {
  const join = directives.find(({ name }) => name.value === 'join__field');
  const graph = join?.arguments?.find(({ name }) => name.value === 'graph')?.value;
  const value = graph?.kind === Kind.ENUM ? graph.value : undefined;
  const found = graphs.find((each) => each.value === value) ?? graphs[0];
  return { isOfAgency: value !== 'CONTROL', subgraph: found?.name ?? '' };
}
