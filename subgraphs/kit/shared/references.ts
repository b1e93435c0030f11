import type { GraphQLResolveInfo } from 'graphql';
import { referenceByKey } from '../by-key.ts';
import type { Context } from '../context.ts';
import type { List } from '../list.ts';
import { type ReferenceOf, reference } from '../reference.ts';

/** Returns the entity that a row refers to; `null` if this subgraph owns the type but has no such row. */
export type Refer = <Type extends string>(
  context: Context,
  info: GraphQLResolveInfo,
  type: Type,
  key: string,
) => Promise<ReferenceOf<Type> | null>;

/**
 * Creates references for a subgraph with these lists. It resolves its own entities itself, because the gateway takes their fields from
 * here. For other entities it returns the key.
 */
export function createRefer(lists: readonly List[]): Refer {
  const byType = new Map(lists.map((list) => [list.type, list]));
  return async <Type extends string>(context: Context, info: GraphQLResolveInfo, type: Type, key: string) => {
    const list = byType.get(type);
    if (!list) return reference(type, key) as ReferenceOf<Type>;
    const row: unknown = await referenceByKey(context, list, info, key);
    // A hidden row is replaced by a marker that is no object.
    return (row && typeof row === 'object' ? { ...row, __typename: type } : row) as ReferenceOf<Type> | null;
  };
}
