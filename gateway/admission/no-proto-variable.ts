import { GraphQLError, type ValidationRule } from 'graphql';

/**
 * Refuses the variable `$__proto__`. GraphQL allows the name, but graphql-js keeps variables in plain objects and
 * cannot find it again.
 */
export const noProtoVariable: ValidationRule = (context) => ({
  VariableDefinition(node) {
    if (node.variable.name.value !== '__proto__') return;
    context.reportError(
      new GraphQLError('A variable may not have the name "$__proto__". Use another name.', {
        nodes: node,
        extensions: { messageZh: '变量不能名为 "$__proto__"。请换一个名称。' },
      }),
    );
  },
});
