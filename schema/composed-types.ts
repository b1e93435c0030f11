import {
  type DocumentNode,
  type EnumTypeDefinitionNode,
  type FieldDefinitionNode,
  type InputObjectTypeDefinitionNode,
  type InterfaceTypeDefinitionNode,
  Kind,
  type ObjectTypeDefinitionNode,
  type TypeNode,
} from 'graphql';

type OutputType = ObjectTypeDefinitionNode | InterfaceTypeDefinitionNode;

/** The types of a composed document, for the sharing checks. */
export type ComposedTypes = {
  readonly outputs: readonly OutputType[];
  /** Fields of an object or interface type, by name; empty for other types. */
  fieldsOf(typeName: string): ReadonlyMap<string, FieldDefinitionNode>;
  readonly inputs: ReadonlyMap<string, InputObjectTypeDefinitionNode>;
  readonly enums: ReadonlyMap<string, EnumTypeDefinitionNode>;
};

export function composedTypesOf(document: DocumentNode): ComposedTypes {
  const types = document.definitions.filter((each) => !('name' in each && isOfFederation(each.name?.value)));
  const outputs = types.filter(
    (each) => each.kind === Kind.OBJECT_TYPE_DEFINITION || each.kind === Kind.INTERFACE_TYPE_DEFINITION,
  );
  const fields = new Map(
    outputs.map((type) => [
      type.name.value,
      new Map((type.fields ?? []).map((field) => [field.name.value, field])),
    ]),
  );
  const inputs = types.filter((each) => each.kind === Kind.INPUT_OBJECT_TYPE_DEFINITION);
  const enums = types.filter((each) => each.kind === Kind.ENUM_TYPE_DEFINITION);
  return {
    outputs,
    fieldsOf: (typeName) => fields.get(typeName) ?? new Map(),
    inputs: new Map(inputs.map((type) => [type.name.value, type])),
    enums: new Map(enums.map((type) => [type.name.value, type])),
  };
}

/** Returns the name of a type without its lists and non-nulls. */
export const namedType = (type: TypeNode): string =>
  type.kind === Kind.NAMED_TYPE ? type.name.value : namedType(type.type);

const isOfFederation = (name = '') => /^(join|link)__/.test(name);
