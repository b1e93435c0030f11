import { type ExecutionResult, execute, type GraphQLSchema, Kind } from 'graphql';
import type { Json } from '../lib/json.ts';
import type { PlannedOperation } from '../planning/operation.ts';

/** Answers `__schema` and `__type` from the public schema, because subgraphs know only their own part of it. */
export function introspect(
  { definition, fragments, introspection }: PlannedOperation,
  schema: GraphQLSchema,
  variables: Json,
): ExecutionResult {
  const result = execute({
    schema,
    document: {
      kind: Kind.DOCUMENT,
      definitions: [
        { ...definition, selectionSet: { kind: Kind.SELECTION_SET, selections: introspection } },
        ...fragments.values(),
      ],
    },
    variableValues: variables,
  });
  if (result instanceof Promise) throw new Error('Introspection never waits.');
  return result;
}
