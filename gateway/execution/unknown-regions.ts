import { type KnownCodes, unknownCode } from '@wenshu/schema/unknown-code.ts';
import {
  type FragmentDefinitionNode,
  type GraphQLError,
  GraphQLID,
  type GraphQLInputType,
  type GraphQLSchema,
  getNamedType,
  isInputObjectType,
  type OperationDefinitionNode,
  TypeInfo,
  type ValueNode,
  valueFromAST,
  visit,
  visitWithTypeInfo,
} from 'graphql';
import { isObject, type Json } from '../lib/json.ts';
import { memoize, memoizeByName } from '../lib/memoize.ts';
import type { Operation } from '../planning/operation.ts';

/** Resolves to the regions that there are if the code is none of them; undefined if it is, or if they are not known. */
export type RegionsWithout = (code: string) => Promise<KnownCodes | undefined>;

/** Returns an error for each code of an operation's conditions that no region has. Such a condition would only hide a mistake. */
export type FindUnknownRegions = (operation: Operation, variables: Json) => Promise<readonly GraphQLError[]>;

/** The input of all conditions on a region, and its operators that take a code. */
const condition = 'RegionFilter';
const operators = ['eq', 'in', 'within'] as const;

/** Whether an argument is itself the code of a region. */
const isRegion = (name: string, type: GraphQLInputType) =>
  name === 'region' && getNamedType(type) === GraphQLID;

const kind = { en: 'region', zh: '地区' };

/** An argument that may hold a condition on a region. */
type Argument = { readonly name: string; readonly value: ValueNode; readonly type: GraphQLInputType };

type Code = { readonly path: string; readonly code: string };

export function createFindUnknownRegions(
  schema: GraphQLSchema,
  regionsWithout: RegionsWithout,
): FindUnknownRegions {
  const mayHold = memoizeByName((name) => reaches(schema, name, new Set()));
  const argumentsOf = memoize((operation: Operation) =>
    findArguments(operation, schema, (type) => mayHold(getNamedType(type).name)),
  );
  return async (operation, variables) => {
    const codes = argumentsOf(operation).flatMap(({ name, value, type }) =>
      codesIn(valueFromAST(value, type, variables), type, name),
    );
    const errors = codes.map(async ({ path, code }) => {
      const known = await regionsWithout(code);
      return known ? [unknownCode(path, kind, code, known)] : [];
    });
    return (await Promise.all(errors)).flat();
  };
}

/** Returns whether values of an input type can hold a condition on a region. */
function reaches(schema: GraphQLSchema, name: string, seen: Set<string>): boolean {
  if (name === condition) return true;
  const type = schema.getType(name);
  if (!isInputObjectType(type) || seen.has(name)) return false;
  seen.add(name);
  return Object.values(type.getFields()).some(({ type }) => reaches(schema, getNamedType(type).name, seen));
}

function findArguments(
  { definition, fragments }: Operation,
  schema: GraphQLSchema,
  mayHold: (type: GraphQLInputType) => boolean,
): readonly Argument[] {
  const found: Argument[] = [];
  const types = new TypeInfo(schema);
  const spread = new Set<string>();
  const take = (node: OperationDefinitionNode | FragmentDefinitionNode) =>
    visit(
      node,
      visitWithTypeInfo(types, {
        Argument({ name, value }) {
          const type = types.getArgument()?.type;
          if (type && (mayHold(type) || isRegion(name.value, type)))
            found.push({ name: name.value, value, type });
        },
        FragmentSpread({ name }) {
          if (spread.has(name.value)) return;
          spread.add(name.value);
          pending.push(...fragments.filter((each) => each.name.value === name.value));
        },
      }),
    );
  const pending: (OperationDefinitionNode | FragmentDefinitionNode)[] = [definition];
  for (const node of pending) take(node);
  return found;
}

function codesIn(value: unknown, inputType: GraphQLInputType, path: string): readonly Code[] {
  const type = getNamedType(inputType);
  if (isRegion(path, type)) return value == null ? [] : [{ path, code: String(value) }];
  if (Array.isArray(value)) return value.flatMap((each, i) => codesIn(each, type, `${path}.${i}`));
  if (!isInputObjectType(type) || !isObject(value)) return [];
  if (type.name === condition) {
    return operators.flatMap((operator) =>
      [value[operator] ?? []].flat().map((code) => ({ path: `${path}.${operator}`, code: String(code) })),
    );
  }
  return Object.entries(type.getFields()).flatMap(([name, field]) =>
    codesIn(value[name], field.type, `${path}.${name}`),
  );
}
