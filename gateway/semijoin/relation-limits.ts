import { defaultsOf } from '../lib/setting.ts';
import { settings } from './settings.ts';

/** Limits of conditions and orders on related data. */
export type RelationLimits = {
  /** Maximum number of keys carried from one subgraph to another, for each condition. */
  readonly maxKeys: number;
  /**
   * Number of keys above which pages are found by looking through the list. Fewer are always carried, because that
   * takes no time.
   */
  readonly fewKeys: number;
  /** Maximum number of relations that a condition leads through. */
  readonly maxDepth: number;
};

export const standardRelationLimits: RelationLimits = {
  ...defaultsOf(settings.relationLimits),
  fewKeys: 2_000,
};
