import {
  type FieldNode,
  type FragmentDefinitionNode,
  type GraphQLSchema,
  type InlineFragmentNode,
  isAbstractType,
  type OperationDefinitionNode,
  type SelectionNode,
  TypeInfo,
  visit,
  visitWithTypeInfo,
} from 'graphql';
import { seenOf, takenOut } from '../governance/removed-fields.ts';
import type { Json } from '../lib/json.ts';
import type { Authorization } from '../request/authorization.ts';
import type { Denial } from '../request/denial.ts';
import { responseKeyOf } from './collect-fields.ts';
import { neverEmpty } from './empty-selection.ts';
import { createRowFilters } from './row-filters.ts';
import { fieldsOf, inFragment } from './selections.ts';

type Definition = OperationDefinitionNode | FragmentDefinitionNode;

/** The authorized part of an operation, and why fields were removed for their arguments. */
export type RemovedUnauthorized = {
  readonly definitions: readonly Definition[];
  readonly denials: ReadonlyMap<string, Denial>;
  /** Why fields were removed at their places. */
  readonly deniedSelections: ReadonlyMap<FieldNode, Denial>;
  /** Returns the variables of a request and those that hold the row filters of lists. */
  withFilters(variables: Json): Json;
};

/**
 * Removes from an operation what its caller may not see, so that it is never fetched. A field of an interface or
 * union stays for the possible types on which the caller may see it. A field whose arguments use a denied condition
 * or order is removed as a whole, because its rows would disclose it. Lists get a filter that excludes hidden rows,
 * and the fields that the row rules need are fetched for every row.
 */
export function removeUnauthorized(
  definitions: readonly Definition[],
  schema: GraphQLSchema,
  authorization: Authorization,
): RemovedUnauthorized {
  const denials = new Map<string, Denial>();
  const deniedSelections = new Map<FieldNode, Denial>();
  const types = new TypeInfo(schema);
  const rowFilters = createRowFilters(authorization);

  const visitor = visitWithTypeInfo(types, {
    Field: {
      enter(field): null | undefined {
        const reason = takenOut(field, types, schema, authorization);
        if (reason?.byArguments) denials.set(responseKeyOf(field), reason.byArguments);
        if (reason?.bySelection) deniedSelections.set(field, reason.bySelection);
        return reason && null;
      },
      // Runs when the visitor leaves a field, because inserted fields are visited again on the way in.
      leave(asked): FieldNode | InlineFragmentNode {
        const seen = seenOf(asked, types, schema, authorization);
        const field = rowFilters.addRowFilter(asked, types.getFieldDef());
        if (!seen || (seen.isWhole && seen.fetched.every(({ needs }) => needs === undefined))) return field;
        return inFragment(
          seen.fetched.map(({ type, needs }) => inFragment([field, ...fieldsOf(needs)], type)),
        );
      },
    },
    SelectionSet: {
      leave: (node) =>
        neverEmpty({
          ...node,
          selections: [...node.selections, ...ruleFields(types, schema, authorization)],
        }),
    },
  });
  const shown = definitions.map((definition) => visit(definition, visitor));
  const { declareIn, withFilters } = rowFilters;
  return { definitions: shown.map(declareIn), denials, deniedSelections, withFilters };
}

/** Returns the fields that a row rule needs, for a type with hidden rows. */
function ruleFields(types: TypeInfo, schema: GraphQLSchema, authorization: Authorization): SelectionNode[] {
  const type = types.getParentType();
  if (!type) return [];
  const possible = isAbstractType(type) ? schema.getPossibleTypes(type) : [type];
  const needed = possible.flatMap(({ name }) => {
    const denial = authorization.rowDenialOf(name);
    return denial ? [inFragment(fieldsOf(denial.exempt?.needs), name)] : [];
  });
  return isAbstractType(type) && needed.length > 0 ? [...fieldsOf('__typename'), ...needed] : needed;
}
