import {
  type GraphQLField,
  type GraphQLNamedType,
  getNamedType,
  isInterfaceType,
  isLeafType,
  isObjectType,
  isRequiredArgument,
  isUnionType,
} from 'graphql';

/** Every field of a type that needs no argument, to a depth, each under a name of its own where types could clash. */
export function everyField(type: GraphQLNamedType, depth: number): string {
  if (isUnionType(type)) {
    const members = type
      .getTypes()
      .map((member) => `... on ${member.name} { ${everyField(member, Math.min(depth, 0))} }`);
    return `__typename ${members.join(' ')}`;
  }
  if (!isObjectType(type) && !isInterfaceType(type)) return '';
  const isRows = type.name.endsWith('Connection');
  return Object.values(type.getFields())
    .filter((field) => !field.args.some(isRequiredArgument))
    .flatMap((field) => asked(field, type.name, isRows ? depth : depth - 1))
    .join(' ');
}

/** Type that the hub adds to an agency's type, for known callers only. */
const accessLog = 'EnterpriseAccessConnection';

function asked(field: GraphQLField<unknown, unknown>, typeName: string, depth: number): string[] {
  const type = getNamedType(field.type);
  if (type.name === accessLog) return [];
  const name = `${typeName}_${field.name}: ${field.name}`;
  if (isLeafType(type)) return [name];
  if (depth < 0) return [];
  const selection = everyField(type, depth);
  const first = field.args.some((argument) => argument.name === 'first') ? '(first: 3)' : '';
  return selection ? [`${name}${first} { ${selection} }`] : [];
}
