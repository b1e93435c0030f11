import { type FieldNode, GraphQLError, Kind, type SelectionSetNode } from 'graphql';
import type { ResponsePath } from '../lib/json.ts';
import { responseKeyOf } from '../planning/collect-fields.ts';
import type { PlannedOperation } from '../planning/operation.ts';
import { ExecutionError } from '../request/errors.ts';

/**
 * Converts errors to the caller's names and paths, no deeper than the caller asked. An error of a field that only the
 * plan needs is reported at the object that needs it. Each error is reported once.
 */
export function toResponseErrors(
  errors: readonly GraphQLError[],
  operation: PlannedOperation,
): GraphQLError[] {
  const disclosed = new Map<string, GraphQLError>();
  for (const error of errors) {
    const path = toResponsePath(error.path ?? [], operation);
    const identity = JSON.stringify([path, error.message, error.extensions.code]);
    if (!disclosed.has(identity)) disclosed.set(identity, withPath(error, path));
  }
  return [...disclosed.values()];
}

function toResponsePath(path: ResponsePath, operation: PlannedOperation): ResponsePath {
  const responsePath: (string | number)[] = [];
  let selectionSets: readonly SelectionSetNode[] = [operation.definition.selectionSet];
  for (const segment of path) {
    if (typeof segment === 'string') {
      const fields = selectionSets.flatMap((each) => fieldsNamed(segment, each, operation));
      if (fields.length === 0) break;
      selectionSets = fields.flatMap((field) => field.selectionSet ?? []);
    }
    responsePath.push(
      typeof segment === 'string' ? (operation.responseKeys.get(segment) ?? segment) : segment,
    );
  }
  return responsePath;
}

function fieldsNamed(
  key: string,
  { selections }: SelectionSetNode,
  operation: PlannedOperation,
  spread: ReadonlySet<string> = new Set(),
): FieldNode[] {
  return selections.flatMap((selection) => {
    if (selection.kind === Kind.FIELD) return responseKeyOf(selection) === key ? [selection] : [];
    if (selection.kind === Kind.INLINE_FRAGMENT)
      return fieldsNamed(key, selection.selectionSet, operation, spread);
    const { value: name } = selection.name;
    const fragment = operation.fragments.get(name);
    if (!fragment || spread.has(name)) return [];
    return fieldsNamed(key, fragment.selectionSet, operation, new Set([...spread, name]));
  });
}

/** Returns the same error with another path. */
export function withPath(error: GraphQLError, path: ResponsePath): GraphQLError {
  const { message, extensions } = error;
  if (error instanceof ExecutionError) return new ExecutionError(error.code, message, error.details, path);
  return new GraphQLError(message, { path, extensions });
}
