import { defaultsOf } from '../lib/setting.ts';
import { settings } from './settings.ts';

/** What a condition or an order on something related may come to. */
export type RelationLimits = {
  /** How many keys may be carried from one subgraph to another for each. */
  readonly maxKeys: number;
  /** How many are carried before pages are looked for in another way: so many take no time. */
  readonly fewKeys: number;
  /** How many relations one may lead over. */
  readonly maxDepth: number;
};

export const standardRelationLimits: RelationLimits = {
  ...defaultsOf(settings.relationLimits),
  fewKeys: 2_000,
};
