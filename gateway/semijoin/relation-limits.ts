import { defaultsOf, type ValuesOf } from '../lib/setting.ts';
import { settings } from './settings.ts';

/** Limits of conditions and orders on related data. */
export type RelationLimits = ValuesOf<typeof settings.relationLimits> & {
  /**
   * Number of keys above which pages are found by looking through the list. Fewer are always carried, because that
   * takes no time.
   */
  readonly fewKeys: number;
};

export const standardRelationLimits: RelationLimits = {
  ...defaultsOf(settings.relationLimits),
  fewKeys: 2_000,
};
