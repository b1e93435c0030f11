import { type ConstDirectiveNode, type DocumentNode, parse, type TypeNode, visit } from 'graphql';

/** Number of rows of a page: the default and the maximum. */
export const defaultPageSize = 20;

/**
 * Adds `@listSize` to every connection, for the cost of a query: `first` or `last` gives the number of rows. All lists are paged in the
 * same way, so it is declared here and not on each list.
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
