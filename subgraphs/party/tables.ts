import {
  byPinyin,
  honoursTable,
  nameIndexes,
  recordColumns,
  sharedTables,
  subjectsTable,
  targetColumns,
  textIndexes,
} from '@wenshu/kit/tables.ts';
import { workflowTables } from '@wenshu/kit/workflow/tables.ts';
import { type AnyPgColumn, boolean, index, integer, pgSchema, primaryKey, text } from 'drizzle-orm/pg-core';

export const schema = pgSchema('party');

export const shared = sharedTables(schema);
export const { regions, regionClosure, sources, indicators, publishedTotals } = shared;
export const { changes, mutationKeys, dueNotices, sweeps } = workflowTables(schema);

/** The tables of the agency that its workflows share. */
export const agencyTables = {
  changes,
  mutationKeys,
  dueNotices,
  sweeps,
  regionClosure: shared.regionClosure,
};

/** Party organisations. No data about persons is stored. */
export const partyUnits = schema.table(
  'party_units',
  {
    ...recordColumns(schema),
    kind: text().notNull(),
    regionCode: text('region_code'),
    parentId: text('parent_id').references((): AnyPgColumn => partyUnits.id),
    hostId: text('host_id'),
    coverageMode: text('coverage_mode'),
    secretaryModelZh: text('secretary_model_zh'),
  },
  (t) => [
    index('party_units_name').on(byPinyin(t.nameZh), t.id),
    ...nameIndexes('party_units_name_zh', t),
    ...textIndexes('party_units_name_en', t.nameEn),
    index('party_units_kind').on(t.kind, t.id),
    index('party_units_region').on(t.regionCode, t.id),
    index('party_units_parent').on(t.parentId, t.id),
    index('party_units_host').on(t.hostId, t.id),
    index('party_units_coverage_mode').on(t.coverageMode, t.id),
    index('party_units_updated_at').on(t.updatedAt, t.id),
    index('party_units_synthetic').on(t.synthetic, t.id),
  ],
);

export const unitHonours = honoursTable(schema, 'party_unit_honours', () => partyUnits.id);

/** Subjects that a Party organisation names, such as its members. */
export const unitSubjects = subjectsTable(schema, 'party_unit_subjects', () => partyUnits.id);

/** Meetings that a Party organisation has to hold; no row means that no source states any. */
export const meetingRules = schema.table(
  'meeting_rules',
  {
    unitId: text('unit_id')
      .notNull()
      .references(() => partyUnits.id, { onDelete: 'cascade' }),
    seq: integer().notNull(),
    kind: text().notNull(),
    frequency: text(),
    ruleZh: text('rule_zh'),
    alsoZh: text('also_zh'),
  },
  (t) => [primaryKey({ columns: [t.unitId, t.seq] }), index('meeting_rules_kind').on(t.kind, t.unitId)],
);

/** Parks and enterprises that a Party organisation covers, as recorded. */
export const coverages = schema.table(
  'coverages',
  {
    unitId: text('unit_id')
      .notNull()
      .references(() => partyUnits.id, { onDelete: 'cascade' }),
    ...targetColumns(),
  },
  (t) => [
    primaryKey({ columns: [t.unitId, t.targetId] }),
    index('coverages_target').on(t.targetId, t.unitId),
  ],
);

/** Statements of the agency in charge on a park or enterprise, beyond the Party organisations on record. */
export const coverageStatements = schema.table('coverage_statements', {
  targetType: text('target_type').notNull(),
  targetId: text('target_id').primaryKey(),
  /** Region of the park or enterprise, as the agency in charge states it. */
  regionCode: text('region_code'),
  synthetic: boolean().notNull().default(false),
  organisation: text(),
  work: text(),
  mode: text(),
  reasonZh: text('reason_zh'),
  reasonEn: text('reason_en'),
});

export const partyBrands = schema.table(
  'party_brands',
  {
    ...recordColumns(schema),
    regionCode: text('region_code'),
    cultivatedById: text('cultivated_by_id').references(() => partyUnits.id),
    ownerType: text('owner_type').notNull(),
    ownerId: text('owner_id').notNull(),
  },
  (t) => [
    index('party_brands_name').on(byPinyin(t.nameZh), t.id),
    ...nameIndexes('party_brands_name_zh', t),
    ...textIndexes('party_brands_name_en', t.nameEn),
    index('party_brands_region').on(t.regionCode, t.id),
    index('party_brands_cultivated_by').on(t.cultivatedById, t.id),
    index('party_brands_owner').on(t.ownerId, t.id),
    index('party_brands_updated_at').on(t.updatedAt, t.id),
    index('party_brands_synthetic').on(t.synthetic, t.id),
  ],
);

export const brandHonours = honoursTable(schema, 'party_brand_honours', () => partyBrands.id);

export const partyMechanisms = schema.table(
  'party_mechanisms',
  {
    ...recordColumns(schema),
    kind: text().notNull(),
    regionCode: text('region_code'),
    proposedById: text('proposed_by_id').references(() => partyUnits.id),
  },
  (t) => [
    index('party_mechanisms_name').on(byPinyin(t.nameZh), t.id),
    ...nameIndexes('party_mechanisms_name_zh', t),
    ...textIndexes('party_mechanisms_name_en', t.nameEn),
    index('party_mechanisms_kind').on(t.kind, t.id),
    index('party_mechanisms_region').on(t.regionCode, t.id),
    index('party_mechanisms_proposed_by').on(t.proposedById, t.id),
    index('party_mechanisms_updated_at').on(t.updatedAt, t.id),
    index('party_mechanisms_synthetic').on(t.synthetic, t.id),
  ],
);

/** Policies and measures that a mechanism follows. */
export const mechanismSubjects = subjectsTable(schema, 'party_mechanism_subjects', () => partyMechanisms.id);

export type PartyUnitRow = typeof partyUnits.$inferSelect;
export type PartyBrandRow = typeof partyBrands.$inferSelect;
export type PartyMechanismRow = typeof partyMechanisms.$inferSelect;
export type CoverageStatementRow = typeof coverageStatements.$inferSelect;
