import type { ConstDirectiveNode, FieldDefinitionNode } from 'graphql';
import { type ComposedTypes, namedType } from './composed-types.ts';
import { isOutput, type Refuse, type SubgraphDocument } from './declared-sharing.ts';
import { listUses } from './filter-sharing.ts';
import {
  type NamedAgency,
  type RowCondition,
  type RowSharing,
  type TypeSharing,
  typeSharingOf,
} from './sharing.ts';

/**
 * Returns the declarations for rows of types (`@sharingRows`, `@ofEnterprise`, `@namedAgencies`, `@appliesRowFilters`), as they go into the composed graph, with the `@sharing` of
 * the type, which names the owner. Refuses a declaration that names no existing field, no value of the enum, or no owner.
 */
export function rowSharing(
  subgraphs: readonly SubgraphDocument[],
  types: ComposedTypes,
  refuse: Refuse,
): Map<string, readonly ConstDirectiveNode[]> {
  const found = new Map<string, readonly ConstDirectiveNode[]>();
  for (const definition of subgraphs.flatMap(({ document }) => document.definitions.filter(isOutput))) {
    const directives = definition.directives?.filter(isAboutRows) ?? [];
    if (!directives.some(({ name }) => name.value !== 'sharing')) continue;
    const typeName = definition.name.value;
    if (found.has(typeName))
      refuse(`${typeName} has rows with a sharing of their own in two subgraphs: say it in one.`);
    found.set(typeName, directives);
    try {
      listProblems(typeName, typeSharingOf(definition), types).forEach(refuse);
    } catch (error) {
      refuse(`${typeName} says something of its rows that cannot be: ${(error as Error).message}`);
    }
  }
  return found;
}

const isAboutRows = ({ name }: ConstDirectiveNode) =>
  ['sharing', 'sharingRows', 'ofEnterprise', 'namedAgencies', 'appliesRowFilters'].includes(name.value);

function listProblems(
  typeName: string,
  { rows, keeper, enterpriseId, enterpriseWhere = [], named = [], appliesRowFilters }: TypeSharing,
  types: ComposedTypes,
): string[] {
  return [
    ...(rows ? listRowProblems(typeName, rows, keeper !== undefined) : []),
    ...[...(rows?.where ?? []), ...enterpriseWhere].flatMap((condition) =>
      conditionProblem(typeName, condition, types),
    ),
    ...named.flatMap((each) => namedProblem(typeName, each, types)),
    ...(appliesRowFilters ? pageProblem(typeName, types) : []),
    ...(enterpriseId && !leadsToId(typeName, enterpriseId, types)
      ? [
          `${typeName} is of the enterprise at ${enterpriseId.join('.')}, but there is no id of an Enterprise there.`,
        ]
      : []),
  ];
}

function listRowProblems(typeName: string, rows: RowSharing, isKept: boolean): string[] {
  const problems: string[] = [];
  if (!isKept)
    problems.push(
      `${typeName} has @sharingRows without an @sharing beside it, which says whose the rows are.`,
    );
  if (rows.where.length === 0)
    problems.push(`${typeName} has @sharingRows for all its rows: say it in @sharing.`);
  if (rows.class === 'WITHHELD' && !rows.basis) {
    problems.push(
      `${typeName} withholds rows without a basis: only a law lets data be withheld (不予共享). Name it in @sharingRows(basis:).`,
    );
  }
  if (rows.class === 'UNCONDITIONAL' && !rows.jointly) {
    problems.push(
      `${typeName} has @sharingRows that change nothing: name another class, or a department in "jointly".`,
    );
  }
  return problems;
}

function conditionProblem(typeName: string, condition: RowCondition, types: ComposedTypes): string[] {
  const coordinate = `${typeName}.${condition.field}`;
  const field = types.fieldsOf(typeName).get(condition.field);
  if (!isPlain(field, types))
    return [`${coordinate} tells rows apart, but is no plain field without arguments.`];
  if ((condition.in === undefined) === (condition.isNull === undefined)) {
    return [`${coordinate} tells rows apart by neither or both of "in" and "isNull": write one of them.`];
  }
  const values = types.enums.get(namedType(field.type))?.values?.map(({ name }) => name.value);
  if (condition.in && !values) return [`${coordinate} tells rows apart by its values, but is of no enum.`];
  const unknown = condition.in?.filter((value) => !values?.includes(value)) ?? [];
  return unknown.map(
    (value) => `${coordinate} tells rows apart by ${value}, which ${namedType(field.type)} has not.`,
  );
}

function namedProblem(typeName: string, { field, filter }: NamedAgency, types: ComposedTypes): string[] {
  const found = types.fieldsOf(typeName).get(field);
  if (!found || found.arguments?.length || namedType(found.type) !== 'Agency') {
    return [`${typeName}.${field} names no agencies: write a field of type Agency without arguments.`];
  }
  const filters = listUses(types, 'filter').filter(({ rowTypes }) => rowTypes.includes(typeName));
  const taken =
    filter === undefined ||
    filters.some(({ inputName }) =>
      types.inputs.get(inputName)?.fields?.some(({ name }) => name.value === filter),
    );
  return taken ? [] : [`${typeName} has rows that name agencies, but its lists have no filter "${filter}".`];
}

function pageProblem(typeName: string, types: ComposedTypes): string[] {
  const leads = types.outputs.flatMap(({ fields = [] }) =>
    fields.filter(({ type }) => namedType(type) === typeName),
  );
  const isFiltered = leads.some(({ arguments: given = [] }) =>
    given.some(({ name }) => name.value === 'filter'),
  );
  return types.fieldsOf(typeName).has('nodes') && !isFiltered
    ? []
    : [
        `${typeName} has @appliesRowFilters, but is no page of a list without a filter: a list with a filter gets the conditions there.`,
      ];
}

function leadsToId(typeName: string, [name, ...rest]: readonly string[], types: ComposedTypes): boolean {
  const field = types.fieldsOf(typeName).get(name ?? '');
  if (!field || field.arguments?.length) return false;
  return rest.length === 0
    ? typeName === 'Enterprise' && name === 'id'
    : leadsToId(namedType(field.type), rest, types);
}

/** True if a field takes no arguments and holds a scalar or an enum. */
const isPlain = (
  field: FieldDefinitionNode | undefined,
  types: ComposedTypes,
): field is FieldDefinitionNode =>
  field !== undefined && !field.arguments?.length && types.fieldsOf(namedType(field.type)).size === 0;
