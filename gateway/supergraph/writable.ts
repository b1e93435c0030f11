import { type Writable, writableOf } from '@wenshu/schema/sharing.ts';
import { type DocumentNode, type FieldDefinitionNode, Kind } from 'graphql';
import { memoize } from '../lib/memoize.ts';

/** A mutation field that declares who may make the change. */
export type WritableField = Writable & {
  /** Whether an agency carries it out. The control plane puts its own changes on record itself. */
  readonly isOfAgency: boolean;
};

/** Reads who may make each change, by the name of the mutation field; empty for a supergraph without `@writable`. */
export const readWritable = memoize((supergraph: DocumentNode): ReadonlyMap<string, WritableField> => {
  const mutation = supergraph.definitions.find(
    (each) => each.kind === Kind.OBJECT_TYPE_DEFINITION && each.name.value === 'Mutation',
  );
  const fields = mutation?.kind === Kind.OBJECT_TYPE_DEFINITION ? (mutation.fields ?? []) : [];
  return new Map(
    fields.flatMap((field) => {
      const writable = isDeclared(field) ? writableOf(field) : undefined;
      return writable ? [[field.name.value, { ...writable, isOfAgency: isOfAgency(field) }] as const] : [];
    }),
  );
});

const isDeclared = ({ directives = [] }: FieldDefinitionNode) =>
  directives.some(({ name }) => name.value === 'writable');

const isOfAgency = ({ directives = [] }: FieldDefinitionNode) =>
  !directives.some(
    ({ name, arguments: given = [] }) =>
      name.value === 'join__field' &&
      given.some(({ value }) => value.kind === Kind.ENUM && value.value === 'CONTROL'),
  );
