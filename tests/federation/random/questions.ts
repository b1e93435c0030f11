import fc from 'fast-check';
import {
  type GraphQLCompositeType,
  type GraphQLField,
  type GraphQLSchema,
  getNamedType,
  isCompositeType,
  isObjectType,
  isUnionType,
} from 'graphql';

const depth = 5;

/** Any question that a schema takes. */
export const anyQuestion = (schema: GraphQLSchema): fc.Arbitrary<string> =>
  anySelection(schema, schema.getQueryType() ?? noQueries());

/** Any selection of a type: aliases, arguments, fragments on each type, the same field in several places. */
export const anySelection = (schema: GraphQLSchema, of: GraphQLCompositeType): fc.Arbitrary<string> =>
  fc.gen().map((draw) => {
    const chance = (percent: number) => draw(fc.nat, { max: 99 }) < percent;
    const among = <Item>(items: readonly Item[]) => items[draw(fc.nat, { max: items.length - 1 })] as Item;
    let aliases = 0;

    const selection = (type: GraphQLCompositeType, left: number): string => {
      const parts = Array.from({ length: 1 + draw(fc.nat, { max: 3 }) }, () => part(type, left));
      // Never empty, whatever the parts are.
      return `{ ${['__typename', ...parts.filter((each) => each !== '')].join(' ')} }`;
    };

    const part = (type: GraphQLCompositeType, left: number): string => {
      const isConditional = !isObjectType(type) && (isUnionType(type) || chance(50));
      if (isConditional) {
        const possible = among(schema.getPossibleTypes(type));
        return `... on ${possible.name} ${selection(possible, left)}`;
      }
      if (isUnionType(type)) return '';
      const fields = Object.values(type.getFields()).filter(
        (field) => left > 0 || !isCompositeType(getNamedType(field.type)),
      );
      return fields.length === 0 ? '' : oneField(among(fields), left);
    };

    const oneField = (field: GraphQLField<unknown, unknown>, left: number): string => {
      const given = field.args.filter((arg) => arg.name === 'id' || chance(50)).map(argument);
      // Fields with arguments always go under an alias, so that no two of one name differ.
      const alias = given.length > 0 || chance(20) ? `x${aliases++}: ` : '';
      const args = given.length > 0 ? `(${given.join(', ')})` : '';
      const type = getNamedType(field.type);
      return `${alias}${field.name}${args} ${isCompositeType(type) ? selection(type, left - 1) : ''}`;
    };

    const argument = ({ name }: { name: string }) =>
      ({ id: `id: "p${draw(fc.nat, { max: 4 })}"`, year: `year: ${2020 + draw(fc.nat, { max: 3 })}` })[
        name
      ] ?? `${name}: ${draw(fc.nat, { max: 2 })}`;

    return selection(of, depth);
  });

function noQueries(): never {
  throw new Error('The schema has no queries.');
}
