import {
  type DocumentNode,
  type FieldNode,
  type FragmentDefinitionNode,
  type GraphQLField,
  type GraphQLObjectType,
  type GraphQLResolveInfo,
  type GraphQLSchema,
  Kind,
  type OperationDefinitionNode,
  visit,
} from 'graphql';
import { collectFields, collectSubfields } from 'graphql/execution/collectFields.js';
import { getFieldDef } from 'graphql/execution/execute.js';
import { LRUCache } from 'lru-cache';

type Variables = Readonly<Record<string, unknown>>;

/** A field selected on the objects of one type, anywhere in the answer under the same parent field. */
export interface PlannedField {
  /** Response key. */
  readonly key: string;
  readonly definition: GraphQLField<unknown, unknown>;
  readonly nodes: readonly [FieldNode, ...FieldNode[]];
  readonly parentType: GraphQLObjectType;
  /** The parent field; undefined at the root. */
  readonly parent: PlannedField | undefined;
  readonly selections: Map<GraphQLObjectType, Selection>;
}

/** Selection on the objects of one type. */
export interface Selection {
  readonly fields: readonly PlannedField[];
  /** An empty object of the answer with all keys, in the order of the selection. */
  readonly blank: Readonly<Record<string, null>>;
}

/** A prepared operation. Everything that does not depend on the values of a request is computed once. */
export interface Plan {
  readonly root: Selection;
  selectionOf(field: PlannedField, type: GraphQLObjectType): Selection;
  infoOf(field: PlannedField, variables: Variables): GraphQLResolveInfo;
}

const plans = new WeakMap<OperationDefinitionNode, LRUCache<string, Plan>>();

/** Maximum number of plans of one operation: one for each combination of the variables in `@skip` and `@include`. */
const plansKept = 16;

/** Returns the plan of an operation. It is kept as long as the document. */
export function planOf(
  schema: GraphQLSchema,
  document: DocumentNode,
  operation: OperationDefinitionNode,
  variables: Variables,
): Plan {
  const ofOperation = plans.get(operation) ?? new LRUCache<string, Plan>({ max: plansKept });
  plans.set(operation, ofOperation);
  const combination = decisiveVariables(document)
    .map((name) => variables[name])
    .join();
  let plan = ofOperation.get(combination);
  if (!plan) {
    plan = createPlan(schema, document, operation, variables);
    ofOperation.set(combination, plan);
  }
  return plan;
}

const decisiveKnown = new WeakMap<DocumentNode, readonly string[]>();

/** Returns the variables that decide which fields are selected. */
function decisiveVariables(document: DocumentNode): readonly string[] {
  const known = decisiveKnown.get(document);
  if (known) return known;
  const names = new Set<string>();
  visit(document, {
    Directive: ({ name, arguments: given = [] }) => {
      if (name.value !== 'skip' && name.value !== 'include') return;
      for (const { value } of given) if (value.kind === Kind.VARIABLE) names.add(value.name.value);
    },
  });
  decisiveKnown.set(document, [...names]);
  return [...names];
}

function createPlan(
  schema: GraphQLSchema,
  document: DocumentNode,
  operation: OperationDefinitionNode,
  variables: Variables,
): Plan {
  const fragments = fragmentsOf(document);
  const rootType = schema.getRootType(operation.operation);
  if (!rootType) throw new Error(`The schema has no ${operation.operation}.`);

  const selection = (
    type: GraphQLObjectType,
    nodesByKey: ReadonlyMap<string, readonly FieldNode[]>,
    parent?: PlannedField,
  ): Selection => {
    const fields = [...nodesByKey].map(([key, [first, ...others]]): PlannedField => {
      const definition = first && getFieldDef(schema, type, first);
      if (!definition)
        throw new Error(`${type.name} has no field for ${key}: the document was not validated.`);
      const nodes = [first, ...others] as const;
      return { key, definition, nodes, parentType: type, parent, selections: new Map() };
    });
    return { fields, blank: Object.fromEntries(fields.map(({ key }) => [key, null])) };
  };

  return {
    root: selection(rootType, collectFields(schema, fragments, variables, rootType, operation.selectionSet)),
    selectionOf(field, type) {
      let found = field.selections.get(type);
      if (!found) {
        const nodes = collectSubfields(schema, fragments, variables, type, field.nodes);
        found = selection(type, nodes, field);
        field.selections.set(type, found);
      }
      return found;
    },
    infoOf: ({ definition, nodes, parentType }, variableValues) =>
      ({
        fieldName: definition.name,
        fieldNodes: nodes,
        returnType: definition.type,
        parentType,
        schema,
        fragments,
        operation,
        variableValues,
        // Without `path`: one `info` serves all calls of a resolver, for objects anywhere in the answer.
      }) as unknown as GraphQLResolveInfo,
  };
}

const fragmentsOf = (document: DocumentNode): Record<string, FragmentDefinitionNode> =>
  Object.fromEntries(
    document.definitions
      .filter((definition) => definition.kind === Kind.FRAGMENT_DEFINITION)
      .map((fragment) => [fragment.name.value, fragment]),
  );
