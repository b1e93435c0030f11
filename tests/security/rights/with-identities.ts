import { type DocumentNode, isAbstractType, isObjectType, Kind, parse, print, type SelectionNode, TypeInfo, visit, visitWithTypeInfo } from 'graphql';
import { schema } from './graph.ts';
import type { Question } from './hubs.ts';
import { tables } from './tables.ts';

/** Under this name each row says its key. */
export const identityKey = 'zz_key';

const field = (name: string, alias?: string): SelectionNode => ({
  kind: Kind.FIELD,
  name: { kind: Kind.NAME, value: name },
  ...(alias && { alias: { kind: Kind.NAME, value: alias } }),
});

/** A question that also asks each row for its key, and what could be of several types for its type. */
export function withIdentities({ query, variables }: Question): Question {
  const types = new TypeInfo(schema);
  const document: DocumentNode = visit(
    parse(query),
    visitWithTypeInfo(types, {
      SelectionSet: {
        leave(node) {
          const type = types.getParentType();
          const key = isObjectType(type) ? tables[type.name]?.key.replace('t.', '') : undefined;
          const more = [
            ...(key ? [field(key, identityKey)] : []),
            ...(isAbstractType(type) ? [field('__typename')] : []),
          ];
          return more.length > 0 ? { ...node, selections: [...node.selections, ...more] } : undefined;
        },
      },
    }),
  );
  return { query: print(document), variables };
}
