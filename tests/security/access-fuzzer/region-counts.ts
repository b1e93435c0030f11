import { parse, TypeInfo, visit, visitWithTypeInfo } from 'graphql';
import { schema } from './graph.ts';
import type { Question } from './hubs.ts';
import type { Sight } from './sight.ts';

/**
 * Returns whether a question asks a region for the number of its records of a type that the caller does not see whole.
 * Such a number is a fact of the region (docs/aggregates.md), so that it differs where the hidden records are absent.
 */
export function asksForHiddenCounts({ query }: Question, { rowsOf }: Sight): boolean {
  const types = new TypeInfo(schema);
  let isAsked = false;
  const Field = () => {
    const counted = countedBy(`${types.getParentType()?.name}.${types.getFieldDef()?.name}`);
    if (counted !== undefined && rowsOf(counted) !== 'all') isAsked = true;
  };
  visit(parse(query), visitWithTypeInfo(types, { Field }));
  return isAsked;
}

/** Returns the type that a field of a region counts: `Enterprise` for `Region.enterpriseCount`. */
function countedBy(coordinate: string): string | undefined {
  const [, first, rest] = /^Region\.(\w)(\w*)Count$/.exec(coordinate) ?? [];
  const typeName = first && `${first.toUpperCase()}${rest}`;
  return typeName && schema.getType(typeName) ? typeName : undefined;
}
