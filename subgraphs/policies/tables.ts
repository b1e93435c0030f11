import { byPinyin, recordColumns, sharedTables, targetColumns, textIndexes } from '@wenshu/kit/tables.ts';
import { customType, date, index, integer, jsonb, pgSchema, primaryKey, text } from 'drizzle-orm/pg-core';

export const schema = pgSchema('policies');

export const shared = sharedTables(schema);
export const { regions, regionClosure, sources, indicators, links } = shared;

/** Any JSON value, a string too: Drizzle's own `jsonb` would read the region code "370214" as a number. */
const json = customType<{ data: unknown; driverData: unknown }>({
  dataType: () => 'jsonb',
  toDriver: (value) => JSON.stringify(value),
});

export interface ServiceRow {
  nameZh: string;
  nameEn: string | null;
}

export const policies = schema.table(
  'policies',
  {
    ...recordColumns(),
    kind: text().notNull(),
    domain: text().notNull(),
    status: text().notNull(),
    docNo: text('doc_no').unique(),
    /** Null where the source gives only a year. */
    issuedOn: date('issued_on', { mode: 'string' }),
    issuedYear: integer('issued_year'),
    regionCode: text('region_code'),
  },
  (t) => [
    index('policies_name').on(byPinyin(t.nameZh), t.id),
    ...textIndexes('policies_name_zh', t.nameZh),
    ...textIndexes('policies_name_en', t.nameEn),
    ...textIndexes('policies_doc_no', t.docNo),
    index('policies_kind').on(t.kind, t.id),
    index('policies_domain').on(t.domain, t.id),
    index('policies_status').on(t.status, t.id),
    index('policies_issued_on').on(t.issuedOn, t.id),
    index('policies_issued_year').on(t.issuedYear, t.id),
    index('policies_region').on(t.regionCode, t.id),
    index('policies_updated_at').on(t.updatedAt, t.id),
    index('policies_synthetic').on(t.synthetic, t.id),
  ],
);

const policyId = () =>
  text('policy_id')
    .notNull()
    .references(() => policies.id, { onDelete: 'cascade' });

/** No row: no source names an issuer. */
export const policyIssuers = schema.table(
  'policy_issuers',
  { policyId: policyId(), seq: integer().notNull(), ...targetColumns() },
  (t) => [
    primaryKey({ columns: [t.policyId, t.seq] }),
    index('policy_issuers_target').on(t.targetId, t.policyId),
  ],
);

/** The policies that a policy rests on. */
export const policyBases = schema.table(
  'policy_bases',
  {
    policyId: policyId(),
    seq: integer().notNull(),
    basisId: text('basis_id')
      .notNull()
      .references(() => policies.id, { onDelete: 'cascade' }),
  },
  (t) => [
    primaryKey({ columns: [t.policyId, t.seq] }),
    index('policy_bases_basis').on(t.basisId, t.policyId),
  ],
);

/** Whom a policy names, and as what. */
export const policySubjects = schema.table(
  'policy_subjects',
  { policyId: policyId(), seq: integer().notNull(), role: text().notNull(), ...targetColumns() },
  (t) => [
    primaryKey({ columns: [t.policyId, t.seq] }),
    index('policy_subjects_target').on(t.targetId, t.role, t.policyId),
  ],
);

/** No row: the source gives no clauses. */
export const measures = schema.table(
  'measures',
  {
    id: text().primaryKey(),
    policyId: policyId(),
    seq: integer().notNull(),
    titleZh: text('title_zh').notNull(),
    titleEn: text('title_en').notNull(),
    kind: text().notNull(),
    textZh: text('text_zh').notNull(),
    frequency: text(),
    deadline: text(),
    targetGroupZh: text('target_group_zh'),
    quantities: jsonb().$type<Record<string, unknown>>().notNull().default({}),
  },
  (t) => [index('measures_policy').on(t.policyId, t.seq)],
);

export const measureResponsible = schema.table(
  'measure_responsible',
  {
    measureId: text('measure_id')
      .notNull()
      .references(() => measures.id, { onDelete: 'cascade' }),
    seq: integer().notNull(),
    ...targetColumns(),
  },
  (t) => [
    primaryKey({ columns: [t.measureId, t.seq] }),
    index('measure_responsible_target').on(t.targetId, t.measureId),
  ],
);

/** No row: the source states no condition, which is not to say that all are eligible. */
export const policyEligibility = schema.table(
  'policy_eligibility',
  {
    id: text().primaryKey(),
    policyId: policyId(),
    seq: integer().notNull(),
    field: text().notNull(),
    op: text().notNull(),
    value: json().notNull(),
    textZh: text('text_zh').notNull(),
  },
  (t) => [index('policy_eligibility_policy').on(t.policyId, t.seq)],
);

export const agencies = schema.table(
  'agencies',
  {
    ...recordColumns(),
    kind: text().notNull(),
    department: text(),
    parentId: text('parent_id'),
    regionCode: text('region_code'),
    parkId: text('park_id'),
    services: jsonb().$type<ServiceRow[]>().notNull().default([]),
  },
  (t) => [
    index('agencies_name').on(byPinyin(t.nameZh), t.id),
    ...textIndexes('agencies_name_zh', t.nameZh),
    ...textIndexes('agencies_name_en', t.nameEn),
    index('agencies_kind').on(t.kind, t.id),
    index('agencies_department').on(t.department, t.id),
    index('agencies_parent').on(t.parentId, t.id),
    index('agencies_region').on(t.regionCode, t.id),
    index('agencies_park').on(t.parkId, t.id),
    index('agencies_updated_at').on(t.updatedAt, t.id),
    index('agencies_synthetic').on(t.synthetic, t.id),
  ],
);

export type PolicyRow = typeof policies.$inferSelect;
export type MeasureRow = typeof measures.$inferSelect;
export type AgencyRow = typeof agencies.$inferSelect;
