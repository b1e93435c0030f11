import { columnCondition, groupable, idOfType, regionCondition } from '@wenshu/kit/filter.ts';
import { type Condition, defineList } from '@wenshu/kit/list.ts';
import { boolean, type PgColumn, text } from 'drizzle-orm/pg-core';
import { schema, shared } from './tables.ts';

/**
 * A view: what is on record of each park and enterprise. A migration defines it, so this is not among the tables for which migrations are
 * generated.
 */
export const coverageStates = schema.table('coverage_states', {
  targetId: text('target_id').primaryKey(),
  targetType: text('target_type').notNull(),
  /** Region that the records state; the agency that keeps the park or enterprise may know better. */
  regionCode: text('region_code'),
  synthetic: boolean().notNull(),
  organisation: text().notNull(),
  work: text().notNull(),
  mode: text(),
  /** What the agency in charge states; an organisation on record may outdate it. */
  statedOrganisation: text('stated_organisation'),
  reasonZh: text('reason_zh'),
  reasonEn: text('reason_en'),
});

export type CoverageStateRow = typeof coverageStates.$inferSelect;

/** A column that the view computes from two tables, so that no index can serve it. */
const computed = (column: PgColumn): Condition =>
  groupable((input: Readonly<Record<string, unknown>>, path) => columnCondition(column, input, path), {
    values: column,
  });

export const coverageList = defineList({
  type: 'PartyCoverageRecord',
  table: coverageStates,
  id: coverageStates.targetId,
  columns: {
    park: [coverageStates.targetType],
    enterprise: [coverageStates.targetType],
    region: [coverageStates.regionCode],
  },
  filter: {
    target: idOfType(coverageStates.targetId, coverageStates.targetType),
    organisation: computed(coverageStates.organisation),
    work: computed(coverageStates.work),
    mode: computed(coverageStates.mode),
    region: regionCondition(coverageStates.regionCode, shared),
    synthetic: computed(coverageStates.synthetic),
  },
  orderBy: { TARGET: coverageStates.targetId },
});
