import type { Json } from '../lib/json.ts';
import { type Amount, evaluate } from './cost-amount.ts';

/** A list of an operation, with its part of the cost. */
export type ListShare = {
  /** Names in the answer that lead to the list, without those of pages: `parks.enterprises`. */
  readonly path: string;
  /** Cost of the objects of this list, without the lists in them. */
  readonly cost: number;
  /** Part of the cost of the operation, in percent. */
  readonly percent: number;
  /** Number of objects that the list may have in each place. */
  readonly size: number;
  /** The argument that gives the size, such as `first`; undefined when the size is assumed. */
  readonly argument: string | undefined;
};

/** A list while its operation is compiled. */
export type CompiledList = {
  readonly path: string;
  readonly size: Amount;
  /** Names of the arguments that are given and may give the size. */
  readonly sizedBy: readonly string[];
  /** The parts of its cost. */
  readonly parts: Amount[];
};

/**
 * Returns the list with the largest part of the cost; undefined when the operation has no list, or the cost is beyond
 * counting.
 */
export function costliestOf(
  lists: readonly CompiledList[],
  total: Amount,
  variables: Json,
): ListShare | undefined {
  const whole = evaluate(total, variables);
  const costOf = ({ parts }: CompiledList) =>
    parts.reduce<number>((sum, part) => sum + evaluate(part, variables), 0);
  // A fragment that is spread twice names the same list twice.
  const byPath = [...Map.groupBy(lists, ({ path }) => path).values()].map((same) => ({
    list: same[0] as CompiledList,
    cost: same.reduce((sum, each) => sum + costOf(each), 0),
  }));
  const [first, ...others] = byPath;
  if (!first || !Number.isFinite(whole)) return undefined;
  const { list, cost } = others.reduce((most, each) => (each.cost > most.cost ? each : most), first);
  return {
    path: list.path,
    cost: Math.round(cost),
    percent: Math.round((100 * cost) / whole),
    size: evaluate(list.size, variables),
    argument: list.sizedBy[0],
  };
}
