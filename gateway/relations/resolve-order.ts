import type { Json } from '../execution/json.ts';
import type { KeptList } from './relations-of-graph.ts';
import { keysBesides, type Resolving } from './resolve-filter.ts';
import { misused, tooDeep, tooMany } from './unresolved.ts';

/** What a subgraph can order by: a field of its own, or values that it is handed. */
type ResolvedOrder = {
  /** Tells it from other orders, in cursors. */
  readonly name: string;
  readonly direction: unknown;
  readonly order: Json;
};

/**
 * An order by something related, with the values that its rows are compared by. Of a list with more related things than
 * can be carried only those are asked for that belong to rows which meet its filter. Rejects with `Unresolved`.
 */
export async function resolveOrder(
  order: Json,
  list: KeptList,
  resolving: Resolving,
  filter: () => Promise<Json>,
  { path, depth }: { readonly path: string; readonly depth: number },
): Promise<ResolvedOrder> {
  const { relations, calls, maxDepth } = resolving;
  const { field, direction, ...others } = order;
  const [[name, inner] = [], ...more] = Object.entries(others).filter(([, value]) => value != null);
  if (more.length > 0 || (name !== undefined) === (field != null)) {
    throw misused(path, `${path} must name one thing to order by: a field, or something related.`);
  }
  if (name === undefined) return { name: String(field), direction, order: { field, direction } };

  const related = relations.of(list.order, name);
  if (!related) throw new Error(`${list.order}.${name} leads nowhere.`);
  if (direction !== 'ASC') {
    throw misused(`${path}.direction`, `${path}.direction must stand beside the field, in ${path}.${name}.`);
  }
  const here = `${path}.${name}`;
  if (depth >= maxDepth) throw tooDeep(here, maxDepth);
  const { other, link, inverse } = related;
  const ofOther = await resolveOrder(inner as Json, other, resolving, async () => ({}), {
    path: here,
    depth: depth + 1,
  });
  const wanted = { order: ofOther.order, ...(inverse && { link, to: list.rowType }) };
  const valuesAmong = async () => {
    const among = await keysBesides(related, await filter(), resolving);
    return among && calls.values(other, { ...wanted, among });
  };
  const found = (await calls.values(other, wanted)) ?? (await valuesAmong());
  if (!found) throw tooMany(here, calls.limit);
  const { type, keys, values } = found;
  const _related = {
    name: `${name}.${ofOther.name}`,
    ...(!inverse && { link, to: other.rowType }),
    type,
    keys,
    values,
  };
  return {
    name: _related.name,
    direction: ofOther.direction,
    order: { _related, direction: ofOther.direction },
  };
}
