import {
  type GraphQLInputType,
  type GraphQLSchema,
  getNamedType,
  isInputObjectType,
  isObjectType,
  isRequiredArgument,
} from 'graphql';
import type { Refuse } from './declared-sharing.ts';
import type { NamedRecord, Writable } from './sharing.ts';

/** A record that a change names and the caller could not find. The gateway signs it with the call. */
export type UnknownName = {
  /** The key of the change. */
  readonly key: string;
  /** Where its input has the id, such as `problem.enterpriseId` or `agencyIds.1`. */
  readonly path: string;
  readonly id: string;
};

/** The root field that finds a record of a type, and its argument. */
export type RecordField = { readonly field: string; readonly by: string };

/** Returns the root field that finds a record of a type by its id; undefined if there is none. */
export function recordFieldOf(api: GraphQLSchema, type: string): RecordField | undefined {
  const name = type.charAt(0).toLowerCase() + type.slice(1);
  const field = api.getQueryType()?.getFields()[name];
  const found = field && getNamedType(field.type);
  const [argument, ...more] = (field?.args ?? []).filter(isRequiredArgument);
  if (!isObjectType(found) || found.name !== type || !argument || more.length > 0) return undefined;
  return argument.name in found.getFields() ? { field: name, by: argument.name } : undefined;
}

/** Refuses names that no member of the input holds, or that no root field finds. */
export function checkNames(
  api: GraphQLSchema,
  writable: ReadonlyMap<string, Writable>,
  refuse: Refuse,
): void {
  for (const [coordinate, { names = [] }] of writable) {
    for (const { member, type } of names) {
      if (!holdsIds(api, coordinate, { member, type })) {
        refuse(`${coordinate} names records by input.${member}, but its input has no ids there.`);
      }
      if (!recordFieldOf(api, type)) {
        refuse(`${coordinate} names records of type ${type}, but no root field finds one by its id.`);
      }
    }
  }
}

function holdsIds(api: GraphQLSchema, coordinate: string, { member }: NamedRecord): boolean {
  const mutation = api.getMutationType()?.getFields()[coordinate.replace('Mutation.', '')];
  let type: GraphQLInputType | undefined = mutation?.args.find(({ name }) => name === 'input')?.type;
  for (const name of member.split('.')) {
    const named: GraphQLInputType | undefined = type && getNamedType(type);
    type = isInputObjectType(named) ? named.getFields()[name]?.type : undefined;
  }
  return type !== undefined && getNamedType(type).name === 'ID';
}
