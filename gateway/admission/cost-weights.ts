import {
  type ConstDirectiveNode,
  type ConstValueNode,
  type DirectiveNode,
  type DocumentNode,
  type FieldDefinitionNode,
  Kind,
  valueFromASTUntyped,
} from 'graphql';

/** Arguments of `@listSize` on a field. */
export type ListSize = {
  readonly assumedSize: number | undefined;
  readonly slicingArguments: readonly string[];
  /** Fields of the answer that have this size; empty when the field itself is the list. */
  readonly sizedFields: readonly string[];
  readonly requireOneSlicingArgument: boolean;
};

/**
 * Weights from `@cost` and `@listSize` in a supergraph. Keys are coordinates: `Type`, `Type.field`,
 * `Type.field(argument:)`.
 */
export type CostWeights = {
  weightOf(place: string): number | undefined;
  listSizeOf(field: string): ListSize | undefined;
};

/**
 * Reads the weights. https://ibm.github.io/graphql-specs/cost-spec.html, as Apollo Federation carries it into a
 * supergraph: https://www.apollographql.com/docs/graphos/schema-design/federated-schemas/reference/directives#cost
 */
export function readCostWeights(document: DocumentNode): CostWeights {
  const { cost, listSize } = namesOfDirectives(document);
  const weights = new Map<string, number>();
  const listSizes = new Map<string, ListSize>();

  const readWeight = (place: string, directives: readonly DirectiveNode[] = []) => {
    const weight = argumentsOf(directives, cost)?.weight;
    if (typeof weight === 'number') weights.set(place, Math.max(weight, weights.get(place) ?? weight));
  };
  const readField = (owner: string, { name, directives, arguments: given = [] }: FieldDefinitionNode) => {
    const place = `${owner}.${name.value}`;
    readWeight(place, directives);
    const size = argumentsOf(directives, listSize);
    if (size) listSizes.set(place, toListSize(size));
    for (const each of given) readWeight(`${place}(${each.name.value}:)`, each.directives);
  };

  for (const definition of document.definitions) {
    switch (definition.kind) {
      case Kind.OBJECT_TYPE_DEFINITION:
      case Kind.INTERFACE_TYPE_DEFINITION: {
        readWeight(definition.name.value, definition.directives);
        // A field of an interface costs as much as the most expensive field of a type that implements it.
        for (const owner of [definition, ...(definition.interfaces ?? [])]) {
          for (const field of definition.fields ?? []) readField(owner.name.value, field);
        }
        break;
      }
      case Kind.INPUT_OBJECT_TYPE_DEFINITION:
        for (const { name, directives } of definition.fields ?? [])
          readWeight(`${definition.name.value}.${name.value}`, directives);
        break;
      case Kind.SCALAR_TYPE_DEFINITION:
      case Kind.ENUM_TYPE_DEFINITION:
        readWeight(definition.name.value, definition.directives);
        break;
    }
  }
  return {
    weightOf: (place) => weights.get(place),
    listSizeOf: (field) => listSizes.get(field),
  };
}

/**
 * Finds the names of the directives: a supergraph may import them under other names, or not at all.
 * https://specs.apollo.dev/link/v1.0
 */
function namesOfDirectives({ definitions }: DocumentNode) {
  const schema = definitions.find(
    (each) => each.kind === Kind.SCHEMA_DEFINITION || each.kind === Kind.SCHEMA_EXTENSION,
  );
  const link = (schema?.directives ?? [])
    .filter(({ name }) => name.value === 'link')
    .map(valuesOf)
    .find(({ url }) => String(url).startsWith('https://specs.apollo.dev/cost/'));
  const prefix = String(link?.as ?? 'cost');
  const imports: unknown[] = Array.isArray(link?.import) ? link.import : [];
  const imported = (name: string) => {
    const found = imports.find((each) => each === name || (each as { name?: unknown }).name === name);
    return typeof found === 'string' ? found : (found as { as?: string } | undefined)?.as;
  };
  return {
    cost: (imported('@cost') ?? prefix).replace('@', ''),
    listSize: (imported('@listSize') ?? `${prefix}__listSize`).replace('@', ''),
  };
}

type Values = Readonly<Record<string, unknown>>;

const argumentsOf = (directives: readonly DirectiveNode[] = [], name: string): Values | undefined => {
  const directive = directives.find((each) => each.name.value === name);
  return directive && valuesOf(directive);
};

const valuesOf = ({ arguments: given = [] }: DirectiveNode | ConstDirectiveNode): Values =>
  Object.fromEntries(
    given.map(({ name, value }) => [name.value, valueFromASTUntyped(value as ConstValueNode)]),
  );

const toListSize = ({
  assumedSize,
  slicingArguments,
  sizedFields,
  requireOneSlicingArgument,
}: Values): ListSize => ({
  assumedSize: typeof assumedSize === 'number' ? assumedSize : undefined,
  slicingArguments: listOfStrings(slicingArguments),
  sizedFields: listOfStrings(sizedFields),
  requireOneSlicingArgument: requireOneSlicingArgument !== false,
});

const listOfStrings = (value: unknown): string[] => (Array.isArray(value) ? value.map(String) : []);
