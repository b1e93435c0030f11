import type { GraphQLResolveInfo } from 'graphql';
import { referenceByKey } from '../by-key.ts';
import type { Context } from '../context.ts';
import type { List } from '../list.ts';
import { type ReferenceOf, reference } from '../reference.ts';

/** Gives the entity that a row points to; `null` where nothing of its own has this key. */
export type Refer = <Type extends string>(
  context: Context,
  info: GraphQLResolveInfo,
  type: Type,
  key: string,
) => Promise<ReferenceOf<Type> | null>;

/**
 * Refers to entities from a subgraph that keeps these lists. What it keeps itself it must answer itself, because the
 * gateway takes its fields from here; of anything else it gives the key.
 */
export function createRefer(lists: readonly List[]): Refer {
  const byType = new Map(lists.map((list) => [list.type, list]));
  return async <Type extends string>(context: Context, info: GraphQLResolveInfo, type: Type, key: string) => {
    const list = byType.get(type);
    if (!list) return reference(type, key) as ReferenceOf<Type>;
    const row: unknown = await referenceByKey(context, list, info, key);
    // Where it is hidden there is something in its place, which is no object.
    return (row && typeof row === 'object' ? { ...row, __typename: type } : row) as ReferenceOf<Type> | null;
  };
}
