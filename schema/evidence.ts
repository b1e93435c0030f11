import {
  type DocumentNode,
  type GraphQLSchema,
  getNamedType,
  isInputObjectType,
  isTypeSubTypeOf,
  Kind,
  type OperationDefinitionNode,
  parse,
  typeFromAST,
  validate,
} from 'graphql';
import type { Department } from './caller.ts';
import { type ComposedTypes, namedType } from './composed-types.ts';
import type { Refuse } from './declared-sharing.ts';
import type { Writable } from './sharing.ts';

/** One value of another agency on which a step rests. */
export type Fact = {
  /** Its field, such as `Enterprise.kind`. */
  readonly coordinate: string;
  /** The id of its object, if the query asks for it. */
  readonly id?: string;
  /** The version of its object, if the query asks for it. */
  readonly version?: number;
  readonly value: unknown;
};

/** A fact that could not be had, and the department whose it is. */
export type MissingFact = { readonly coordinate: string; readonly owner?: Department };

/** What a change needs of other agencies. The gateway asked for it before the call, and signed it with the call. */
export type Evidence = {
  /** When it was asked for: ISO 8601. */
  readonly at: string;
  /** The answer of the query. */
  readonly data: unknown;
  /** The same answer, value by value. */
  readonly facts: readonly Fact[];
  /** What could not be had. The change is then not made. */
  readonly missing: readonly MissingFact[];
};

/** Returns the one query that an evidence text is; undefined if it is something else. */
export function evidenceQueryOf(text: string): OperationDefinitionNode | undefined {
  const document = parseQuietly(text);
  const [operation, ...more] = document?.definitions ?? [];
  const isQuery = operation?.kind === Kind.OPERATION_DEFINITION && operation.operation === 'query';
  return isQuery && more.length === 0 ? operation : undefined;
}

function parseQuietly(text: string): DocumentNode | undefined {
  try {
    return parse(text, { noLocation: true });
  } catch {
    return undefined;
  }
}

/** Refuses evidence that the API cannot answer, or whose variables the input of its change does not hold. */
export function checkEvidence(
  api: GraphQLSchema,
  writable: ReadonlyMap<string, Writable>,
  refuse: Refuse,
): void {
  for (const [coordinate, { evidence }] of writable) {
    if (evidence === undefined) continue;
    const query = evidenceQueryOf(evidence);
    if (!query) {
      refuse(`The evidence of ${coordinate} must be one query, without fragments of its own.`);
      continue;
    }
    for (const { message } of validate(api, { kind: Kind.DOCUMENT, definitions: [query] })) {
      refuse(`The evidence of ${coordinate} cannot be asked for: ${message}`);
    }
    for (const problem of unfitVariables(api, coordinate, query)) refuse(problem);
  }
}

function unfitVariables(api: GraphQLSchema, coordinate: string, query: OperationDefinitionNode): string[] {
  const mutation = api.getMutationType()?.getFields()[coordinate.replace('Mutation.', '')];
  const input = mutation?.args.find(({ name }) => name === 'input')?.type;
  const type = input && getNamedType(input);
  const members = isInputObjectType(type) ? type.getFields() : {};
  return (query.variableDefinitions ?? []).flatMap((definition) => {
    const { value: name } = definition.variable.name;
    const member = members[name];
    if (!member) {
      return [
        `The evidence of ${coordinate} has the variable $${name}, but its input has no member of that name.`,
      ];
    }
    const wanted = typeFromAST(api, definition.type as Parameters<typeof typeFromAST>[1]);
    return !wanted || isTypeSubTypeOf(api, member.type, wanted)
      ? []
      : [
          `The evidence of ${coordinate} takes $${name} as ${wanted}, but that member of its input is ${member.type}.`,
        ];
  });
}

/** Returns the type from which a fact of `@standing` is named: that of the field, or the query for a change. */
export const factsBegin = (typeName: string): string => (typeName === 'Mutation' ? 'Query' : typeName);

/** Returns the department that owns a coordinate; for a change, the owner of what it returns. */
export function ownerWith(
  types: ComposedTypes,
  ownerOf: (coordinate: string) => Department | undefined,
): (coordinate: string) => Department | undefined {
  return (coordinate) => {
    const [typeName = '', name = ''] = coordinate.split('.');
    const change = typeName === 'Mutation' ? types.fieldsOf(typeName).get(name) : undefined;
    if (!change) return ownerOf(coordinate);
    const payload = namedType(change.type);
    const owners = [...types.fieldsOf(payload).keys()].map((field) => ownerOf(`${payload}.${field}`));
    return owners.find((owner) => owner !== undefined);
  };
}
