import {
  type ASTNode,
  type DirectiveNode,
  type DocumentNode,
  type FieldNode,
  type FragmentDefinitionNode,
  type FragmentSpreadNode,
  GraphQLError,
  GraphQLIncludeDirective,
  type GraphQLObjectType,
  type GraphQLSchema,
  GraphQLSkipDirective,
  getDirectiveValues,
  getOperationAST,
  type InlineFragmentNode,
  isInterfaceType,
  isObjectType,
  Kind,
  type NamedTypeNode,
  type NameNode,
  type OperationDefinitionNode,
  print,
  type SelectionNode,
  visit,
} from 'graphql';
import type { Json } from '../lib/json.ts';
import { memoize } from '../lib/memoize.ts';
import type { ArgumentFailure } from '../request/argument-failure.ts';
import type { Authorization, EnterpriseDisclosure } from '../request/authorization.ts';
import type { Denial, RowRule } from '../request/denial.ts';
import { type Fragments, fragmentsOf } from '../request/fragments.ts';
import type { RelationsOfGraph } from '../supergraph/relations.ts';
import { collectFields, responseKeyOf } from './collect-fields.ts';
import { discloseEnterprises } from './disclose-enterprises.ts';
import { neverEmpty } from './empty-selection.ts';
import { type LiftedArgument, liftArguments } from './lift-arguments.ts';
import { removeUnauthorized } from './remove-unauthorized.ts';

/** One operation of a document. */
export type Operation = {
  readonly definition: OperationDefinitionNode;
  readonly fragments: readonly FragmentDefinitionNode[];
  /** The variables of `@skip` and `@include`. */
  readonly deciding: readonly string[];
};

/** An operation that is ready to be planned and projected: conditions are decided, and one name means one field. */
export type PlannedOperation = {
  readonly definition: OperationDefinitionNode;
  readonly fragments: Fragments;
  /** The text for the planner; undefined if the gateway knows the whole answer. */
  readonly source: string | undefined;
  /** The fields `__schema` and `__type`, which the gateway answers itself. */
  readonly introspection: readonly FieldNode[];
  /** The caller's names of fields that are planned under another name. */
  readonly responseKeys: ReadonlyMap<string, string>;
  /** Arguments that are resolved for each request and sent to subgraphs as variables. */
  readonly lifted: readonly LiftedArgument[];
  /** Returns the denial of the field `name` of a type, whose data has it under `key`. */
  denialOf(type: string, name: string, key: string): Denial | undefined;
  /** Returns the failure for which a field was removed, by its key in the data or its path of keys. */
  failureOf(key: string, path: string): ArgumentFailure | undefined;
  /** Returns the denial of a field at its place in the operation. */
  denialOfSelection(field: FieldNode): Denial | undefined;
  /** The denials of removed fragments, which have no place in the answer. */
  readonly deniedFragments: readonly Denial[];
  /** Returns the denial of rows of a type that are not exempt. */
  rowDenialOf(type: string): Denial | undefined;
  /** The rows that may be shown; undefined if all may be. */
  readonly shown: ShownRows | undefined;
  /** Returns the caller's variables and the additional ones that the source uses. */
  withFilters(variables: Json): Json;
  /** How the answer discloses enterprises, if they are to be recorded. */
  readonly disclosure: EnterpriseDisclosure | undefined;
};

/** The rows in which an operation may show its data; undefined stands for all rows. */
export type ShownRows = {
  /** Returns the name of a field by its key in the data. */
  nameOf(key: string): string;
  ofRows(type: string): RowRule | undefined;
  ofField(type: string, key: string): RowRule | undefined;
};

export type PrepareOptions = {
  readonly authorization?: Authorization | undefined;
  readonly disclosure?: EnterpriseDisclosure | undefined;
  readonly relations: RelationsOfGraph;
  /** The failures of arguments, by the variable in their place. */
  readonly failures?: ReadonlyMap<string, ArgumentFailure> | undefined;
};

const noFailures: ReadonlyMap<string, ArgumentFailure> = new Map();

export function findOperation(document: DocumentNode, name: string | undefined): Operation | GraphQLError {
  const definition = getOperationAST(document, name);
  if (!definition) {
    return name
      ? new GraphQLError(`Unknown operation named "${name}".`, {
          extensions: { messageZh: `没有名为“${name}”的操作。` },
        })
      : new GraphQLError('Give operationName: the document has several operations.', {
          extensions: { messageZh: '请给出 operationName:文档含有多个操作。' },
        });
  }
  const fragments = document.definitions.filter((each) => each.kind === Kind.FRAGMENT_DEFINITION);
  return { definition, fragments, deciding: decidingVariables([definition, ...fragments]) };
}

function decidingVariables(definitions: readonly ASTNode[]): string[] {
  const names = new Set<string>();
  for (const definition of definitions) {
    visit(definition, {
      Directive(directive) {
        if (!isDecision(directive)) return;
        for (const { value } of directive.arguments ?? []) {
          if (value.kind === Kind.VARIABLE) names.add(value.name.value);
        }
      },
    });
  }
  return [...names].sort();
}

const isDecision = ({ name }: DirectiveNode) => name.value === 'skip' || name.value === 'include';

/**
 * Prepares an operation for the planner. It settles the following, so that no later step has to:
 *
 * - `@skip` and `@include` are decided, and fields that are not asked for are removed.
 * - One name means one field with one set of arguments, everywhere in the operation. A field with an alias or
 *   arguments gets a name of our own. Entities can then be merged by reference, a caller's `id: name` cannot be
 *   mistaken for the key `id`, nor a caller's `price` for the `price(currency: USD)` that a subgraph requires. The
 *   planner never sees conflicting names, on which it would abort the process.
 * - The source does not contain what the caller may not see; `denialOf` gives the reason. Fragments on hidden types
 *   are removed altogether, so that the answer does not disclose whether an object of the type exists at a path.
 * - Arguments that may hold conditions or orders on related data are variables, so that the plan does not depend on
 *   their values. A list with an argument that could not be resolved is not in the source either.
 */
export function prepareOperation(
  { definition, fragments }: Operation,
  schema: GraphQLSchema,
  variables: Json,
  { authorization, disclosure, relations, failures = noFailures }: PrepareOptions,
): PlannedOperation {
  const takesArguments = fieldsWithArguments(schema);
  const names = new Map<string, string>();
  const responseKeys = new Map<string, string>();
  const fieldNames = new Map<string, string>();

  const plannedAlias = (field: FieldNode): NameNode | undefined => {
    if (!field.alias && !takesArguments.has(field.name.value)) return undefined;
    const identity = `${responseKeyOf(field)}:${field.name.value}(${printArguments(field)})`;
    const name = names.get(identity) ?? `_${names.size}_${field.name.value}`;
    names.set(identity, name);
    responseKeys.set(name, responseKeyOf(field));
    fieldNames.set(name, field.name.value);
    return { kind: Kind.NAME, value: name };
  };

  const typeOfFragment = new Map(fragments.map(({ name, typeCondition }) => [name.value, typeCondition]));
  const deniedFragments = new Map<string, Denial>();
  const isDenied = (type: NamedTypeNode | undefined): boolean => {
    const denial = type && authorization?.denialOfFragment?.(type.name.value);
    if (denial) deniedFragments.set(type.name.value, denial);
    return denial !== undefined;
  };

  const enter = (node: SelectionNode) => (isIncluded(node, variables) ? undefined : null);
  const enterFragment = (node: InlineFragmentNode | FragmentSpreadNode) => {
    const type =
      node.kind === Kind.INLINE_FRAGMENT ? node.typeCondition : typeOfFragment.get(node.name.value);
    return isIncluded(node, variables) && !isDenied(type) ? undefined : null;
  };
  const prepare = <Node extends ASTNode>(node: Node): Node =>
    visit(node, {
      Field: {
        enter,
        leave: (field) => ({ ...field, alias: plannedAlias(field), directives: [] }),
      },
      InlineFragment: { enter: enterFragment, leave: (fragment) => ({ ...fragment, directives: [] }) },
      FragmentSpread: { enter: enterFragment, leave: (spread) => ({ ...spread, directives: [] }) },
      SelectionSet: { leave: neverEmpty },
    });

  const planned = prepare(definition);
  const byName = spreadFrom(planned, fragments, prepare);
  const plannedFragments = [...byName.values()];
  const rootType = schema.getRootType(planned.operation);
  if (!rootType) throw new GraphQLError(`The graph has no ${planned.operation}.`);
  const roots = [...collectFields(schema, byName, rootType, [planned.selectionSet]).values()].flat();
  const introspection = roots.filter(isIntrospection);
  const all = [planned, ...plannedFragments];
  const shown = authorization && removeUnauthorized(all, schema, authorization);
  const seen = shown?.definitions ?? all;
  const named = disclosure ? discloseEnterprises(seen, schema, disclosure) : seen;
  const isFilteredByRelated = authorization?.isFilteredByRelated ?? (() => false);
  const lifted = liftArguments(named, schema, relations, failures, isFilteredByRelated);
  return {
    definition: planned,
    fragments: byName,
    source: sourceOf(lifted.definitions, rootType, schema),
    introspection,
    responseKeys,
    lifted: lifted.arguments,
    denialOf: (type, name, key) => shown?.denials.get(key) ?? authorization?.denialOf(`${type}.${name}`),
    failureOf: (key, path) => lifted.failures.get(key) ?? lifted.failures.get(path),
    deniedFragments: [...deniedFragments.values()],
    denialOfSelection: (field) => shown?.deniedSelections.get(field),
    rowDenialOf: (type) => authorization?.rowDenialOf(type),
    shown: authorization && shownRows(authorization, (key) => fieldNames.get(key) ?? key),
    withFilters: shown?.withFilters ?? ((all) => all),
    disclosure,
  };
}

/** The fragments that are spread in a definition or in one of these, by name, as `prepare` makes them. */
function spreadFrom(
  definition: OperationDefinitionNode,
  fragments: readonly FragmentDefinitionNode[],
  prepare: (fragment: FragmentDefinitionNode) => FragmentDefinitionNode,
): Map<string, FragmentDefinitionNode> {
  const byName = fragmentsOf(fragments);
  const spread = new Map<string, FragmentDefinitionNode>();
  const follow = (node: ASTNode): void => {
    visit(node, {
      FragmentSpread({ name: { value: name } }) {
        const fragment = byName.get(name);
        if (!fragment || spread.has(name)) return;
        const prepared = prepare(fragment);
        spread.set(name, prepared);
        follow(prepared);
      },
    });
  };
  follow(definition);
  return spread;
}

const shownRows = (authorization: Authorization, nameOf: ShownRows['nameOf']): ShownRows => ({
  nameOf,
  ofRows: (type) => authorization.rowDenialOf(type)?.exempt,
  ofField(type, key) {
    const denial = authorization.denialOf(`${type}.${nameOf(key)}`);
    // A mask is computed from the value, so the field is read in every row.
    return denial?.mask ? undefined : denial?.exempt;
  },
});

/** Returns the text for the planner; undefined if nothing is left to ask. */
function sourceOf(
  definitions: readonly (OperationDefinitionNode | FragmentDefinitionNode)[],
  rootType: GraphQLObjectType,
  schema: GraphQLSchema,
): string | undefined {
  const operations = definitions.filter((each) => each.kind === Kind.OPERATION_DEFINITION);
  const selectionSets = operations.map(({ selectionSet }) => selectionSet);
  const roots = [...collectFields(schema, fragmentsOf(definitions), rootType, selectionSets).values()].flat();
  const hasData = roots.some((field) => !field.name.value.startsWith('__'));
  return hasData ? definitions.map(forSubgraphs).map(print).join('\n') : undefined;
}

function isIncluded(node: SelectionNode, variables: Json): boolean {
  if (!node.directives?.length) return true;
  return (
    getDirectiveValues(GraphQLSkipDirective, node, variables)?.if !== true &&
    getDirectiveValues(GraphQLIncludeDirective, node, variables)?.if !== false
  );
}

/** Returns the names of fields that take arguments, on any type. */
const fieldsWithArguments = memoize((schema: GraphQLSchema): ReadonlySet<string> => {
  const names = new Set<string>();
  for (const type of Object.values(schema.getTypeMap())) {
    if (!isObjectType(type) && !isInterfaceType(type)) continue;
    for (const field of Object.values(type.getFields())) if (field.args.length > 0) names.add(field.name);
  }
  return names;
});

const printArguments = (field: FieldNode) =>
  (field.arguments ?? [])
    .map((argument) => print(sortFields(argument)))
    .sort()
    .join(', ');

/** Sorts the fields of input objects: `{a: 1, b: 2}` and `{b: 2, a: 1}` are the same argument. */
const sortFields = (node: ASTNode): ASTNode =>
  visit(node, {
    ObjectValue: {
      leave: (value) => ({
        ...value,
        fields: value.fields.toSorted((a, b) => (a.name.value < b.name.value ? -1 : 1)),
      }),
    },
  });

const isIntrospection = (field: FieldNode) =>
  field.name.value === '__schema' || field.name.value === '__type';

/** Removes introspection and aliases of `__typename`, which the planner knows by its own name only. */
const forSubgraphs = <Node extends ASTNode>(node: Node): Node =>
  visit(node, {
    Field: {
      enter(field) {
        if (isIntrospection(field)) return null;
        return field.name.value === '__typename' ? { ...field, alias: undefined } : undefined;
      },
    },
    SelectionSet: { leave: neverEmpty },
  });
