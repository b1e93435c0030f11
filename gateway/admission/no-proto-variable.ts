import { GraphQLError, type ValidationRule } from 'graphql';

/**
 * `$__proto__` is a name that GraphQL allows, and the one under which graphql-js, which keeps values of
 * variables in plain objects, never finds them again.
 */
export const noProtoVariable: ValidationRule = (context) => ({
  VariableDefinition(node) {
    if (node.variable.name.value !== '__proto__') return;
    context.reportError(
      new GraphQLError('A variable may not be named "$__proto__": name it otherwise.', { nodes: node }),
    );
  },
});
