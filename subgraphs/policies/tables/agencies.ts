import { byPinyin, nameIndexes, recordColumns, subjectsTable, textIndexes } from '@wenshu/kit/tables.ts';
import { index, jsonb, text } from 'drizzle-orm/pg-core';
import { schema } from './shared.ts';

export interface ServiceRow {
  nameZh: string;
  nameEn: string | null;
}

export const agencies = schema.table(
  'agencies',
  {
    ...recordColumns(schema),
    kind: text().notNull(),
    department: text(),
    parentId: text('parent_id'),
    regionCode: text('region_code'),
    parkId: text('park_id'),
    services: jsonb().$type<ServiceRow[]>(),
  },
  (t) => [
    index('agencies_name').on(byPinyin(t.nameZh), t.id),
    ...nameIndexes('agencies_name_zh', t),
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

/** Subjects that an agency names, such as its members. */
export const agencySubjects = subjectsTable(schema, 'agency_subjects', () => agencies.id);

export type AgencyRow = typeof agencies.$inferSelect;
