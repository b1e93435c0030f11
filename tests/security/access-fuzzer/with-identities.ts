import {
  type DocumentNode,
  isAbstractType,
  Kind,
  parse,
  print,
  type SelectionNode,
  TypeInfo,
  visit,
  visitWithTypeInfo,
} from 'graphql';
import { schema } from './graph.ts';
import type { Question } from './hubs.ts';
import { tables } from './tables.ts';

/** Alias of a row's key. */
export const identityKey = 'zz_key';
/** Alias of a field besides the key: it is null if the row is only referred to and does not exist. */
const presence = 'zz_there';

/** By type: a field that each row has besides its key. */
const fixed: Readonly<Record<string, string>> = { Measure: 'seq', Region: 'level' };

const field = (name: string, alias?: string): SelectionNode => ({
  kind: Kind.FIELD,
  name: { kind: Kind.NAME, value: name },
  ...(alias && { alias: { kind: Kind.NAME, value: alias } }),
});

const telling = (typeName: string): SelectionNode[] => {
  const key = tables[typeName]?.key.replace('t.', '');
  return key ? [field(key, identityKey), field(fixed[typeName] ?? 'synthetic', presence)] : [];
};

const on = (typeName: string): SelectionNode[] => {
  const selections = telling(typeName);
  if (selections.length === 0) return [];
  const typeCondition = {
    kind: Kind.NAMED_TYPE as const,
    name: { kind: Kind.NAME as const, value: typeName },
  };
  return [
    { kind: Kind.INLINE_FRAGMENT, typeCondition, selectionSet: { kind: Kind.SELECTION_SET, selections } },
  ];
};

/** Adds to a question the key of each row, and the type name of values that can have several types. */
export function withIdentities({ query, variables }: Question): Question {
  const types = new TypeInfo(schema);
  const document: DocumentNode = visit(
    parse(query),
    visitWithTypeInfo(types, {
      SelectionSet: {
        leave(node) {
          const type = types.getParentType();
          const more = isAbstractType(type)
            ? [field('__typename'), ...schema.getPossibleTypes(type).flatMap(({ name }) => on(name))]
            : type
              ? telling(type.name)
              : [];
          return more.length > 0 ? { ...node, selections: [...node.selections, ...more] } : undefined;
        },
      },
    }),
  );
  return { query: print(document), variables };
}
