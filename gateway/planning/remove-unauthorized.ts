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
import type { Authorization, Denial } from '../request/authorization.ts';
import { responseKeyOf } from './collect-fields.ts';
import { neverEmpty } from './empty-selection.ts';
import { createRowFilters } from './row-filters.ts';
import { fieldsOf, inFragment } from './selections.ts';

type Definition = OperationDefinitionNode | FragmentDefinitionNode;

/** What is left of an operation for one caller, and why each field that is gone for its arguments is gone. */
export type RemovedUnauthorized = {
  readonly definitions: readonly Definition[];
  readonly denials: ReadonlyMap<string, Denial>;
  /** Why each field that may not stand where it does is gone. */
  readonly deniedSelections: ReadonlyMap<FieldNode, Denial>;
  /** Variables of an operation with those that stand for the filters of narrowed lists. */
  withFilters(variables: Json): Json;
};

/**
 * Takes out of an operation what its caller may not see, so that it is never fetched. A field of an
 * interface or union stays for those types behind it whose field the caller may see. A field whose
 * arguments use what is denied (a condition, an order) goes as a whole: its rows would tell. Lists of rows of
 * which some are left out are filtered by that, and what tells such rows is fetched for every row.
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
      // On the way out, because what is put in is visited again on the way in.
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
          selections: [...node.selections, ...tellingRows(types, schema, authorization)],
        }),
    },
  });
  const shown = definitions.map((definition) => visit(definition, visitor));
  const { declareIn, withFilters } = rowFilters;
  return { definitions: shown.map(declareIn), denials, deniedSelections, withFilters };
}

/** Why a field goes; neither where no type behind it has it for the caller. */
/** What tells which rows of a type are left out. */
function tellingRows(types: TypeInfo, schema: GraphQLSchema, authorization: Authorization): SelectionNode[] {
  const type = types.getParentType();
  if (!type) return [];
  const possible = isAbstractType(type) ? schema.getPossibleTypes(type) : [type];
  const telling = possible.flatMap(({ name }) => {
    const denial = authorization.rowDenialOf(name);
    return denial ? [inFragment(fieldsOf(denial.exempt.needs), name)] : [];
  });
  return isAbstractType(type) && telling.length > 0 ? [...fieldsOf('__typename'), ...telling] : telling;
}
