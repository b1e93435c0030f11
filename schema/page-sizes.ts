import { type ConstDirectiveNode, type DocumentNode, parse, type TypeNode, visit } from 'graphql';

/** Rows of a page where the caller does not say how many. */
export const defaultPageSize = 20;

/**
 * Says of every page of a connection how many rows it has, for the cost of a query: what `first` or `last`
 * asks for. All lists of the hub are paged alike, so it is said here and not on each of them.
 * https://ibm.github.io/graphql-specs/cost-spec.html#sec-The-List-Size-Directive
 */
export const withPageSizes = (sdl: DocumentNode): DocumentNode =>
  visit(sdl, {
    FieldDefinition(field) {
      const names = field.arguments?.map(({ name }) => name.value) ?? [];
      if (!isConnection(field.type) || !names.includes('first') || !names.includes('last')) return undefined;
      return { ...field, directives: [...(field.directives ?? []), pageSize] };
    },
  });

const isConnection = (type: TypeNode): boolean =>
  type.kind === 'NamedType'
    ? type.name.value.endsWith('Connection')
    : type.kind === 'NonNullType' && isConnection(type.type);

const pageSize = directive(
  `@listSize(
    assumedSize: ${defaultPageSize}
    slicingArguments: ["first", "last"]
    sizedFields: ["nodes", "edges"]
    requireOneSlicingArgument: false
  )`,
);

function directive(text: string): ConstDirectiveNode {
  const [definition] = parse(`scalar Any ${text}`, { noLocation: true }).definitions;
  const found = definition?.kind === 'ScalarTypeDefinition' ? definition.directives?.[0] : undefined;
  if (!found) throw new Error(`${text} is no directive.`);
  return found;
}
